import {
  type Attempt,
  type DeliveryMessage,
  type DeliveryRecord,
  type DeliveryStatus,
  isFinal,
  type SkippedStatus,
} from '../shared/domain/delivery.ts';
import { type DeliveryId, repeatedDeliveryId } from '../shared/domain/ids.ts';
import { delayAfterAttempt } from '../shared/domain/retry-schedule.ts';
import { subscribesTo } from '../shared/domain/subscription.ts';
import type { Webhook } from '../shared/domain/webhook.ts';
import type { DeliveryState } from '../shared/store/read-delivery-states.ts';

/**
 * Time within which an enqueued follow-up is received and attempted, even when the first function that received it was
 * killed: the visibility timeout of its queue, plus the function timeout, which is half of that.
 */
export function followUpMarginMs(visibilityTimeoutSeconds: number): number {
  return visibilityTimeoutSeconds * 1.5 * 1_000;
}

/**
 * Time within which the first attempt of a repeated delivery has ended, counted from its claim: the attempt ends with
 * its invocation, and the message of a killed function is visible again after this time.
 */
export function claimMs(visibilityTimeoutSeconds: number): number {
  return visibilityTimeoutSeconds * 1_000;
}

/** What to do with a message that may have been handled before. */
export type Decision =
  /** `earlier`: the last attempt that is recorded. */
  | { readonly do: 'attempt'; readonly webhook: Webhook; readonly earlier?: Attempt }
  /** The delivery was held, or repeated, and its event was dispatched again: a new delivery with the id `as` repeats it. */
  | { readonly do: 'repeat'; readonly as: DeliveryId }
  /** Nothing remains to be done for this message. */
  | { readonly do: 'acknowledge' }
  /** The attempt failed. Its follow-up may be on a queue or in progress until `until` (milliseconds since 1970). */
  | { readonly do: 'wait'; readonly until: number }
  /** The attempt failed and its follow-up is overdue: continue the delivery, if no other copy does. */
  | { readonly do: 'take_over'; readonly attempt: Attempt; readonly webhook?: Webhook }
  /** The challenge was answered correctly. The webhook may not be active yet. */
  | { readonly do: 'activate' }
  | { readonly do: 'end'; readonly status: SkippedStatus; readonly reason: string };

export interface Situation extends DeliveryState {
  readonly message: DeliveryMessage;
  /** Whether SQS delivers this message for the first time. */
  readonly firstReceipt: boolean;
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly retryDelaysSeconds: readonly number[];
  readonly visibilityTimeoutSeconds: number;
}

/**
 * Decides by the delivery's record, so that exactly one of any number of copies of a message continues the delivery.
 * The difficult case is a failed attempt without a successor: either the copy that recorded it will enqueue the
 * follow-up, or its function was killed. The copy waits until the follow-up is overdue. Then a conditional write
 * selects one copy, which takes over.
 */
export function decide(situation: Situation): Decision {
  const { message, record } = situation;
  if (record === undefined) return decideAttempt(situation);
  if (record.status === 'delivered' && message.kind === 'verification') return { do: 'activate' };
  const repeat = decideRepeat(situation, record);
  if (repeat !== undefined) return repeat;
  if (isTakenOver(message, record)) return { do: 'acknowledge' };
  if (record.attempts.some(({ number }) => number > message.attempt)) return { do: 'acknowledge' };

  const attempt = attemptOf(record, message.attempt);
  if (attempt === undefined) {
    if (isFinal(record.status)) return { do: 'acknowledge' };
    const claimedUntil = claimEndsAt(situation, record);
    return situation.now < claimedUntil ? { do: 'wait', until: claimedUntil } : decideAttempt(situation);
  }
  return decideAfterAttempt(situation, record.status, attempt);
}

/** The message's attempt is recorded, and no later one is. */
function decideAfterAttempt(situation: Situation, status: DeliveryStatus, recorded: Attempt): Decision {
  switch (status) {
    case 'delivered':
    case 'canceled':
    case 'held':
      return { do: 'acknowledge' };
    case 'exhausted':
      // At a first receipt, another message made this attempt and sends the delivery to the exhausted queue.
      return situation.firstReceipt ? { do: 'acknowledge' } : waitOrTakeOver(situation, recorded);
    case 'retrying':
      return waitOrTakeOver(situation, recorded);
  }
}

