import { percentile } from '../lambdas/shared/runtime/percentile.ts';

/**
 * The onset is the time, from the moment at which endpoints begin to hang, during which deliveries to the other
 * endpoints are late. The isolation benchmark and the simulator use these two definitions.
 */

/** A delivery is late above this ratio of its latency to that of a run without hanging endpoints. */
export const MAX_LATENCY_RATIO = 1.2;
/** The share of a second's deliveries that may be late. */
export const MAX_LATE_SHARE = 0.05;
/** The onset has ended when this many consecutive seconds are on time. */
const ON_TIME_SECONDS = 5;

/** Latencies in milliseconds of deliveries to endpoints that do not hang, by the second of publishing. */
export type LatenciesBySecond = readonly (readonly number[])[];

/**
 * Seconds until five consecutive seconds have at most 5 % late deliveries. A delivery is late when its latency is
 * above 1.2 times the clean run's 99th percentile. Infinity when the onset does not end within `hanging`.
 *
 * @param hanging the seconds from the moment at which endpoints begin to hang
 * @param clean the measured seconds of the same load without hanging endpoints
 */
export function onsetSeconds(hanging: LatenciesBySecond, clean: LatenciesBySecond): number {
  const limitMs = MAX_LATENCY_RATIO * percentile(clean.flat(), 0.99);
  return secondsUntilOnTime(hanging, (latenciesMs) => {
    const late = latenciesMs.filter((latencyMs) => latencyMs > limitMs);
    return late.length <= latenciesMs.length * MAX_LATE_SHARE;
  });
}

/**
 * Seconds until five consecutive seconds have a 99th percentile of at most 1.2 times that of a clean second.
 * With fewer than 100 deliveries a second, the 99th percentile is the slowest delivery: no delivery may be late.
 * A clean second is represented by the 90th percentile of the clean seconds' own 99th percentiles. A second
 * without deliveries is not on time. Infinity when the time does not end within `hanging`.
 */
export function secondsUntilNoneIsLate(hanging: LatenciesBySecond, clean: LatenciesBySecond): number {
  const limitMs = MAX_LATENCY_RATIO * percentile(clean.map(p99), 0.9);
  return secondsUntilOnTime(hanging, (latenciesMs) => p99(latenciesMs) <= limitMs);
}

function secondsUntilOnTime(
  seconds: LatenciesBySecond,
  isOnTime: (latenciesMs: readonly number[]) => boolean,
): number {
  const onTime = seconds.map(isOnTime);
  const end = onTime.findIndex((_, second) => {
    const next = onTime.slice(second, second + ON_TIME_SECONDS);
    return next.length === ON_TIME_SECONDS && !next.includes(false);
  });
  return end === -1 ? Number.POSITIVE_INFINITY : end;
}

function p99(latenciesMs: readonly number[]): number {
  return percentile(latenciesMs, 0.99);
}
