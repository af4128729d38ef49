import type { Attempt, DeliveryMessage, DeliveryRecord, DeliveryStatus } from './delivery.ts';
import { delayAfterAttempt } from './schedule.ts';
import type { Webhook } from './webhook.ts';

/** A follow-up that is this late is taken for lost and enqueued again. */
const OVERDUE_MS = 60_000;

/** What to do with a message that may have been handled before. */
export type Plan =
  | { readonly do: 'attempt'; readonly webhook: Webhook }
  /** It was handled, and what follows from it is on its way or not needed. */
  | { readonly do: 'acknowledge' }
  /** Its attempt failed and was recorded a moment ago, by another copy that may go on or may have died. */
  | { readonly do: 'wait' }
  /** Its attempt failed and is recorded, but what follows may never have been enqueued. */
  | { readonly do: 'follow_up'; readonly attempt: Attempt }
  /** A challenge that was answered; the webhook may not know yet. */
  | { readonly do: 'activate' }
  | { readonly do: 'end'; readonly status: 'held' | 'canceled'; readonly reason: string };

export interface Situation {
  readonly message: DeliveryMessage;
  /** As it is now; `unreadable` when its item does not parse. */
  readonly webhook: Webhook | 'unreadable' | undefined;
  readonly record: DeliveryRecord | undefined;
  /** Whether SQS hands this message out for the second time or more. */
  readonly redelivered: boolean;
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly retryDelaysSeconds: readonly number[];
}

/**
 * Decides by what is recorded: of any number of copies, one goes on. None is dropped on the word of another that
 * has not yet shown what follows: that other may have died, and its message be gone.
 */
export function planDelivery(situation: Situation): Plan {
  const { message, record } = situation;
  if (record?.status === 'delivered') {
    return message.kind === 'verification' ? { do: 'activate' } : { do: 'acknowledge' };
  }
  if (record !== undefined && isHandled(record, message.attempt)) return { do: 'acknowledge' };
  const recorded = record?.attempts.find(({ number }) => number === message.attempt);
  if (recorded !== undefined) {
    return needsFollowUp(situation, recorded) ? { do: 'follow_up', attempt: recorded } : { do: 'wait' };
  }
  return planAttempt(situation);
}

function isHandled(record: DeliveryRecord, attempt: number): boolean {
  if (record.status === 'canceled') return true;
  if (record.attempts.some(({ number }) => number > attempt)) return true;
  const attempted = record.attempts.some(({ number }) => number === attempt);
  // A held delivery whose attempt was never made may still be made: its webhook may be active again.
  const ended: readonly DeliveryStatus[] = attempted ? ['held'] : ['exhausted'];
  return ended.includes(record.status);
}

function needsFollowUp(situation: Situation, recorded: Attempt): boolean {
  if (situation.redelivered) return true;
  const delaySeconds = delayAfterAttempt(situation.retryDelaysSeconds, recorded.number) ?? 0;
  const due = recorded.at + recorded.durationMs + delaySeconds * 1000;
  return situation.now > due + OVERDUE_MS;
}

function planAttempt({ message, webhook }: Situation): Plan {
  if (webhook === undefined) return { do: 'end', status: 'canceled', reason: 'the webhook was deleted' };
  if (webhook === 'unreadable') {
    return { do: 'end', status: 'held', reason: 'the webhook could not be read; ask the operator' };
  }
  if (message.kind === 'verification') {
    if (webhook.verification?.id === message.eventId) return { do: 'attempt', webhook };
    if (webhook.verifiedBy === message.eventId) return { do: 'acknowledge' };
    return { do: 'end', status: 'canceled', reason: 'a newer verification replaced this one' };
  }
  if (webhook.status === 'active') return { do: 'attempt', webhook };
  return { do: 'end', status: 'held', reason: `the webhook is ${webhook.status}` };
}
