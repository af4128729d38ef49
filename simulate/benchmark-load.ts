import { ISOLATION_LOAD } from '../measurement/isolation-load.ts';
import { median } from '../measurement/statistics.ts';
import { type Comparison, compareWithClean } from './compare.ts';
import { DEPLOYED, type Parameters, type SourceSettings } from './parameters.ts';

/** The benchmark measures how many events four environments carry: about 70 a second. */
const EVENTS_PER_SECOND_AND_ENDPOINT = 0.7;
const ENVIRONMENTS = ISOLATION_LOAD.neededEnvironments * ISOLATION_LOAD.headroom;
const HANGING_ENDPOINTS = [1, ISOLATION_LOAD.hanging];
const SEEDS = [1, 2, 3, 4, 5, 6, 7, 8, 9];

/** The default load of `npm run bench:isolation`. */
export const BENCHMARK_LOAD: Parameters = {
  ...DEPLOYED,
  eventsPerSecond: EVENTS_PER_SECOND_AND_ENDPOINT * ISOLATION_LOAD.endpoints,
  endpoints: ISOLATION_LOAD.endpoints,
  hangingShare: ISOLATION_LOAD.hanging / ISOLATION_LOAD.endpoints,
  failingShare: 0,
  // Every response takes the same time.
  answerMedianMs: ISOLATION_LOAD.responseMs,
  answerP99Ms: ISOLATION_LOAD.responseMs,
  dispatch: limited(DEPLOYED.dispatch),
  first: limited(DEPLOYED.first),
  retry: limited(DEPLOYED.retry),
  slow: limited(DEPLOYED.slow),
  settleSeconds: ISOLATION_LOAD.settleSeconds,
  measuredSeconds: ISOLATION_LOAD.measuredSeconds,
};

/** One figure over all seeds. Infinity stands for a time that had not ended at the end of a run. */
export interface Spread {
  readonly median: number;
  readonly lowest: number;
  readonly highest: number;
}

export interface BenchmarkRow {
  readonly endpoints: number;
  readonly eventsPerSecond: number;
  readonly environments: number;
  readonly hangingShare: number;
  readonly onsetSeconds: Spread;
  readonly secondsUntilNoneIsLate: Spread;
  readonly p99OverClean: Spread;
  readonly firstLaneTimeOverClean: Spread;
}

export function createBenchmarkTable(seeds: readonly number[] = SEEDS): BenchmarkRow[] {
  return HANGING_ENDPOINTS.map((hanging) => {
    const hangingShare = hanging / ISOLATION_LOAD.endpoints;
    const comparisons = seeds.map((seed) => compareWithClean({ ...BENCHMARK_LOAD, hangingShare, seed }));
    const spread = (figureOf: (comparison: Comparison) => number): Spread =>
      spreadOf(comparisons.map(figureOf));
    return {
      endpoints: BENCHMARK_LOAD.endpoints,
      eventsPerSecond: BENCHMARK_LOAD.eventsPerSecond,
      environments: ENVIRONMENTS,
      hangingShare,
      onsetSeconds: spread(({ onsetSeconds }) => onsetSeconds),
      secondsUntilNoneIsLate: spread(({ secondsUntilNoneIsLate }) => secondsUntilNoneIsLate),
      p99OverClean: spread(({ p99OverClean }) => p99OverClean),
      firstLaneTimeOverClean: spread(({ firstLaneTimeOverClean }) => firstLaneTimeOverClean),
    };
  });
}

function spreadOf(values: readonly number[]): Spread {
  return { median: median(values), lowest: Math.min(...values), highest: Math.max(...values) };
}

function limited(source: SourceSettings): SourceSettings {
  return { ...source, maxConcurrency: ENVIRONMENTS };
}
