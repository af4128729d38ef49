import { describe, expect, it } from 'vitest';
import { BENCHMARK_LOAD, createBenchmarkTable } from '../../simulate/benchmark-load.ts';
import { compareWithClean } from '../../simulate/compare.ts';
import { isolationTables } from '../../simulate/format-isolation.ts';
import { withoutLimits } from '../../simulate/parameters.ts';
import { simulate } from '../../simulate/simulate.ts';

describe("the isolation benchmark's load in the simulator", () => {
  it('has the endpoints, the rate, the environments and the response time of the benchmark', () => {
    expect(BENCHMARK_LOAD).toMatchObject({
      ...{ endpoints: 100, hangingShare: 0.05, eventsPerSecond: 70, answerMedianMs: 500, answerP99Ms: 500 },
      dispatch: { maxConcurrency: 16 },
      first: { maxConcurrency: 16, batchSize: 10 },
      retry: { maxConcurrency: 16 },
      slow: { maxConcurrency: 16, batchSize: 100 },
    });
  });

  it('needs four environments of the first lane when batches are full', () => {
    const { functions } = simulate(
      withoutLimits({
        ...BENCHMARK_LOAD,
        hangingShare: 0,
        first: { ...BENCHMARK_LOAD.first, windowMs: 1_000 },
      }),
    );

    expect(Math.ceil(functions.first.meanConcurrency)).toBe(4);
  });

  it('has no late delivery without hanging endpoints', () => {
    const { onsetSeconds, secondsUntilNoneIsLate } = compareWithClean({ ...BENCHMARK_LOAD, hangingShare: 0 });

    expect([onsetSeconds, secondsUntilNoneIsLate]).toEqual([0, 0]);
  });

  it('gives a row for one and for five hanging endpoints, with the median and the range over all seeds', () => {
    const rows = createBenchmarkTable([1, 2, 3]);
    const comparisons = [1, 2, 3].map((seed) => compareWithClean({ ...BENCHMARK_LOAD, seed }));

    const onsets = comparisons.map(({ onsetSeconds }) => onsetSeconds).toSorted((a, b) => a - b);
    expect(rows.map(({ hangingShare }) => hangingShare)).toEqual([0.01, 0.05]);
    expect(rows[1]?.onsetSeconds).toEqual({ lowest: onsets[0], median: onsets[1], highest: onsets[2] });
  });

  it('is shown with both durations, and with the range where the runs differ', () => {
    const spread = (lowest: number, median: number, highest: number) => ({ lowest, median, highest });
    const table = isolationTables(
      {
        ...{ onsets: [], slowLane: [] },
        benchmarkLoad: [
          {
            ...{ endpoints: 100, eventsPerSecond: 70, environments: 16, hangingShare: 0.05 },
            onsetSeconds: spread(20, 24, 31),
            secondsUntilNoneIsLate: spread(30, 40, Number.POSITIVE_INFINITY),
            p99OverClean: spread(1, 1, 1),
            firstLaneTimeOverClean: spread(1, 1.03, 1.1),
          },
        ],
      },
      'markdown',
    ).get('benchmark-load');

    expect(table?.split('\n').at(-1)).toBe(
      '| 100 | 0.7 | 16 | 5 % | 24 s (20 s to 31 s) | 40 s (30 s to did not end) | 1.00 | 1.03 (1.00 to 1.10) |',
    );
  });
});
