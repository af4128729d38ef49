import { onsetSeconds, secondsUntilNoneIsLate } from '../../measurement/onset.ts';
import { median, sum } from '../../measurement/statistics.ts';
import type { Run } from './run.ts';

/** The same load without and with hanging endpoints. */
export interface Pair {
  readonly clean: Run;
  readonly hanging: Run;
}

export interface Measured {
  readonly eventsPerSecond: number;
  /** The most environments of each function. */
  readonly environments: number;
  /** The share of the endpoints that hang, 0 to 1. */
  readonly hangingShare: number;
  readonly pairs: readonly Pair[];
}

/** A run with hanging endpoints, compared with the clean run of the same pair. */
export interface Comparison {
  readonly p99Ratio: number;
  /** The ratio of the first lane's Lambda seconds for each healthy delivery. */
  readonly secondsRatio: number;
  /** As defined in `measurement/onset.ts`. Infinity when the onset did not end. */
  readonly onsetSeconds: number;
  /** As defined in `measurement/onset.ts`. Infinity when a delivery was still late at the end. */
  readonly secondsUntilNoneIsLate: number;
  /** Lambda seconds of all functions, from the onset to the end. */
  readonly totalSeconds: number;
  /** The same for a clean run of the same length. */
  readonly totalSecondsIfClean: number;
}

export function compare({ clean, hanging }: Pair): Comparison {
  const cleanTotal = sum(Object.values(clean.totalLambdaSeconds));
  return {
    p99Ratio: hanging.p99Ms / clean.p99Ms,
    secondsRatio: hanging.firstLaneSecondsPerDelivery / clean.firstLaneSecondsPerDelivery,
    onsetSeconds: onsetSeconds(hanging.latenciesMsBySecond, clean.latenciesMsBySecond),
    secondsUntilNoneIsLate: secondsUntilNoneIsLate(hanging.latenciesMsBySecond, clean.latenciesMsBySecond),
    totalSeconds: sum(Object.values(hanging.totalLambdaSeconds)),
    totalSecondsIfClean: (cleanTotal / clean.latenciesMsBySecond.length) * hanging.latenciesMsBySecond.length,
  };
}

/** The median of each figure over all pairs: one run on a busy machine does not change it. */
export function medianOf(comparisons: readonly Comparison[]): Comparison {
  const of = (figure: (comparison: Comparison) => number): number => median(comparisons.map(figure));
  return {
    p99Ratio: of(({ p99Ratio }) => p99Ratio),
    secondsRatio: of(({ secondsRatio }) => secondsRatio),
    onsetSeconds: of(({ onsetSeconds }) => onsetSeconds),
    secondsUntilNoneIsLate: of(({ secondsUntilNoneIsLate }) => secondsUntilNoneIsLate),
    totalSeconds: of(({ totalSeconds }) => totalSeconds),
    totalSecondsIfClean: of(({ totalSecondsIfClean }) => totalSecondsIfClean),
  };
}
