import { createHash } from 'node:crypto';
import {
  DeleteMessageBatchCommand,
  type Message,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { inChunks } from '../lambdas/shared/runtime/chunks.ts';
import { systemClock } from '../lambdas/shared/runtime/clock.ts';
import { sendAll } from '../lambdas/shared/runtime/queues.ts';
import { MAX_VISIBILITY_ENTRIES, visibilityCommand } from '../lambdas/shared/runtime/visibility.ts';

/** SQS quota: messages of one call. */
const MAX_BATCH = 10;
/** Long polling: an empty answer means that the queue has no visible message. */
const WAIT_SECONDS = 1;
/** A received message is hidden from other receivers for this long, unless this command makes it visible before. */
const VISIBILITY_SECONDS = 300;

/** A message of the undispatched queue. */
export interface UndispatchedEvent {
  readonly messageId: string;
  readonly receiptHandle: string;
  /** The event's text, as the bus wrote it. */
  readonly body: string;
  readonly reason: string;
  readonly eventId?: string;
  readonly accountId?: string;
  readonly type?: string;
  /** ISO 8601. */
  readonly sentAt: string;
}

export interface RedispatchRequest {
  readonly sqs: Pick<SQSClient, 'send'>;
  readonly undispatchedQueueUrl: string;
  readonly eventsQueueUrl: string;
  readonly isWanted: (event: UndispatchedEvent) => boolean;
  /** Messages that are looked at, at most. */
  readonly limit: number;
  /** False: nothing is moved. */
  readonly confirm: boolean;
  /** Called after each batch with the number of messages that were looked at so far. */
  readonly onProgress?: (count: number) => void;
}

export interface RedispatchResult {
  /** Events that fit: moved, or with `confirm: false` those that would be. */
  readonly chosen: readonly UndispatchedEvent[];
  /** Events that do not fit. */
  readonly others: readonly UndispatchedEvent[];
  /** Events that could not be moved. */
  readonly failed: readonly { readonly event: UndispatchedEvent; readonly reason: string }[];
  /** Events with the text of one that was moved: the same event refused again, or one that the bus delivered twice. */
  readonly copies: readonly UndispatchedEvent[];
  /** Whether the limit was reached, so that there may be more. */
  readonly more: boolean;
}

/**
 * Puts undispatched events back on the events queue, and deletes each of them only after it was sent: a crash leaves a
 * duplicate, which the dispatcher recognises by its id. All other messages stay.
 */
export async function redispatch(request: RedispatchRequest): Promise<RedispatchResult> {
  const { limit, confirm, isWanted } = request;
  const result = {
    chosen: [] as UndispatchedEvent[],
    others: [] as UndispatchedEvent[],
    failed: [] as { event: UndispatchedEvent; reason: string }[],
    copies: [] as UndispatchedEvent[],
    more: false,
  };
  const seen = new Set<string>();
  const moved = new Set<string>();
  const held = new Set<UndispatchedEvent>();
  try {
    while (seen.size < limit) {
      const received = await receive(request, Math.min(MAX_BATCH, limit - seen.size));
      if (received.length === 0) return result;
      for (const event of received) held.add(event);
      const fresh = received.filter(({ messageId }) => !seen.has(messageId));
      // Only messages that were looked at before: they are visible again, and all others have been received.
      if (fresh.length === 0) return result;
      for (const { messageId } of fresh) seen.add(messageId);
      const copies = fresh.filter(({ body }) => moved.has(hashOf(body)));
      const others = fresh.filter((event) => !copies.includes(event) && !isWanted(event));
      const chosen = fresh.filter((event) => !copies.includes(event) && !others.includes(event));
      result.copies.push(...copies);
      result.others.push(...others);
      if (confirm) {
        const { done, failed } = await move(request, chosen);
        for (const event of done) {
          moved.add(hashOf(event.body));
          held.delete(event);
        }
        result.chosen.push(...done);
        result.failed.push(...failed);
      } else result.chosen.push(...chosen);
      request.onProgress?.(seen.size);
    }
    result.more = true;
    return result;
  } finally {
    await release(request, [...held]);
  }
}

async function receive(
  { sqs, undispatchedQueueUrl }: RedispatchRequest,
  max: number,
): Promise<UndispatchedEvent[]> {
  const { Messages = [] } = await sqs.send(
    new ReceiveMessageCommand({
      QueueUrl: undispatchedQueueUrl,
      MaxNumberOfMessages: max,
      WaitTimeSeconds: WAIT_SECONDS,
      VisibilityTimeout: VISIBILITY_SECONDS,
      MessageAttributeNames: ['All'],
      MessageSystemAttributeNames: ['All'],
    }),
  );
  return Messages.map(readMessage);
}

async function move(
  { sqs, undispatchedQueueUrl, eventsQueueUrl }: RedispatchRequest,
  events: readonly UndispatchedEvent[],
): Promise<{ done: UndispatchedEvent[]; failed: { event: UndispatchedEvent; reason: string }[] }> {
  const sent = await sendAll(
    sqs,
    systemClock,
    eventsQueueUrl,
    events.map(({ body }) => ({ body })),
  );
  const accepted = events.filter((_, index) => sent[index]?.ok === true);
  const refused = events.flatMap((event, index) => {
    const answer = sent[index];
    return answer?.ok === false ? [{ event, reason: answer.reason }] : [];
  });
  const notDeleted = await remove({ sqs, undispatchedQueueUrl }, accepted);
  const done = accepted.filter((event) => !notDeleted.has(event));
  const kept = [...notDeleted].map(([event, why]) => ({
    event,
    reason: `it was put back, but is still on the undispatched queue: ${why}`,
  }));
  return { done, failed: [...refused, ...kept] };
}

/** Deletes messages, and returns those for which SQS refused it, with the reason. */
async function remove(
  { sqs, undispatchedQueueUrl }: Pick<RedispatchRequest, 'sqs' | 'undispatchedQueueUrl'>,
  events: readonly UndispatchedEvent[],
): Promise<ReadonlyMap<UndispatchedEvent, string>> {
  if (events.length === 0) return new Map();
  const { Failed = [] } = await sqs.send(
    new DeleteMessageBatchCommand({
      QueueUrl: undispatchedQueueUrl,
      Entries: events.map(({ receiptHandle }, index) => ({
        Id: String(index),
        ReceiptHandle: receiptHandle,
      })),
    }),
  );
  const reasonOf = new Map(Failed.map(({ Id, Code, Message }) => [Id, Message ?? Code ?? 'no reason']));
  return new Map(
    events.flatMap((event, index) => {
      const reason = reasonOf.get(String(index));
      return reason === undefined ? [] : [[event, reason] as const];
    }),
  );
}

/** Makes messages visible at once. */
async function release(
  { sqs, undispatchedQueueUrl }: RedispatchRequest,
  events: readonly UndispatchedEvent[],
): Promise<void> {
  for (const batch of inChunks(events, MAX_VISIBILITY_ENTRIES)) {
    const visible = batch.map(({ receiptHandle }) => ({ receiptHandle, seconds: 0 }));
    await sqs.send(visibilityCommand(undispatchedQueueUrl, visible));
  }
}

/** Dispatcher, bus and SQS put messages there: each says why in its own way. */
function readMessage(message: Message): UndispatchedEvent {
  const { Body: body = '', Attributes: system = {} } = message;
  const attributeOf = (name: string): string | undefined => message.MessageAttributes?.[name]?.StringValue;
  const event = objectIn(parseJson(body));
  const detail = objectIn(event.detail);
  const names = { eventId: detail.id, accountId: detail.account_id, type: event['detail-type'] };
  const texts = Object.entries(names).filter(([, value]) => typeof value === 'string');
  return {
    messageId: message.MessageId ?? '',
    receiptHandle: message.ReceiptHandle ?? '',
    body,
    reason: attributeOf('reason') ?? reasonOfOthers(attributeOf, system),
    ...Object.fromEntries(texts),
    sentAt: new Date(Number(system.SentTimestamp ?? 0)).toISOString(),
  };
}

function reasonOfOthers(
  attributeOf: (name: string) => string | undefined,
  system: Partial<Record<string, string>>,
): string {
  const code = attributeOf('ERROR_CODE');
  if (code !== undefined) {
    return `the bus could not put it on the events queue: ${code}, ${attributeOf('ERROR_MESSAGE') ?? 'no message'}`;
  }
  if (system.DeadLetterQueueSourceArn !== undefined) {
    return "it was received too often without being dispatched; the dispatcher's log says why";
  }
  return 'no reason is given';
}

function hashOf(body: string): string {
  return createHash('sha256').update(body).digest('base64');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function objectIn(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
