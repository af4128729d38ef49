import type { Attempt, DeliveryRecord } from '../../shared/domain/delivery.ts';
import { type DeliveryId, timeOfDeliveryId } from '../../shared/domain/ids.ts';

/** How the deliveries of a window of time ended. */
export interface WindowSummary {
  /** Milliseconds since 1970: the deliveries of events that were accepted from then on. */
  readonly since: number;
  /** Whether all of the window's deliveries were examined. Otherwise `since` is later than the window's start. */
  readonly complete: boolean;
  readonly delivered: number;
  readonly exhausted: number;
  /** Milliseconds until an answer with any status, by rank. Undefined: no attempt was answered. */
  readonly p50Ms: number | undefined;
  readonly p99Ms: number | undefined;
}

/** An attempt, with its delivery. */
export interface Outcome {
  readonly deliveryId: DeliveryId;
  readonly attempt: Attempt;
}

/**
 * Summarises the deliveries from `start` on (milliseconds since 1970). `records` are newest first. `examinedSince` is
 * the time of the oldest one when there are more. Tests and challenges do not count.
 */
export function summarizeWindow(
  records: readonly DeliveryRecord[],
  start: number,
  examinedSince: number | undefined,
): WindowSummary {
  const complete = examinedSince === undefined || examinedSince < start;
  const since = complete ? start : examinedSince;
  const inWindow = records.filter(
    ({ kind, deliveryId }) => kind === 'event' && timeOfDeliveryId(deliveryId) >= since,
  );
  const durations = inWindow
    .flatMap(({ attempts }) => attempts)
    .filter(({ status }) => status !== undefined)
    .map(({ durationMs }) => durationMs)
    .sort((one, other) => one - other);
  return {
    since,
    complete,
    delivered: inWindow.filter(({ status }) => status === 'delivered').length,
    exhausted: inWindow.filter(({ status }) => status === 'exhausted').length,
    p50Ms: percentile(durations, 50),
    p99Ms: percentile(durations, 99),
  };
}

/** The latest attempt, by its time, that succeeded or failed. Tests and challenges do not count. */
export function lastOutcome(
  records: readonly DeliveryRecord[],
  which: 'success' | 'failure',
): Outcome | undefined {
  let last: Outcome | undefined;
  for (const { kind, deliveryId, attempts } of records) {
    if (kind !== 'event') continue;
    for (const attempt of attempts) {
      const isWanted = (attempt.error === undefined) === (which === 'success');
      if (isWanted && attempt.at > (last?.attempt.at ?? 0)) last = { deliveryId, attempt };
    }
  }
  return last;
}

/** Nearest rank. `sorted` is ascending. */
function percentile(sorted: readonly number[], percent: number): number | undefined {
  return sorted[Math.ceil((percent / 100) * sorted.length) - 1];
}
