import { createHash } from 'node:crypto';
import {
  DeleteMessageBatchCommand,
  type Message,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { inChunks } from '../lambdas/shared/runtime/chunks.ts';
import type { Timer } from '../lambdas/shared/runtime/clock.ts';
import { sendAll } from '../lambdas/shared/runtime/queues.ts';
import { MAX_VISIBILITY_ENTRIES, visibilityCommand } from '../lambdas/shared/runtime/visibility.ts';

/** SQS quota: messages of one call. */
const MAX_BATCH = 10;
/** Long polling: an empty response means that the queue has no visible message. */
const WAIT_SECONDS = 1;
/** The default visibility timeout of received messages. Messages that are kept become visible at the end. */
const VISIBILITY_SECONDS = 300;

/** A message of the undispatched queue. */
export interface UndispatchedEvent {
  readonly messageId: string;
  readonly receiptHandle: string;
  /** The event's text, unchanged. */
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
  /** Waits before failed sends are repeated. */
  readonly timer: Timer;
  readonly undispatchedQueueUrl: string;
  readonly eventsQueueUrl: string;
  readonly isSelected: (event: UndispatchedEvent) => boolean;
  /** The most messages that are read. */
  readonly limit: number;
  /** How long a received message is invisible when this process is killed. Default: 300. */
  readonly visibilitySeconds?: number;
  /** False: nothing is moved. */
  readonly confirm: boolean;
  /** Called after each batch with the number of messages that were read until then. */
  readonly onProgress?: (count: number) => void;
}

export interface RedispatchResult {
  /** Selected events that were moved; with `confirm: false`, those that would be moved. */
  readonly selected: readonly UndispatchedEvent[];
  readonly notSelected: readonly UndispatchedEvent[];
  /** Events that could not be moved. */
  readonly failed: readonly { readonly event: UndispatchedEvent; readonly reason: string }[];
  /**
   * Events with the same text as a moved event, which are kept: the dispatcher refused the event again, or the bus
   * delivered it twice.
   */
  readonly duplicates: readonly UndispatchedEvent[];
  /** Whether the limit was reached, so that the queue may have more messages. */
  readonly mayHaveMore: boolean;
}

/**
 * Moves undispatched events back to the events queue. Each is deleted only after it was sent: a crash between the two
 * causes a duplicate, which the dispatcher recognises by its id, but no loss. All other messages stay.
 */
export async function redispatch(request: RedispatchRequest): Promise<RedispatchResult> {
  const { limit, confirm, isSelected } = request;
  const result = {
    selected: [] as UndispatchedEvent[],
    notSelected: [] as UndispatchedEvent[],
    failed: [] as { event: UndispatchedEvent; reason: string }[],
    duplicates: [] as UndispatchedEvent[],
    mayHaveMore: false,
  };
  const seen = new Set<string>();
  const moved = new Set<string>();
  /** Received messages that are made visible again at the end. */
  const kept = new Set<UndispatchedEvent>();
  try {
    while (seen.size < limit) {
      const received = await receive(request, Math.min(MAX_BATCH, limit - seen.size));
      if (received.length === 0) return result;
      for (const event of received) kept.add(event);
      const fresh = received.filter(({ messageId }) => !seen.has(messageId));
      // All received messages were read before and are visible again: the queue has no other messages.
      if (fresh.length === 0) return result;
      for (const { messageId } of fresh) seen.add(messageId);
      const duplicates = fresh.filter(({ body }) => moved.has(hashOf(body)));
      const { selected = [], notSelected = [] } = Object.groupBy(
        fresh.filter((event) => !duplicates.includes(event)),
        (event) => (isSelected(event) ? 'selected' : 'notSelected'),
      );
      result.duplicates.push(...duplicates);
      result.notSelected.push(...notSelected);
      if (confirm) {
        const { done, failed } = await move(request, selected);
        for (const event of done) {
          moved.add(hashOf(event.body));
          kept.delete(event);
        }
        result.selected.push(...done);
        result.failed.push(...failed);
      } else result.selected.push(...selected);
      request.onProgress?.(seen.size);
    }
    result.mayHaveMore = true;
    return result;
  } finally {
    await release(request, [...kept]);
  }
}

async function receive(
  { sqs, undispatchedQueueUrl, visibilitySeconds = VISIBILITY_SECONDS }: RedispatchRequest,
  max: number,
): Promise<UndispatchedEvent[]> {
  const { Messages = [] } = await sqs.send(
    new ReceiveMessageCommand({
      QueueUrl: undispatchedQueueUrl,
      MaxNumberOfMessages: max,
      WaitTimeSeconds: WAIT_SECONDS,
      VisibilityTimeout: visibilitySeconds,
      MessageAttributeNames: ['All'],
      MessageSystemAttributeNames: ['All'],
    }),
  );
  return Messages.map(readMessage);
}

async function move(
  { sqs, timer, undispatchedQueueUrl, eventsQueueUrl }: RedispatchRequest,
  events: readonly UndispatchedEvent[],
): Promise<{ done: UndispatchedEvent[]; failed: { event: UndispatchedEvent; reason: string }[] }> {
  const sent = await sendAll(
    sqs,
    timer,
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
  const notMoved = [...notDeleted].map(([event, why]) => ({
    event,
    reason: `it was sent to the events queue, but is still on the undispatched queue: ${why}`,
  }));
  return { done, failed: [...refused, ...notMoved] };
}

/** Deletes messages. Returns those that SQS did not delete, with the reason. */
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

/** Makes messages visible again at once. */
async function release(
  { sqs, undispatchedQueueUrl }: RedispatchRequest,
  events: readonly UndispatchedEvent[],
): Promise<void> {
  for (const batch of inChunks(events, MAX_VISIBILITY_ENTRIES)) {
    const visible = batch.map(({ receiptHandle }) => ({ receiptHandle, seconds: 0 }));
    await sqs.send(visibilityCommand(undispatchedQueueUrl, visible));
  }
}

/** The dispatcher, the bus and SQS send messages to this queue. Each states the reason in another way. */
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
    return `the bus could not send it to the events queue: ${code}, ${attributeOf('ERROR_MESSAGE') ?? 'no message'}`;
  }
  if (system.DeadLetterQueueSourceArn !== undefined) {
    return "it was received too often without being dispatched; the dispatcher's log has the reason";
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
