import type { Clock } from '../../lambdas/shared/runtime/clock.ts';
import {
  invalidParameter,
  messageNotInFlight,
  queueDoesNotExist,
  receiptHandleIsInvalid,
  tooManyInFlight,
} from './errors.ts';
import { MAX_IN_FLIGHT, MAX_VISIBILITY_SECONDS } from './limits.ts';
import type { Message, NewMessage } from './message.ts';
import { type MoveTask, moveVisible } from './move-messages.ts';
import {
  type ArrivalListener,
  createQueue as createMessageQueue,
  type MessageCounts,
  type Queue,
} from './queue.ts';
import { decodeReceiptHandle, encodeReceiptHandle, type Receipt } from './receipt-handle.ts';
import type { QueueSettings } from './settings.ts';

/** A message and the handle of this receive. */
export interface ReceivedMessage {
  readonly message: Readonly<Message>;
  readonly receiptHandle: string;
}

export interface ReceiveRequest {
  readonly queueUrl: string;
  /** Maximum number of messages. */
  readonly max: number;
  /** Default: the queue's own. */
  readonly visibilityTimeoutSeconds?: number;
}

/**
 * Standard queues in memory, with SQS's semantics. It is deterministic: clock and ids are parameters and it has no timer,
 * so the same calls at the same times have the same results. It does not validate: the actions check the API's limits.
 */
export interface SqsEngine {
  createQueue(settings: QueueSettings): void;
  queues(): QueueSettings[];
  /** By the last part of the URL's path. The host is ignored, because callers may use any address of the endpoint. */
  queueByUrl(url: string): QueueSettings | undefined;
  queueByName(name: string): QueueSettings | undefined;
  queueByArn(arn: string): QueueSettings | undefined;
  send(queueUrl: string, message: NewMessage): Readonly<Message>;
  receive(request: ReceiveRequest): ReceivedMessage[];
  /** No effect for the handle of an earlier receive. */
  deleteMessage(queueUrl: string, receiptHandle: string): void;
  changeVisibility(queueUrl: string, receiptHandle: string, timeoutSeconds: number): void;
  counts(queueUrl: string): MessageCounts;
  /** How long the oldest message is on the queue, for the metric ApproximateAgeOfOldestMessage. 0 without a message. */
  ageOfOldestMs(queueUrl: string): number;
  /** Milliseconds since 1970. */
  createdAt(queueUrl: string): number;
  purge(queueUrl: string): void;
  /** Moves the visible messages of a dead-letter queue, as new messages with receive count 0. Default: to their source queues. */
  moveMessages(sourceArn: string, destinationArn?: string): MoveTask;
  /** The moves from that queue, newest first. */
  moveTasks(sourceArn: string): MoveTask[];
  /** Adds a listener for a message that is sent, moved here, or whose visibility changes; see `nextDueAt`. The result removes it. */
  onArrival(queueArn: string, listener: ArrivalListener): () => void;
  /** When the next message can be received: now if a message is visible, undefined if the queue is empty. Milliseconds since 1970. */
  nextDueAt(queueArn: string): number | undefined;
  /** The engine's clock, milliseconds since 1970. */
  now(): number;
}

export interface SqsEngineDependencies {
  readonly clock: Clock;
  /** Makes a UUID for each message. Default: a counter. */
  readonly newId?: () => string;
}

