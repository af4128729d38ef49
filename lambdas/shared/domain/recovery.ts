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
  /** Milliseconds since 1970: the deliveries of events that were accepted from then … */
  readonly since: number;
  /** … and before that. */
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
  /** Of the enqueued ones, those that have ended so far. */
  readonly delivered: number;
  readonly failed: number;
  /** Failed ones since the last delivered one. */
  readonly failedInRow: number;
  /** The last repeated delivery whose result was counted. */
  readonly countedTo?: DeliveryId;
  /** Milliseconds since 1970 of the last count. */
  readonly countedAt?: number;
  /** Milliseconds since 1970. */
  readonly endedAt?: number;
}

/** Whether a recovery of these statuses repeats the delivery. Of several repeats, only the last can be repeated. */
export function isRecoverable(record: DeliveryRecord, statuses: readonly RecoverableStatus[]): boolean {
  return (
    record.kind === 'event' &&
    record.resentAs === undefined &&
    statuses.some((status) => status === record.status)
  );
}

/** Whether this recovery enqueued its repeat before, and was interrupted before it had noted so. */
export function isRepeatedBy(record: DeliveryRecord, recoveryId: RecoveryId): boolean {
  return record.resentBy === recoveryId && record.resentAs === repeatedDeliveryId(record.deliveryId);
}
