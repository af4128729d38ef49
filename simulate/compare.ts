import { LANES } from '../lambdas/shared/domain/lane.ts';
import { onsetSeconds, secondsUntilNoneIsLate } from '../measurement/onset.ts';
import { sum } from '../measurement/statistics.ts';
import type { Parameters } from './parameters.ts';
import { type Result, secondsOf, simulate } from './simulate.ts';

/** The effect of hanging endpoints on the others: a run with them, compared with the same run without them. */
export interface Comparison {
  readonly clean: Result;
  readonly hanging: Result;
  readonly p99OverClean: number;
  /** The ratio of the first lane's Lambda time for each healthy delivery. */
  readonly firstLaneTimeOverClean: number;
  /** As defined in `measurement/onset.ts`. Infinity when the onset had not ended at the end of the run. */
  readonly onsetSeconds: number;
  /** As defined in `measurement/onset.ts`. Infinity when a delivery was late at the end of the run. */
  readonly secondsUntilNoneIsLate: number;
  /** The longest time from publishing to the POST of a healthy delivery, from the onset on. */
  readonly longestMs: number;
}

/** @param clean a run of the same parameters without hanging endpoints. Default: it is simulated. */
export function compareWithClean(
  parameters: Parameters,
  clean = simulate({ ...parameters, hangingShare: 0 }),
): Comparison {
  const hanging = simulate(parameters);
  const { begin, end } = secondsOf(clean.parameters);
  const cleanLatencies = clean.healthyLatencies.slice(begin, end);
  const latencies = hanging.healthyLatencies.slice(parameters.cleanSeconds);
  return {
    clean,
    hanging,
    p99OverClean: hanging.healthy.p99Ms / clean.healthy.p99Ms,
    firstLaneTimeOverClean: firstLaneSeconds(hanging) / firstLaneSeconds(clean),
    onsetSeconds: onsetSeconds(latencies, cleanLatencies),
    secondsUntilNoneIsLate: secondsUntilNoneIsLate(latencies, cleanLatencies),
    longestMs: latencies.flat().reduce((longest, latency) => Math.max(longest, latency), 0),
  };
}

/** Lambda seconds of the first lane for each healthy delivery. */
export function firstLaneSeconds({ functions, healthy, parameters }: Result): number {
  return (functions.first.meanConcurrency * parameters.measuredSeconds) / healthy.deliveries;
}

/** Lambda seconds of all lanes in the measured time. */
export function lambdaSeconds({ functions, parameters }: Result): number {
  return sum(LANES.map((lane) => functions[lane].meanConcurrency)) * parameters.measuredSeconds;
}