export function createSqsEngine({ clock, newId = countingIds() }: SqsEngineDependencies): SqsEngine {
  const byName = new Map<string, Queue>();
  const byArn = new Map<string, Queue>();
  const moves: MoveTask[] = [];

  const nameIn = (url: string): string => url.slice(url.lastIndexOf('/') + 1);
  const atUrl = (url: string): Queue => byName.get(nameIn(url)) ?? fail(queueDoesNotExist());
  const atArn = (arn: string): Queue => byArn.get(arn) ?? fail(queueDoesNotExist());

  const put = (queue: Queue, message: NewMessage): Message => {
    const { sentAt = clock.now() } = message;
    const fresh: Message = {
      id: newId(),
      body: message.body,
      attributes: message.attributes ?? {},
      groupId: message.groupId,
      senderId: message.senderId,
      sentAt,
      enqueuedAt: sentAt,
      receiveCount: 0,
      firstReceivedAt: undefined,
      lastReceivedAt: undefined,
      state: 'hidden',
      visibleAt: sentAt + (message.delaySeconds ?? queue.settings.delaySeconds) * 1000,
    };
    queue.put(fresh);
    return fresh;
  };

  /** Keeps the message's id and the time at which it was first sent, as SQS does. */
  const moveToDeadLetters = (queue: Queue, message: Message, deadLetters: Queue): void => {
    queue.remove(message);
    deadLetters.put({
      ...message,
      deadLetterSourceArn: queue.settings.arn,
      enqueuedAt: clock.now(),
      state: 'hidden',
      visibleAt: clock.now(),
    });
  };

  const receiptOf = (queue: Queue, handle: string): Receipt => {
    const receipt = decodeReceiptHandle(handle);
    if (receipt?.queueName !== queue.settings.name) throw receiptHandleIsInvalid();
    return receipt;
  };

  const originOf = (message: Message): Queue | undefined =>
    message.deadLetterSourceArn === undefined ? undefined : byArn.get(message.deadLetterSourceArn);

  return {
    createQueue(settings) {
      if (settings.name.endsWith('.fifo'))
        throw new Error(`queue ${settings.name}: only standard queues are supported`);
      const queue = createMessageQueue(settings, clock);
      byName.set(settings.name, queue);
      byArn.set(settings.arn, queue);
    },
    queues: () => [...byName.values()].map(({ settings }) => settings),
    queueByUrl: (url) => byName.get(nameIn(url))?.settings,
    queueByName: (name) => byName.get(name)?.settings,
    queueByArn: (arn) => byArn.get(arn)?.settings,

    send: (queueUrl, message) => put(atUrl(queueUrl), message),

    receive({ queueUrl, max, visibilityTimeoutSeconds }) {
      const queue = atUrl(queueUrl);
      const { redrive, visibilityTimeoutSeconds: defaultTimeoutSeconds, name } = queue.settings;
      const deadLetters = redrive === undefined ? undefined : byArn.get(redrive.deadLetterArn);
      const capacity = MAX_IN_FLIGHT - queue.inFlightCount();
      if (capacity <= 0) throw tooManyInFlight(MAX_IN_FLIGHT);
      // Take all messages before hiding any: with a timeout of 0 the same message would be taken twice.
      const taken: Message[] = [];
      while (taken.length < Math.min(max, capacity)) {
        const message = queue.takeNext();
        if (message === undefined) break;
        const isExhausted = redrive !== undefined && message.receiveCount >= redrive.maxReceiveCount;
        if (isExhausted && deadLetters !== undefined) moveToDeadLetters(queue, message, deadLetters);
        else taken.push(message);
      }
      const now = clock.now();
      return taken.map((message) => {
        message.receiveCount++;
        message.firstReceivedAt ??= now;
        message.lastReceivedAt = now;
        queue.hide(message, now + (visibilityTimeoutSeconds ?? defaultTimeoutSeconds) * 1000);
        const receipt = { queueName: name, messageId: message.id, receiveCount: message.receiveCount };
        return { message: { ...message }, receiptHandle: encodeReceiptHandle(receipt) };
      });
    },

    deleteMessage(queueUrl, receiptHandle) {
      const queue = atUrl(queueUrl);
      const receipt = receiptOf(queue, receiptHandle);
      const message = queue.find(receipt.messageId);
      if (message?.receiveCount === receipt.receiveCount) queue.remove(message);
    },

    changeVisibility(queueUrl, receiptHandle, timeoutSeconds) {
      const queue = atUrl(queueUrl);
      const receipt = receiptOf(queue, receiptHandle);
      const message = queue.find(receipt.messageId);
      if (message?.state !== 'in_flight' || message.receiveCount !== receipt.receiveCount)
        throw messageNotInFlight();
      const visibleAt = clock.now() + timeoutSeconds * 1000;
      if (visibleAt - (message.lastReceivedAt ?? 0) > MAX_VISIBILITY_SECONDS * 1000) {
        throw invalidParameter(
          'VisibilityTimeout',
          timeoutSeconds,
          `Total VisibilityTimeout for the message is beyond the limit [${MAX_VISIBILITY_SECONDS} seconds]`,
        );
      }
      queue.hide(message, visibleAt);
    },

    counts: (queueUrl) => atUrl(queueUrl).counts(),
    ageOfOldestMs: (queueUrl) => atUrl(queueUrl).ageOfOldestMs(),
    createdAt: (queueUrl) => atUrl(queueUrl).createdAt,
    purge: (queueUrl) => atUrl(queueUrl).purge(),

    moveMessages(sourceArn, destinationArn) {
      const result = moveVisible({
        source: atArn(sourceArn),
        targetOf: destinationArn === undefined ? originOf : always(atArn(destinationArn)),
        put,
      });
      const task: MoveTask = {
        ...result,
        id: newId(),
        sourceArn,
        startedAt: clock.now(),
        ...(destinationArn === undefined ? {} : { destinationArn }),
      };
      moves.unshift(task);
      return task;
    },
    moveTasks: (sourceArn) => moves.filter((task) => task.sourceArn === sourceArn),

    onArrival: (queueArn, listener) => atArn(queueArn).onArrival(listener),
    nextDueAt: (queueArn) => atArn(queueArn).nextDueAt(),
    now: () => clock.now(),
  };
}

function countingIds(): () => string {
  let count = 0;
  return () => `00000000-0000-4000-8000-${String(++count).padStart(12, '0')}`;
}

function always<Value>(value: Value): () => Value {
  return () => value;
}

function fail(error: Error): never {
  throw error;
}