function waitOrTakeOver(situation: Situation, failed: Attempt): Decision {
  const overdueAt = followUpOverdueAt(failed, situation);
  if (situation.now < overdueAt) return { do: 'wait', until: overdueAt };
  const { webhook } = situation;
  return { do: 'take_over', attempt: failed, ...(isWebhook(webhook) ? { webhook } : {}) };
}

/** Another copy of the message may be making the first attempt until then (milliseconds since 1970). */
function claimEndsAt(
  { message, visibilityTimeoutSeconds }: Situation,
  { claimedAt }: DeliveryRecord,
): number {
  if (message.attempt > 1 || claimedAt === undefined) return 0;
  return claimedAt + claimMs(visibilityTimeoutSeconds);
}

/**
 * A held delivery is final, so that a recovery, a repeated publication and old copies of its message do not send it
 * twice: all of them repeat it under the same new id. An exhausted delivery may have been repeated, and its repeat
 * held. Then the message of the repeat is enqueued again, and its record is found when the message is received.
 */
function decideRepeat({ message, webhook }: Situation, record: DeliveryRecord): Decision | undefined {
  const { status, resentAs, deliveryId } = record;
  const isReleased = message.rerun && isWebhook(webhook) && webhook.status === 'active';
  if (!isReleased) return undefined;
  if (status === 'held') return { do: 'repeat', as: resentAs ?? repeatedDeliveryId(deliveryId) };
  return status === 'exhausted' && resentAs !== undefined ? { do: 'repeat', as: resentAs } : undefined;
}

function attemptOf(record: DeliveryRecord, number: number): Attempt | undefined {
  return record.attempts.find((attempt) => attempt.number === number);
}

/** Whether another copy continues the delivery after the attempt that this message follows. */
function isTakenOver(message: DeliveryMessage, record: DeliveryRecord): boolean {
  if (message.after === undefined) return false;
  const token = attemptOf(record, message.attempt - 1)?.token;
  return token !== undefined && token !== message.after;
}

/** When the follow-up of a failed attempt is certainly lost, in milliseconds since 1970. */
function followUpOverdueAt(
  attempt: Attempt,
  { record, retryDelaysSeconds, visibilityTimeoutSeconds }: Situation,
): number {
  const endedAt = Math.max(attempt.at + attempt.durationMs, attempt.takenAt ?? 0);
  // Absent after the last attempt, and in records that earlier versions wrote.
  const delaySeconds = delayAfterAttempt(retryDelaysSeconds, attempt.number) ?? 0;
  const dueAt = record?.nextAttemptAt ?? endedAt + delaySeconds * 1_000;
  return dueAt + followUpMarginMs(visibilityTimeoutSeconds);
}

function decideAttempt({ message, webhook, record }: Situation): Decision {
  if (webhook === undefined) return { do: 'end', status: 'canceled', reason: 'the webhook was deleted' };
  if (!isWebhook(webhook)) {
    return { do: 'end', status: 'held', reason: 'the webhook could not be read; ask the operator' };
  }
  const last = record?.attempts.at(-1);
  const earlier = last === undefined ? {} : { earlier: last };
  if (message.kind === 'verification') return decideChallenge(message, webhook, earlier);
  if (webhook.status !== 'active') {
    return { do: 'end', status: 'held', reason: `the webhook is ${webhook.status}` };
  }
  if (message.kind === 'event' && !subscribesTo(webhook.events, message.eventType)) {
    const reason = `the webhook no longer subscribes to ${message.eventType}`;
    return { do: 'end', status: 'canceled', reason };
  }
  return { do: 'attempt', webhook, ...earlier };
}

function decideChallenge(
  message: DeliveryMessage,
  webhook: Webhook,
  earlier: { readonly earlier?: Attempt },
): Decision {
  if (webhook.verification?.id === message.eventId) return { do: 'attempt', webhook, ...earlier };
  if (webhook.verifiedBy === message.eventId) return { do: 'acknowledge' };
  return { do: 'end', status: 'canceled', reason: 'a newer verification replaced this one' };
}

function isWebhook(webhook: DeliveryState['webhook']): webhook is Webhook {
  return webhook !== undefined && webhook !== 'unreadable';
}
