import { sum } from '../figures/numbers.ts';
import { LANE_NAMES, type Parameters } from './parameters.ts';
import { type Result, simulate } from './simulate.ts';

/** A second belongs to the onset when more than this share of its healthy deliveries is late … */
const LATE_SHARE = 0.05;
/** … by so much over the 99th percentile without hanging endpoints. */
const LATE_FACTOR = 1.2;
/** The onset is over when so many seconds in a row do not belong to it. */
const CALM_SECONDS = 5;

/** The effect of hanging endpoints on the others: a run with them over the same run without. */
export interface Comparison {
  readonly clean: Result;
  readonly hanging: Result;
  readonly p99OverClean: number;
  /** Lambda time of the first lane for each healthy delivery. */
  readonly firstLaneTimeOverClean: number;
  /** How long the healthy ones were late; absent when they still were at the end. */
  readonly onsetSeconds?: number;
  /** Of the healthy ones from the onset on, from publishing to the POST. */
  readonly longestMs: number;
}

/** `clean` is a run of the same parameters without hanging endpoints, where there is one already. */
export function compareWithClean(
  parameters: Parameters,
  clean = simulate({ ...parameters, hangingShare: 0 }),
): Comparison {
  const hanging = simulate(parameters);
  const onsetSeconds = onsetOf(hanging, clean.healthy.p99Ms);
  return {
    clean,
    hanging,
    p99OverClean: hanging.healthy.p99Ms / clean.healthy.p99Ms,
    firstLaneTimeOverClean: firstLaneSeconds(hanging) / firstLaneSeconds(clean),
    ...(onsetSeconds === undefined ? {} : { onsetSeconds }),
    longestMs: longestOf(hanging.healthyLatencies.slice(parameters.cleanSeconds)),
  };
}

/** Seconds of the first lane's environments in use for each healthy delivery. */
export function firstLaneSeconds({ functions, healthy, parameters }: Result): number {
  return (functions.first.meanConcurrency * parameters.measuredSeconds) / healthy.deliveries;
}

/** Seconds that all lanes' environments were in use, in the measured time. */
export function lambdaSeconds({ functions, parameters }: Result): number {
  return sum(LANE_NAMES.map((lane) => functions[lane].meanConcurrency)) * parameters.measuredSeconds;
}

function onsetOf({ parameters, healthyLatencies }: Result, cleanP99Ms: number): number | undefined {
  const isLate = (latencies: readonly number[]): boolean =>
    latencies.filter((latency) => latency > cleanP99Ms * LATE_FACTOR).length > latencies.length * LATE_SHARE;
  const late = healthyLatencies.slice(parameters.cleanSeconds).map(isLate);
  const calmAt = late.findIndex((_, second) => {
    const next = late.slice(second, second + CALM_SECONDS);
    return next.length === CALM_SECONDS && !next.includes(true);
  });
  return calmAt === -1 ? undefined : calmAt;
}

function longestOf(latencies: readonly (readonly number[])[]): number {
  return latencies.flat().reduce((longest, latency) => Math.max(longest, latency), 0);
}
