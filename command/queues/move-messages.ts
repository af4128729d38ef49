import {
  DeleteMessageBatchCommand,
  type Message,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { inChunks } from '../../lambdas/shared/runtime/chunks.ts';
import type { Timer } from '../../lambdas/shared/runtime/clock.ts';
import { type QueueEntry, sendAll } from '../../lambdas/shared/runtime/queues.ts';
import { MAX_VISIBILITY_ENTRIES, visibilityCommand } from '../../lambdas/shared/runtime/visibility.ts';

/** SQS quota: messages of one call. */
const MAX_BATCH = 10;
/** Long polling: an empty response means that the queue has no visible message. */
const WAIT_SECONDS = 1;
/** The default visibility timeout of received messages. Messages that are kept become visible at the end. */
const VISIBILITY_SECONDS = 300;

/** A message of the queue from which messages are moved. */
export interface QueueMessage {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  /** ISO 8601. */
  readonly sentAt: string;
}

/** Where a message is sent. `deleted`: it is sent nowhere. */
export type Destination =
  | { readonly queueUrl: string; readonly entry: QueueEntry }
  | { readonly deleted: true }
  | { readonly refused: string };

export interface MoveRequest<M extends QueueMessage> {
  readonly sqs: Pick<SQSClient, 'send'>;
  /** Waits before failed sends are repeated. */
  readonly timer: Timer;
  readonly sourceQueueUrl: string;
  readonly read: (message: Message) => M;
  readonly isSelected: (message: M) => boolean;
  readonly destinationOf: (message: M) => Destination;
  /** Whether a message is kept because one of the moved messages is the same. Default: never. */
  readonly isDuplicate?: (message: M, moved: readonly M[]) => boolean;
  /** The maximum number of messages that are read. */
  readonly limit: number;
  /** Seconds for which a received message stays invisible when this process is killed. Default: 300. */
  readonly visibilitySeconds?: number;
  /** False: nothing is moved. */
  readonly confirm: boolean;
  /** Called after each batch with the number of messages that were read until then. */
  readonly onProgress?: (count: number) => void;
}

export interface MoveResult<M extends QueueMessage> {
  /** Selected messages that were moved; with `confirm: false`, those that would be moved. */
  readonly selected: readonly M[];
  readonly notSelected: readonly M[];
  /** Messages that could not be moved. */
  readonly failed: readonly Failure<M>[];
  /** Messages that `isDuplicate` kept. */
  readonly duplicates: readonly M[];
  /** Whether the limit was reached, so that the queue may have more messages. */
  readonly mayHaveMore: boolean;
}

interface Failure<M> {
  readonly message: M;
  readonly reason: string;
}

/**
 * Moves messages to other queues. Each is deleted only after it was sent: a crash between the two causes a duplicate, but
 * no loss. All other messages stay, and become visible again at the end.
 */
export async function moveMessages<M extends QueueMessage>(request: MoveRequest<M>): Promise<MoveResult<M>> {
  const { limit, confirm, isSelected, isDuplicate = () => false } = request;
  const result = {
    selected: [] as M[],
    notSelected: [] as M[],
    failed: [] as Failure<M>[],
    duplicates: [] as M[],
    mayHaveMore: false,
  };
  const seen = new Set<string>();
  /** Received messages that are made visible again at the end. */
  const kept = new Set<M>();
  try {
    while (seen.size < limit) {
      const received = await receive(request, Math.min(MAX_BATCH, limit - seen.size));
      if (received.length === 0) return result;
      for (const message of received) kept.add(message);
      const fresh = received.filter(({ messageId }) => !seen.has(messageId));
      // All received messages were read before and are visible again: the queue has no other messages.
      if (fresh.length === 0) return result;
      for (const { messageId } of fresh) seen.add(messageId);
      const duplicates = fresh.filter((message) => confirm && isDuplicate(message, result.selected));
      const others = fresh.filter((message) => !duplicates.includes(message));
      const selected = others.filter(isSelected);
      result.duplicates.push(...duplicates);
      result.notSelected.push(...others.filter((message) => !selected.includes(message)));
      const { done, failed } = await move(request, selected);
      if (confirm) for (const message of done) kept.delete(message);
      result.selected.push(...done);
      result.failed.push(...failed);
      request.onProgress?.(seen.size);
    }
    result.mayHaveMore = true;
    return result;
  } finally {
    await release(request, [...kept]);
  }
}

async function receive<M extends QueueMessage>(request: MoveRequest<M>, max: number): Promise<M[]> {
  const { sqs, sourceQueueUrl, visibilitySeconds = VISIBILITY_SECONDS } = request;
  const { Messages = [] } = await sqs.send(
    new ReceiveMessageCommand({
      QueueUrl: sourceQueueUrl,
      MaxNumberOfMessages: max,
      WaitTimeSeconds: WAIT_SECONDS,
      VisibilityTimeout: visibilitySeconds,
      MessageAttributeNames: ['All'],
      MessageSystemAttributeNames: ['All'],
    }),
  );
  return Messages.map(request.read);
}

async function move<M extends QueueMessage>(
  request: MoveRequest<M>,
  messages: readonly M[],
): Promise<{ done: M[]; failed: Failure<M>[] }> {
  const failed: Failure<M>[] = [];
  const deleted: M[] = [];
  const byQueue = new Map<string, { message: M; entry: QueueEntry }[]>();
  for (const message of messages) {
    const destination = request.destinationOf(message);
    if ('refused' in destination) {
      failed.push({ message, reason: destination.refused });
      continue;
    }
    if ('deleted' in destination) {
      deleted.push(message);
      continue;
    }
    const { queueUrl, entry } = destination;
    byQueue.set(queueUrl, [...(byQueue.get(queueUrl) ?? []), { message, entry }]);
  }
  const movable = [...byQueue.values()].flat().map(({ message }) => message);
  if (!request.confirm) return { done: [...deleted, ...movable], failed };

  const accepted: M[] = [...deleted];
  for (const [queueUrl, batch] of byQueue) {
    const entries = batch.map(({ entry }) => entry);
    const sent = await sendAll(request.sqs, request.timer, queueUrl, entries);
    for (const [index, { message }] of batch.entries()) {
      const answer = sent[index];
      if (answer?.ok === true) accepted.push(message);
      else failed.push({ message, reason: answer?.reason ?? 'SQS returned no result for it' });
    }
  }
  const notDeleted = await remove(request, accepted);
  for (const [message, why] of notDeleted) {
    const state = deleted.includes(message)
      ? 'it is still on its queue'
      : 'it was sent, but is still on its queue, too';
    failed.push({ message, reason: `${state}: ${why}` });
  }
  return { done: accepted.filter((message) => !notDeleted.has(message)), failed };
}

/** Deletes messages. Returns those that SQS did not delete, with the reason. */
async function remove<M extends QueueMessage>(
  { sqs, sourceQueueUrl }: MoveRequest<M>,
  messages: readonly M[],
): Promise<ReadonlyMap<M, string>> {
  if (messages.length === 0) return new Map();
  const { Failed = [] } = await sqs.send(
    new DeleteMessageBatchCommand({
      QueueUrl: sourceQueueUrl,
      Entries: messages.map(({ receiptHandle }, index) => ({
        Id: String(index),
        ReceiptHandle: receiptHandle,
      })),
    }),
  );
  const reasonOf = new Map(Failed.map(({ Id, Code, Message }) => [Id, Message ?? Code ?? 'no reason']));
  return new Map(
    messages.flatMap((message, index) => {
      const reason = reasonOf.get(String(index));
      return reason === undefined ? [] : [[message, reason] as const];
    }),
  );
}

/** Makes messages visible again at once. */
async function release<M extends QueueMessage>(
  { sqs, sourceQueueUrl }: MoveRequest<M>,
  messages: readonly M[],
): Promise<void> {
  for (const batch of inChunks(messages, MAX_VISIBILITY_ENTRIES)) {
    const visible = batch.map(({ receiptHandle }) => ({ receiptHandle, seconds: 0 }));
    await sqs.send(visibilityCommand(sourceQueueUrl, visible));
  }
}

/** The fields that every message has. */
export function readQueueMessage({ MessageId, ReceiptHandle, Body, Attributes }: Message): QueueMessage {
  return {
    messageId: MessageId ?? '',
    receiptHandle: ReceiptHandle ?? '',
    body: Body ?? '',
    sentAt: new Date(Number(Attributes?.SentTimestamp ?? 0)).toISOString(),
  };
}

/** The message's JSON object; an empty one if its body is none. */
export function objectInBody(body: string): Record<string, unknown> {
  try {
    return objectIn(JSON.parse(body));
  } catch {
    return {};
  }
}

export function objectIn(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
