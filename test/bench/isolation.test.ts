import { describe, expect, it } from 'vitest';
import { formatIsolation, reportOf } from '../../bench/isolation/report.ts';
import type { Run } from '../../bench/isolation/run.ts';

const NONE = { dispatch: 0, first: 0, retry: 0, slow: 0 };
const ONSET = 'onset: until at most 5 % are late (over 1.2 × clean p99)';
const UNTIL_NONE_IS_LATE = 'seconds until no delivery is late';

const run = (latenciesMsBySecond: readonly (readonly number[])[], changes: Partial<Run> = {}): Run => ({
  ...{ deliveries: 100, p50Ms: 500, p99Ms: 600, firstLaneSecondsPerDelivery: 0.1, latenciesMsBySecond },
  ...{ measuredLambdaSeconds: NONE, totalLambdaSeconds: { ...NONE, first: 10 } },
  ...{ missing: 0, duplicates: 0, problems: [] },
  ...changes,
});

/** Seconds with 50 deliveries each, of which `late` are late. */
const seconds = (count: number, late = 0): number[][] =>
  Array.from({ length: count }, () =>
    Array.from({ length: 50 }, (_, delivery) => (delivery < late ? 5_000 : 600)),
  );

/** All deliveries are late in the first seconds, one of fifty in the next ones, and none in the last ten. */
const hangingRun = (allLate: number, oneLate: number, changes: Partial<Run> = {}): Run =>
  run([...seconds(allLate, 50), ...seconds(oneLate, 1), ...seconds(10)], changes);

const report = (hanging: Run, hangingShare = 0.05, clean = run(seconds(10))) =>
  reportOf({
    ...{ eventsPerSecond: 70, environments: 16, hangingShare },
    pairs: [{ clean, hanging }],
  });

const rowOf = ({ rows }: ReturnType<typeof report>, name: string) =>
  rows.find((row) => row.name.startsWith(name));

describe('the report of the isolation benchmark', () => {
  it('compares the ratios and both durations with their targets', () => {
    const hanging = hangingRun(20, 7, { p99Ms: 660, firstLaneSecondsPerDelivery: 0.13 });

    expect(report(hanging).rows).toEqual([
      { name: 'p99 over clean', figure: '1.10', target: '<= 1.20', verdict: 'pass' },
      {
        name: 'first-lane Lambda seconds per healthy delivery over clean',
        ...{ figure: '1.30', target: '<= 1.20', verdict: 'miss' },
      },
      { name: `${ONSET}, at 5 % hanging`, figure: '20 s', target: '<= 25 s', verdict: 'pass' },
      {
        name: `${UNTIL_NONE_IS_LATE}, at 5 % hanging`,
        ...{ figure: '27 s', target: '<= 25 s', verdict: 'miss' },
      },
      {
        name: 'Lambda seconds of all functions from the onset on, over clean',
        ...{ figure: '10 / 37', target: '', verdict: '' },
      },
    ]);
  });

  it.each([
    { hangingShare: 0.01, target: '<= 5 s', verdict: 'miss' },
    { hangingShare: 0.2, target: '', verdict: '' },
  ])('has another target for the onset at $hangingShare', ({ hangingShare, target, verdict }) => {
    const { rows } = report(hangingRun(20, 0), hangingShare);

    expect([rows[2], rows[3]]).toMatchObject([
      { target, verdict },
      { target, verdict },
    ]);
  });

  it('misses both targets when the onset does not end', () => {
    const endless = report(run(seconds(30, 50)));

    for (const name of [ONSET, UNTIL_NONE_IS_LATE]) {
      expect(rowOf(endless, name)).toMatchObject({ figure: 'did not end', verdict: 'miss' });
    }
  });

  it('prints both durations of every pair', () => {
    const lines = formatIsolation(report(hangingRun(20, 7))).split('\n');

    const cellsOf = (name: string) => lines.find((line) => line.startsWith(`${name}  `))?.split(/ {2,}/);
    expect([cellsOf(ONSET), cellsOf(UNTIL_NONE_IS_LATE)]).toEqual([
      [ONSET, '20 s'],
      [UNTIL_NONE_IS_LATE, '27 s'],
    ]);
  });

  it('fails when a delivery is missing', () => {
    expect(report(run(seconds(10), { missing: 2 })).failures).toEqual([
      'pair 1, hanging run: 2 deliveries never arrived',
    ]);
  });

  it('fails when the clean run itself was slow: other programs kept the machine busy', () => {
    const slow = run(seconds(10), { p99Ms: 2_001 });

    expect(report(slow, 0.05, slow).failures).toEqual([
      'pair 1, clean run: p99 2001 ms: the machine was too busy',
    ]);
  });
});
