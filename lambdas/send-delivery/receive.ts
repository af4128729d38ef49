import type { DeliveryMessage } from '../shared/domain/delivery.ts';
import { type DeliveryIds, deliveryIdsOf } from '../shared/domain/delivery-ids.ts';
import {
  parseAccountId,
  parseDeliveryId,
  parseEventId,
  parseWebhookId,
  repeatedDeliveryId,
} from '../shared/domain/ids.ts';
import { isJsonObject } from '../shared/domain/json-object.ts';
import { decodeMessage } from '../shared/domain/message.ts';
import { repeatedMessage } from '../shared/domain/repeat.ts';
import { maxAttempts } from '../shared/domain/retry-schedule.ts';
import { parseTraceparent, traceIdOf } from '../shared/domain/traceparent.ts';
import type { ReceivedMessage } from './ports.ts';

/**
 * A first attempt with a younger signature is sent without a read. When the signature is older, the webhook may have
 * changed, or may have been marked slow, since it was signed.
 */
export const FRESH_MS = 2_000;

/** When the first receipt is older than this, other consumers may have received the message since. */
const LATE_MS = 60_000;

export type Received =
  | ReceivedDelivery
  | (ReceivedItem & { readonly kind: 'unreadable' | 'unknown_version'; readonly reason: string })
  /** An earlier message of this batch is for the same attempt. */
  | (ReceivedItem & { readonly kind: 'duplicate' });

export interface ReceivedDelivery extends ReceivedItem {
  readonly kind: 'delivery';
  readonly message: DeliveryMessage;
  /** Whether the message can be sent without a read. */
  readonly fresh: boolean;
  /** Whether it is not due yet: it waits longer than SQS can delay a message. */
  readonly waits: boolean;
}

interface ReceivedItem {
  readonly from: ReceivedMessage;
  /** The ids for log lines. For a message that cannot be decoded, only the ids that are valid. */
  readonly ids: Partial<DeliveryIds>;
}

/** Decodes the messages of a batch. `now` is in milliseconds since 1970. */
export function receiveBatch(
  batch: readonly ReceivedMessage[],
  retryDelaysSeconds: readonly number[],
  now: number,
): Received[] {
  const seen = new Set<string>();
  return batch.map((from): Received => {
    const decoded = decodeMessage(from.body);
    if (!decoded.ok) return { kind: decoded.why, from, ids: readIds(from.body), reason: decoded.reason };
    const message = decoded.message.exhausted
      ? redriven(decoded.message, retryDelaysSeconds, now)
      : decoded.message;
    const ids = deliveryIdsOf(message);
    const attempt = `${message.deliveryId} ${message.attempt}`;
    if (seen.has(attempt)) return { kind: 'duplicate', from, ids };
    seen.add(attempt);
    const waits = message.notBefore !== undefined && message.notBefore > now;
    return { kind: 'delivery', from, ids, message, fresh: isFresh(message, from, now), waits };
  });
}

/** The valid ids in a message that cannot be decoded. Any other value could be a secret, and is never logged. */
function readIds(body: string): Partial<DeliveryIds> {
  const json = parseJson(body);
  if (!isJsonObject(json)) return {};
  const traceparent = parseTraceparent(json.traceparent);
  const ids: Partial<Record<keyof DeliveryIds, string | undefined>> = {
    event_id: parseEventId(json.event_id),
    delivery_id: parseDeliveryId(json.delivery_id),
    webhook_id: parseWebhookId(json.webhook_id),
    account_id: parseAccountId(json.account_id),
    trace_id: traceparent && traceIdOf(traceparent),
  };
  return Object.fromEntries(
    Object.entries(ids).flatMap(([name, id]) => (id === undefined ? [] : [[name, id]])),
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** An exhausted message that was moved back to a lane is a new delivery: it names the old one and starts at attempt 1. */
function redriven(
  message: DeliveryMessage,
  retryDelaysSeconds: readonly number[],
  now: number,
): DeliveryMessage {
  const repeated = repeatedMessage(message, repeatedDeliveryId(message.deliveryId), 'redrive', now);
  return { ...repeated, maxAttempts: Math.min(message.maxAttempts, maxAttempts(retryDelaysSeconds)) };
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

/**
 * Whether other consumers may have received the message since, so that its visibility must be extended before it is
 * sent. Lambda may invoke a function long after it received the batch.
 */
export function isLate({ receiveCount, firstReceivedAt }: ReceivedMessage, now: number): boolean {
  return receiveCount > 1 || now - firstReceivedAt > LATE_MS;
}
