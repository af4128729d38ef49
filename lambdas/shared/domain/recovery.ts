import type { DeliveryRecord } from './delivery.ts';
import {
  type AccountId,
  type DeliveryId,
  type RecoveryId,
  repeatedDeliveryId,
  type WebhookId,
} from './ids.ts';

/** The deliveries that a recovery repeats. */
export const RECOVERABLE_STATUSES = ['exhausted', 'held'] as const;
export type RecoverableStatus = (typeof RECOVERABLE_STATUSES)[number];

/**
 * - `running`: deliveries are still enqueued, or their results are still counted
 * - `done`: all are enqueued, and have ended or were counted for an hour
 * - `stopped`: by a customer, or for `reason`
 */
export const RECOVERY_STATES = ['running', 'done', 'stopped'] as const;
export type RecoveryState = (typeof RECOVERY_STATES)[number];

/** A background job that repeats a webhook's deliveries of a range of time, oldest first. */
export interface Recovery {
  readonly id: RecoveryId;
  readonly accountId: AccountId;
  readonly webhookId: WebhookId;
  /** Milliseconds since 1970. Deliveries that began later are not repeated, so a recovery does not repeat its own. */
  readonly createdAt: number;
  /** Milliseconds since 1970. Deliveries of events that were accepted at this time or later are repeated. */
  readonly since: number;
  /** Milliseconds since 1970. Deliveries of events that were accepted at this time or later are not repeated. */
  readonly until: number;
  readonly statuses: readonly RecoverableStatus[];
  /** Deliveries a second. It is halved while more than half of them fail. */
  readonly rate: number;
  readonly state: RecoveryState;
  /** Why it was stopped. */
  readonly reason?: string;
  /** The last delivery that was examined. Absent: none yet. */
  readonly cursor?: DeliveryId;
  /** Deliveries of the given statuses so far. */
  readonly found: number;
  readonly enqueued: number;
  /** Found, but the event has expired. */
  readonly expired: number;
  /** Milliseconds since 1970 at which the last one was enqueued. Absent: not yet. */
  readonly allEnqueuedAt?: number;
  /** Enqueued deliveries that have succeeded so far. */
  readonly delivered: number;
  /** Enqueued deliveries that have failed so far. */
  readonly failed: number;
  /** Failed ones since the last delivered one. */
  readonly failedInRow: number;
  /** The last delivery up to which results were counted. */
  readonly countedTo?: DeliveryId;
  /** Milliseconds since 1970 of the last count. */
  readonly countedAt?: number;
  /** Milliseconds since 1970 before which no step begins, also when the recovery has several messages. */
  readonly nextStepAt?: number;
  /** Milliseconds since 1970. */
  readonly endedAt?: number;
}

/** The fields that decide which deliveries a recovery repeats. */
export type RecoveryRule = Pick<Recovery, 'statuses' | 'createdAt'>;

/** Whether a recovery repeats the delivery. Of several repeats of one delivery, only the last can be repeated. */
export function isRecoverable(record: DeliveryRecord, rule: RecoveryRule): boolean {
  return record.resentAs === undefined && isOfRecovery(record, rule);
}

/**
 * A resend marks a delivery before it enqueues the repeat. Where its function was killed in between, there is no record
 * of the repeat, and a recovery enqueues it. A deterministic repeat is enqueued before the mark.
 */
export function mayLackItsRepeat(record: DeliveryRecord, rule: RecoveryRule): boolean {
  const { resentAs, deliveryId } = record;
  return resentAs !== undefined && resentAs !== repeatedDeliveryId(deliveryId) && isOfRecovery(record, rule);
}

/** Repeats keep the time in their id, so a recovery also reads its own repeats. They began after it was created. */
function isOfRecovery(record: DeliveryRecord, { statuses, createdAt }: RecoveryRule): boolean {
  const beganBefore = record.startedAt === undefined || record.startedAt < createdAt;
  return record.kind === 'event' && beganBefore && statuses.some((status) => status === record.status);
}

/** Whether this recovery enqueued the repeat, perhaps in a step that was interrupted before it stored its progress. */
export function isRepeatedBy(record: DeliveryRecord, recoveryId: RecoveryId): boolean {
  return record.resentBy === recoveryId;
}
