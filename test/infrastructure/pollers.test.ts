import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { type Pollers, readPollers } from '../../lib/shared/pollers.ts';
import { synthesize } from './synthesize.ts';

describe("the first lane's provisioned pollers", () => {
  it('replace the maximum concurrency of the first lane, and of no other source', () => {
    const { sources } = synthesize({ firstLanePollers: { minimum: 2, maximum: 30 } });

    const [first] = sources('first');
    expect(first).toMatchObject({ ProvisionedPollerConfig: { MinimumPollers: 2, MaximumPollers: 30 } });
    expect(first).not.toHaveProperty('ScalingConfig');
    for (const source of [...sources('retry'), ...sources('slow'), ...sources('dispatch-event')]) {
      expect(source).not.toHaveProperty('ProvisionedPollerConfig');
      expect(source).toHaveProperty('ScalingConfig');
    }
  });

  it('are not configured by default', () => {
    const { sources } = synthesize();

    expect(sources('first')[0]).toMatchObject({ ScalingConfig: { MaximumConcurrency: 300 } });
    expect(sources('first')[0]).not.toHaveProperty('ProvisionedPollerConfig');
  });

  it('may be as many as CloudFormation allows', () => {
    const { sources } = synthesize({ firstLanePollers: { minimum: 200, maximum: 2_000 } });

    expect(sources('first')[0]).toMatchObject({
      ProvisionedPollerConfig: { MinimumPollers: 200, MaximumPollers: 2_000 },
    });
  });

  it('are refused together with a maximum concurrency of the first lane', () => {
    expect(() =>
      synthesize({ firstLanePollers: { minimum: 2, maximum: 30 }, concurrency: { first: 300 } }),
    ).toThrow('firstLanePollers and concurrency.first are both given');
    expect(() =>
      synthesize({ firstLanePollers: { minimum: 2, maximum: 30 }, concurrency: { slow: 50 } }),
    ).not.toThrow();
  });

  it('each count as ten invocations of the quota', () => {
    const warnings = (maximum: number) =>
      Annotations.fromStack(synthesize({ firstLanePollers: { minimum: 2, maximum } }).stack).findWarning(
        '*',
        Match.stringLikeRegexp('functions at once'),
      );

    expect(warnings(58)).toEqual([]);
    expect(warnings(59).map(({ entry }) => String(entry.data))).toEqual([
      expect.stringContaining('may invoke 1000 functions at once'),
    ]);
  });

  it.each([
    [{ minimum: 1, maximum: 9 }, 'minimum is 1'],
    [{ minimum: 201, maximum: 300 }, 'minimum is 201'],
    [{ minimum: 9, maximum: 8 }, 'maximum is 8'],
    [{ minimum: 2, maximum: 2_001 }, 'maximum is 2001'],
    [{ minimum: 2 }, 'maximum is undefined'],
    [{ minimum: '2', maximum: 9 }, 'minimum is "2"'],
    [{ minimum: 2, maximum: 9, most: 9 }, '"most" is neither of them'],
    [[], 'it is []'],
  ])('are refused as %j [FAULT-33]', (pollers, problem) => {
    expect(() => readPollers(pollers as Pollers, undefined)).toThrow(
      `firstLanePollers: ${problem}; expected: an object with minimum, a whole number from 2 to 200, and maximum, from minimum to 2000`,
    );
  });
});
