import { describe, expect, it } from 'vitest';
import { reportOf } from '../../bench/isolation/report.ts';
import type { Run } from '../../bench/isolation/run.ts';

const NONE = { dispatch: 0, first: 0, retry: 0, slow: 0 };

const run = (p99MsBySecond: readonly number[], changes: Partial<Run> = {}): Run => ({
  ...{ deliveries: 100, p50Ms: 500, p99Ms: 600, firstLaneSecondsPerDelivery: 0.1, p99MsBySecond },
  ...{ measuredLambdaSeconds: NONE, totalLambdaSeconds: { ...NONE, first: 10 } },
  ...{ missing: 0, duplicates: 0, problems: [] },
  ...changes,
});
const seconds = (bad: number, good: number): number[] => [
  ...Array.from({ length: bad }, () => 5_000),
  ...Array.from({ length: good }, () => 600),
];
const report = (hung: Run, hangingShare = 0.05, clean = run(seconds(0, 10))) =>
  reportOf({
    ...{ eventsPerSecond: 70, environments: 16, hangingShare },
    pairs: [{ clean, hung }],
  });

describe('the report of the isolation benchmark', () => {
  it('compares the ratios and the onset with their targets', () => {
    const hung = run(seconds(20, 10), { p99Ms: 660, firstLaneSecondsPerDelivery: 0.13 });

    expect(report(hung).rows).toEqual([
      { name: 'p99 over clean', figure: '1.10', target: '<= 1.20', verdict: 'met' },
      {
        name: 'first-lane Lambda seconds per healthy delivery over clean',
        ...{ figure: '1.30', target: '<= 1.20', verdict: 'missed' },
      },
      { name: 'onset at 5 % hanging', figure: '20 s', target: '<= 25 s', verdict: 'met' },
      {
        name: 'Lambda seconds of all functions from the onset on, over clean',
        ...{ figure: '10 / 30', target: '', verdict: '' },
      },
    ]);
  });

  it.each([
    { hangingShare: 0.01, target: '<= 5 s', verdict: 'missed' },
    { hangingShare: 0.2, target: '', verdict: '' },
  ])('has another target for the onset at $hangingShare', ({ hangingShare, target, verdict }) => {
    expect(report(run(seconds(20, 10)), hangingShare).rows[2]).toMatchObject({ target, verdict });
  });

  it('misses the target when the onset does not end', () => {
    expect(report(run(seconds(30, 0))).rows[2]).toMatchObject({ figure: 'did not end', verdict: 'missed' });
  });

  it('fails when a delivery is missing', () => {
    expect(report(run(seconds(0, 10), { missing: 2 })).failures).toEqual([
      'pair 1, hung run: 2 deliveries never arrived',
    ]);
  });

  it('fails when the clean run itself was slow: the machine was busy with other work', () => {
    const slow = run(seconds(0, 10), { p99Ms: 2_001 });

    expect(report(slow, 0.05, slow).failures).toEqual([
      'pair 1, clean run: p99 2001 ms, so the machine was too busy',
    ]);
  });
});
