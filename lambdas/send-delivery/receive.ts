import type { DeliveryMessage } from '../shared/domain/delivery.ts';
import { repeatedDeliveryId } from '../shared/domain/ids.ts';
import { decodeMessage } from '../shared/domain/message.ts';
import { maxAttempts } from '../shared/domain/schedule.ts';
import type { ReceivedMessage } from './ports.ts';

/**
 * A first attempt with a younger signature is sent without a read. For an older one, the webhook may have changed or
 * may be marked slow by now.
 */
export const FRESH_MS = 2_000;

/** A first receipt older than this belongs to a late invocation: other consumers may hold the message by now. */
const LATE_MS = 60_000;

export interface ReceivedDelivery {
  readonly kind: 'delivery';
  readonly from: ReceivedMessage;
  readonly message: DeliveryMessage;
  /** Whether the message can be sent without a read. */
  readonly fresh: boolean;
}

export type Received =
  | ReceivedDelivery
  | { readonly kind: 'unreadable'; readonly from: ReceivedMessage; readonly reason: string }
  | { readonly kind: 'unknown_version'; readonly from: ReceivedMessage; readonly reason: string }
  /** The same attempt is in this batch already. */
  | { readonly kind: 'duplicate'; readonly from: ReceivedMessage };

/** Decodes the messages of a batch. `now` is in milliseconds since 1970. */
export function receiveBatch(
  batch: readonly ReceivedMessage[],
  retryDelaysSeconds: readonly number[],
  now: number,
): Received[] {
  const seen = new Set<string>();
  return batch.map((from): Received => {
    const decoded = decodeMessage(from.body);
    if (!decoded.ok) return { kind: decoded.why, from, reason: decoded.reason };
    const message = decoded.message.exhausted
      ? redriven(decoded.message, retryDelaysSeconds, now)
      : decoded.message;
    const attempt = `${message.deliveryId} ${message.attempt}`;
    if (seen.has(attempt)) return { kind: 'duplicate', from };
    seen.add(attempt);
    return { kind: 'delivery', from, message, fresh: isFresh(message, from, now) };
  });
}

/**
 * Whether other consumers may have received a message since, so that its visibility must be extended before it is
 * sent. Lambda may invoke a function long after it received the batch.
 */
export function isLate({ receiveCount, firstReceivedAt }: ReceivedMessage, now: number): boolean {
  return receiveCount > 1 || now - firstReceivedAt > LATE_MS;
}

function isFresh(message: DeliveryMessage, from: ReceivedMessage, now: number): boolean {
  return (
    message.attempt === 1 &&
    !message.rerun &&
    message.resendOf === undefined &&
    !isLate(from, now) &&
    Math.abs(now - message.signed.signedAt) < FRESH_MS
  );
}

/** An exhausted message that was moved back to a lane is a new delivery: it names the old one and starts over. */
function redriven(
  message: DeliveryMessage,
  retryDelaysSeconds: readonly number[],
  now: number,
): DeliveryMessage {
  const { exhausted: _, after: __, ...rest } = message;
  return {
    ...rest,
    deliveryId: repeatedDeliveryId(message.deliveryId),
    resendOf: message.deliveryId,
    trigger: 'redrive',
    startedAt: now,
    attempt: 1,
    maxAttempts: Math.min(message.maxAttempts, maxAttempts(retryDelaysSeconds)),
    history: [],
  };
}
