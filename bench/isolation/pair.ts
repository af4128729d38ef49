import { median, percentile, sum } from '../../figures/numbers.ts';
import type { Run } from './run.ts';

/** From a minute after the onset, a run may be so much worse than the clean run. */
export const MAX_RATIO = 1.2;
/** The onset is over when so many seconds in a row are as good as the clean run's. */
const GOOD_SECONDS = 5;

export interface Pair {
  readonly clean: Run;
  readonly hung: Run;
}

export interface Measured {
  readonly eventsPerSecond: number;
  /** That each function may have. */
  readonly environments: number;
  /** Of the endpoints, 0 to 1. */
  readonly hangingShare: number;
  readonly pairs: readonly Pair[];
}

/** A run with hanging endpoints, over the clean run beside it. */
export interface Comparison {
  readonly p99Ratio: number;
  /** Of the first lane's Lambda seconds for each healthy delivery. */
  readonly secondsRatio: number;
  /** Infinity where it never ended. */
  readonly onsetSeconds: number;
  /** Of all functions, from the onset to the end, and for the same time without hanging endpoints. */
  readonly totalSeconds: number;
  readonly totalSecondsIfClean: number;
}

export function compare({ clean, hung }: Pair): Comparison {
  const cleanTotal = sum(Object.values(clean.totalLambdaSeconds));
  return {
    p99Ratio: hung.p99Ms / clean.p99Ms,
    secondsRatio: hung.firstLaneSecondsPerDelivery / clean.firstLaneSecondsPerDelivery,
    onsetSeconds: onsetSeconds(clean, hung),
    totalSeconds: sum(Object.values(hung.totalLambdaSeconds)),
    totalSecondsIfClean: (cleanTotal / clean.p99MsBySecond.length) * hung.p99MsBySecond.length,
  };
}

/** Each figure's median over all pairs, which one disturbed run does not change. */
export function overall(comparisons: readonly Comparison[]): Comparison {
  const of = (figure: (comparison: Comparison) => number): number => median(comparisons.map(figure));
  return {
    p99Ratio: of(({ p99Ratio }) => p99Ratio),
    secondsRatio: of(({ secondsRatio }) => secondsRatio),
    onsetSeconds: of(({ onsetSeconds }) => onsetSeconds),
    totalSeconds: of(({ totalSeconds }) => totalSeconds),
    totalSecondsIfClean: of(({ totalSecondsIfClean }) => totalSecondsIfClean),
  };
}

/**
 * Until the deliveries of a second are as quick as those of a clean run's second. One second has few
 * deliveries, so its 99th percentile is compared with the 90th percentile of the clean seconds' own, not with
 * that of the whole clean run.
 */
function onsetSeconds(clean: Run, hung: Run): number {
  const limitMs = MAX_RATIO * percentile(clean.p99MsBySecond, 0.9);
  const end = hung.p99MsBySecond.findIndex((_, second) =>
    hung.p99MsBySecond.slice(second, second + GOOD_SECONDS).every((p99Ms) => p99Ms <= limitMs),
  );
  return end < 0 ? Number.POSITIVE_INFINITY : end;
}
