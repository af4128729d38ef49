import type { DeliveryMessage } from '../shared/domain/delivery.ts';
import { redrivenDeliveryId } from '../shared/domain/ids.ts';
import { decodeMessage } from '../shared/domain/message.ts';
import { maxAttempts } from '../shared/domain/schedule.ts';
import type { ReceivedMessage } from './ports.ts';

/**
 * A signature younger than this goes out as the dispatcher made it, without a read. Older messages stood in
 * a backlog, and what was learned meanwhile (the webhook hangs, is disabled, is gone) is worth a read.
 */
export const FRESH_SECONDS = 10;

export interface ReceivedDelivery {
  readonly kind: 'delivery';
  readonly from: ReceivedMessage;
  readonly message: DeliveryMessage;
  /** First attempt, first run, first receipt, young signature: it can be sent without a read. */
  readonly fresh: boolean;
}

export type Received =
  | ReceivedDelivery
  | { readonly kind: 'poison'; readonly from: ReceivedMessage; readonly reason: string }
  /** Another copy of it is in the same batch: it comes back when that one has long been settled. */
  | { readonly kind: 'copy'; readonly from: ReceivedMessage };

export function readBatch(
  batch: readonly ReceivedMessage[],
  retryDelaysSeconds: readonly number[],
  now: number,
): Received[] {
  const seen = new Set<string>();
  return batch.map((from): Received => {
    const decoded = decodeMessage(from.body);
    if (!decoded.ok) return { kind: 'poison', from, reason: decoded.reason };
    const message = decoded.message.exhausted
      ? redriven(decoded.message, retryDelaysSeconds)
      : decoded.message;
    const copy = `${message.deliveryId} ${message.attempt}`;
    if (seen.has(copy)) return { kind: 'copy', from };
    seen.add(copy);
    return { kind: 'delivery', from, message, fresh: isFresh(message, from, now) };
  });
}

function isFresh(message: DeliveryMessage, from: ReceivedMessage, now: number): boolean {
  const signedSecondsAgo = now / 1000 - message.signed.timestamp;
  return (
    message.attempt === 1 &&
    !message.rerun &&
    from.receiveCount === 1 &&
    Math.abs(signedSecondsAgo) < FRESH_SECONDS
  );
}

/** An exhausted message that came back is a new delivery, which names the old one and starts over. */
function redriven(message: DeliveryMessage, retryDelaysSeconds: readonly number[]): DeliveryMessage {
  const { exhausted: _, ...rest } = message;
  return {
    ...rest,
    deliveryId: redrivenDeliveryId(message.deliveryId),
    redriveOf: message.deliveryId,
    attempt: 1,
    maxAttempts: Math.min(message.maxAttempts, maxAttempts(retryDelaysSeconds)),
    rerun: true,
    history: [],
  };
}
