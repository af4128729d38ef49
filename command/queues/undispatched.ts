import { createHash } from 'node:crypto';
import type { Message } from '@aws-sdk/client-sqs';
import {
  type MoveRequest,
  type MoveResult,
  moveMessages,
  objectIn,
  objectInBody,
  type QueueMessage,
  readQueueMessage,
} from './move-messages.ts';

/** A message of the undispatched queue. Its body is the event's text, unchanged. */
export interface UndispatchedEvent extends QueueMessage {
  readonly reason: string;
  readonly eventId?: string;
  readonly accountId?: string;
  readonly type?: string;
}

export interface RedispatchRequest
  extends Omit<MoveRequest<UndispatchedEvent>, 'sourceQueueUrl' | 'read' | 'destinationOf' | 'isDuplicate'> {
  readonly undispatchedQueueUrl: string;
  readonly eventsQueueUrl: string;
}

/**
 * `duplicates`: events with the same text as a moved event, which are kept: the dispatcher refused the event again, or
 * the bus delivered it twice.
 */
export type RedispatchResult = MoveResult<UndispatchedEvent>;

/**
 * Moves undispatched events back to the events queue. The dispatcher recognises an event that was moved twice by its id.
 */
export async function redispatch({
  undispatchedQueueUrl,
  eventsQueueUrl,
  ...request
}: RedispatchRequest): Promise<RedispatchResult> {
  const hashes = new Set<string>();
  let hashed = 0;
  return moveMessages({
    ...request,
    sourceQueueUrl: undispatchedQueueUrl,
    read: readUndispatched,
    destinationOf: ({ body }) => ({ queueUrl: eventsQueueUrl, entry: { body } }),
    isDuplicate: ({ body }, moved) => {
      for (const event of moved.slice(hashed)) hashes.add(hashOf(event.body));
      hashed = moved.length;
      return hashes.has(hashOf(body));
    },
  });
}

/** The dispatcher, the bus and SQS send messages to this queue. Each has its own way to state the reason. */
export function readUndispatched(message: Message): UndispatchedEvent {
  const common = readQueueMessage(message);
  const attributeOf = (name: string): string | undefined => message.MessageAttributes?.[name]?.StringValue;
  const event = objectInBody(common.body);
  const detail = objectIn(event.detail);
  const names = { eventId: detail.id, accountId: detail.account_id, type: event['detail-type'] };
  const texts = Object.entries(names).filter(([, value]) => typeof value === 'string');
  return {
    ...common,
    reason: attributeOf('reason') ?? reasonOfBusOrSqs(attributeOf, message.Attributes ?? {}),
    ...Object.fromEntries(texts),
  };
}

function reasonOfBusOrSqs(
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
