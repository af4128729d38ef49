import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { Stack } from 'aws-cdk-lib/core';
import { describe, expect, it } from 'vitest';
import { MAX_RETRIES } from '../../lib/shared/check-retry-delays.ts';
import {
  CONCURRENCY,
  type Concurrency,
  readConcurrency,
  totalConcurrency,
} from '../../lib/shared/concurrency.ts';
import { WebhookFanout, type WebhookFanoutProps } from '../../lib/webhook-fanout.ts';
import { createApp, synthesize } from './synthesize.ts';

function warningsOf(props: WebhookFanoutProps): string[] {
  const stack = new Stack(createApp(), 'Busy');
  new WebhookFanout(stack, 'Fanout', props);
  const warnings = Annotations.fromStack(stack).findWarning('*', Match.stringLikeRegexp('functions at once'));
  return warnings.map(({ entry }) => String(entry.data));
}

describe('the concurrency of the event sources', () => {
  it('is 650 with the default schedule, and below 1,000 with the longest schedule', () => {
    expect(CONCURRENCY).toEqual({ first: 300, retry: 50, slow: 100, dispatch: 100 });
    expect(totalConcurrency(CONCURRENCY, 3)).toBe(650);
    expect(totalConcurrency(CONCURRENCY, MAX_RETRIES)).toBeLessThan(1_000);
    expect(warningsOf({})).toEqual([]);
  });

  it('has its defaults where the operator gave no value', () => {
    const { resources } = synthesize({ concurrency: { first: 600, slow: 7, dispatch: 20 } });

    const maxima = resources('AWS::Lambda::EventSourceMapping').map(
      ({ ScalingConfig }) => ScalingConfig.MaximumConcurrency,
    );
    expect(maxima.toSorted((a, b) => a - b)).toEqual([7, 20, 50, 50, 50, 600]);
  });

  it('keeps the default of a lane that is set to undefined', () => {
    // Only a caller in JavaScript, or with a less strict compiler, can pass this.
    const concurrency = { first: undefined, slow: 7 } as unknown as Partial<Concurrency>;

    expect(readConcurrency(concurrency)).toEqual({ slow: 7 });
  });

  it.each([
    [{ first: 1 }, 'concurrency.first is 1'],
    [{ first: 1_001 }, 'concurrency.first is 1001'],
    [{ retry: 2.5 }, 'concurrency.retry is 2.5'],
    [{ slow: Number.NaN }, 'concurrency.slow is null'],
    [{ dispatch: '100' }, 'concurrency.dispatch is "100"'],
    [{ parked: 10 }, '"parked" is not one of them'],
    [{ toString: 5 }, '"toString" is not one of them'],
    [[], 'it is []'],
    [5, 'it is 5'],
  ])('refuses %j, and states what is allowed [FAULT-33]', (concurrency, problem) => {
    const read = () => readConcurrency(concurrency as Partial<Concurrency>);

    expect(read).toThrow(
      `concurrency: ${problem}; allowed are whole numbers from 2 to 1000 for any of first, retry, slow, dispatch`,
    );
  });

  it("causes a warning when the account's quota must be increased first", () => {
    expect(warningsOf({ concurrency: { first: 649 } })).toEqual([]);
    expect(warningsOf({ concurrency: { first: 650 } })).toEqual([
      expect.stringContaining('1000 functions at once'),
    ]);
  });
});
