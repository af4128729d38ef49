import type { Batches, Traffic } from './traffic.ts';

/** What AWS bills, as the local cloud's meter counts it. */
export interface Usage {
  readonly eventChunks: number;
  readonly sqsRequests: number;
  readonly invocations: number;
  readonly gbSeconds: number;
  readonly writeUnits: number;
  readonly readUnits: number;
  readonly logBytes: number;
  /** Bytes to the customers' endpoints. */
  readonly egressBytes: number;
  /** Bytes that one month's traffic stores. */
  readonly storedBytes: number;
}

/** How the events reach the events queue. `queue`: they are sent to it directly, as the bus would send them. */
export type Via = 'bus' | 'queue';

/** SQS and EventBridge bill a call for each chunk of this size. */
const CHUNK_BYTES = 64 * 1024;
const WRITE_UNIT_BYTES = 1024;
/** SQS quota: messages of one call, and their bytes. */
const MAX_MESSAGES = 10;
const MAX_CALL_BYTES = 1024 * 1024;

/** Bytes beside the payload: of an entry of PutEvents, of the bus's message, and of a delivery's message. */
const ENTRY_BYTES = 100;
const EVENT_MESSAGE_BYTES = 310;
const DELIVERY_MESSAGE_BYTES = 760;
/**
 * The size of an event's item with the ids of a few webhooks, without its body. Each further id adds
 * `WEBHOOK_ID_BYTES`.
 */
const EVENT_ITEM_BYTES = 250;
const WEBHOOK_ID_BYTES = 35;
/** An event's body is stored deflated. JSON text becomes a third to a half as long. */
const DEFLATED_SHARE = 0.5;
const RECORD_BYTES = 500;
/** DynamoDB adds this to the size of every stored item. */
const ITEM_OVERHEAD_BYTES = 100;
/** The lines with the metrics of each invocation. */
const LOG_BYTES_AN_INVOCATION = 785;
/** Bytes of a request beside its payload: headers, TLS records and a part of a handshake. */
const REQUEST_OVERHEAD_BYTES = 1_500;

/** The memory with which `lib/` deploys the functions. */
const DISPATCH_GB = 0.5;
const SEND_GB = 0.25;
/**
 * Milliseconds of an invocation, and of each message in it, beside the wait for the endpoints: estimates for Lambda's
 * share of a CPU at these sizes, and for the latency of a few AWS calls.
 */
const DISPATCH_MS = { invocation: 30, message: 5 };
const SEND_MS = { invocation: 15, message: 1 };

/** A strongly consistent Query of an account's webhooks (up to 4 KiB: about ten). */
const QUERY_READ_UNITS = 1;
/** The webhook and the delivery's record, before a retry. */
const RETRY_READ_UNITS = 2;
/** The counter of an exhausted delivery on its webhook, and the second unit of a record of four failures. */
const EXHAUSTED_WRITE_UNITS = 1.5;

/**
 * The usage of a month by the calls of each step. `test/journeys/cost.test.ts` compares it with the meter of a run on the
 * local cloud, so a change of the calls must change this formula. Environments that start are not included: each costs
 * a GetItem and a Decrypt.
 */
export function usageOf(traffic: Traffic, batches: Batches, via: Via = 'bus'): Usage {
  const { events, fanOut, payloadBytes, failedAttempts } = traffic;
  const deliveries = events * fanOut;
  const [failedFirst = 0, ...failedRetries] = failedAttempts;
  const exhausted = failedAttempts.at(-1) ?? 0;
  // Each failure but the last is followed by a retry.
  const retries = failedAttempts.slice(0, -1).reduce((total, count) => total + count, 0);
  const followUps = failedFirst + failedRetries.reduce((total, count) => total + count, 0);

  const eventBytes = payloadBytes + EVENT_MESSAGE_BYTES;
  const deliveryBytes = payloadBytes + DELIVERY_MESSAGE_BYTES;
  const dispatches = events / batches.events;
  const sends = deliveries / batches.deliveries;
  const retryBatches = retries / batches.retries;

  const publish = via === 'bus' ? events * chunks(eventBytes) : batched(events, MAX_MESSAGES, eventBytes);
  const { eventsOfReceive = batches.events } = batches;
  const receives = (events / eventsOfReceive) * chunks(eventBytes * eventsOfReceive);
  const eventsQueue = receives + dispatches;
  const enqueue = dispatches * sendCalls(batches.events * fanOut, deliveryBytes);
  const firstLane = sends * chunks(deliveryBytes * batches.deliveries) + sends;
  const retryLane = retryBatches * chunks(deliveryBytes * batches.retries) + retryBatches;
  const followUpSends = batched(followUps, batches.retries, deliveryBytes);

  const itemBytes = EVENT_ITEM_BYTES + payloadBytes * DEFLATED_SHARE + fanOut * WEBHOOK_ID_BYTES;
  const attempts = deliveries + retries;
  const invocations = dispatches + sends + retryBatches;
  return {
    eventChunks: via === 'bus' ? events * chunks(payloadBytes + ENTRY_BYTES) : 0,
    sqsRequests: publish + eventsQueue + enqueue + firstLane + retryLane + followUpSends,
    invocations,
    gbSeconds:
      DISPATCH_GB * seconds(dispatches, events, DISPATCH_MS) +
      SEND_GB * seconds(sends, deliveries, SEND_MS) +
      SEND_GB * seconds(retryBatches, retries, SEND_MS) +
      (SEND_GB * (sends + retryBatches) * traffic.receiverMs) / 1000,
    writeUnits:
      events * Math.ceil(itemBytes / WRITE_UNIT_BYTES) + attempts + exhausted * EXHAUSTED_WRITE_UNITS,
    readUnits: events * QUERY_READ_UNITS + retries * RETRY_READ_UNITS,
    logBytes: invocations * LOG_BYTES_AN_INVOCATION,
    egressBytes: attempts * (payloadBytes + REQUEST_OVERHEAD_BYTES),
    storedBytes:
      events * (itemBytes + ITEM_OVERHEAD_BYTES) + deliveries * (RECORD_BYTES + ITEM_OVERHEAD_BYTES),
  };
}

/** Billed requests of one call. */
function chunks(bytes: number): number {
  return Math.max(1, Math.ceil(bytes / CHUNK_BYTES));
}

/** Billed requests of the calls that send this many messages of one batch. */
function sendCalls(messages: number, messageBytes: number): number {
  const perCall = Math.max(1, Math.min(MAX_MESSAGES, Math.floor(MAX_CALL_BYTES / messageBytes)));
  const full = Math.floor(messages / perCall);
  const messagesInLastCall = messages - full * perCall;
  return (
    full * chunks(perCall * messageBytes) +
    (messagesInLastCall > 0 ? chunks(messagesInLastCall * messageBytes) : 0)
  );
}

/** Billed requests of calls with this many messages each. */
function batched(messages: number, perCall: number, messageBytes: number): number {
  return (messages / perCall) * chunks(perCall * messageBytes);
}

function seconds(
  invocations: number,
  messages: number,
  ms: { readonly invocation: number; readonly message: number },
): number {
  return (invocations * ms.invocation + messages * ms.message) / 1000;
}
