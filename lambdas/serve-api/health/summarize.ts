import type { Attempt, AttemptError, DeliveryRecord } from '../../shared/domain/delivery.ts';
import { type DeliveryId, timeOfDeliveryId } from '../../shared/domain/ids.ts';
import { isRecoverable, RECOVERABLE_STATUSES } from '../../shared/domain/recovery.ts';
import { percentile } from '../../shared/runtime/percentile.ts';

const HOUR_MS = 3_600_000;

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
    .map(({ durationMs }) => durationMs);
  const percentileMs = (share: number) => (durations.length === 0 ? undefined : percentile(durations, share));
  return {
    since,
    complete,
    delivered: inWindow.filter(({ status }) => status === 'delivered').length,
    exhausted: inWindow.filter(({ status }) => status === 'exhausted').length,
    p50Ms: percentileMs(0.5),
    p99Ms: percentileMs(0.99),
  };
}

/** The deliveries of events that were accepted in one hour. */
export interface HourSummary {
  /** Milliseconds since 1970: a whole hour, UTC. */
  readonly start: number;
  readonly delivered: number;
  readonly retrying: number;
  readonly exhausted: number;
  /** Held deliveries that were not repeated. */
  readonly held: number;
  /** Failed attempts of all these deliveries. A class without any is absent. */
  readonly failedAttempts: Readonly<Partial<Record<AttemptError, number>>>;
}

/**
 * The hours from `since` until `now` (milliseconds since 1970), the oldest first, those without deliveries included.
 * Deliveries from before `since`, tests and challenges do not count.
 */
export function summarizeHours(
  records: readonly DeliveryRecord[],
  since: number,
  now: number,
): readonly HourSummary[] {
  const first = Math.floor(since / HOUR_MS);
  const count = Math.floor(now / HOUR_MS) - first + 1;
  const hours = Array.from({ length: count }, (_, index) => ({
    start: (first + index) * HOUR_MS,
    ...{ delivered: 0, retrying: 0, exhausted: 0, held: 0, canceled: 0 },
    failedAttempts: {} as Partial<Record<AttemptError, number>>,
  }));
  for (const { kind, deliveryId, status, attempts, resentAs } of records) {
    const time = timeOfDeliveryId(deliveryId);
    const hour = hours[Math.floor(time / HOUR_MS) - first];
    if (kind !== 'event' || time < since || hour === undefined) continue;
    if (status !== 'held' || resentAs === undefined) hour[status]++;
    for (const { error } of attempts) {
      if (error !== undefined) hour.failedAttempts[error] = (hour.failedAttempts[error] ?? 0) + 1;
    }
  }
  return hours;
}

/** The deliveries that a recovery would repeat. */
export interface RecoverableSummary {
  readonly held: number;
  readonly exhausted: number;
  /** Milliseconds since 1970: when the event of the oldest one was accepted. Undefined: there is none. */
  readonly since: number | undefined;
}

/** `records` are newest first. */
export function summarizeRecoverable(records: readonly DeliveryRecord[]): RecoverableSummary {
  const recoverable = records.filter(isRecoverableNow);
  const oldest = recoverable.at(-1);
  return {
    held: recoverable.filter(({ status }) => status === 'held').length,
    exhausted: recoverable.filter(({ status }) => status === 'exhausted').length,
    since: oldest === undefined ? undefined : timeOfDeliveryId(oldest.deliveryId),
  };
}

/** Whether a recovery that is created now would repeat the delivery. */
export function isRecoverableNow(record: DeliveryRecord): boolean {
  return isRecoverable(record, { statuses: RECOVERABLE_STATUSES, createdAt: Number.POSITIVE_INFINITY });
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
      const isMatch = (attempt.error === undefined) === (which === 'success');
      if (isMatch && attempt.at > (last?.attempt.at ?? 0)) last = { deliveryId, attempt };
    }
  }
  return last;
}
