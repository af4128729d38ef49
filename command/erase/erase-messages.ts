import type { Message, SQSClient } from '@aws-sdk/client-sqs';
import { type AccountId, type EventId, eventIdFromBus } from '../../lambdas/shared/domain/ids.ts';
import type { Timer } from '../../lambdas/shared/runtime/clock.ts';
import {
  moveMessages,
  objectIn,
  objectInBody,
  type QueueMessage,
  readQueueMessage,
} from '../queues/move-messages.ts';
import { requireOutput } from '../shared/target.ts';

/** The queues that no function reads. Messages of the other queues are still being processed. */
export const OPERATOR_QUEUES = ['Exhausted', 'Poison', 'Unreadable', 'Undispatched'] as const;
export type OperatorQueue = (typeof OPERATOR_QUEUES)[number];

interface OwnedMessage extends QueueMessage {
  readonly accountId: unknown;
  readonly eventId: unknown;
}

export interface ErasedMessages {
  readonly found: number;
  readonly failed: number;
  /** Whether the limit was reached, so that the queue may have more messages. */
  readonly mayHaveMore: boolean;
}

/** Deletes the messages of an event, or of a whole account, from one queue; with `confirm: false` it counts them. */
export async function eraseMessages(request: {
  readonly sqs: Pick<SQSClient, 'send'>;
  readonly timer: Timer;
  readonly outputs: Readonly<Record<string, string>>;
  readonly queue: OperatorQueue;
  readonly accountId: AccountId;
  /** Undefined: all messages of the account. */
  readonly eventId: EventId | undefined;
  readonly limit: number;
  readonly confirm: boolean;
  readonly onProgress: (count: number) => void;
}): Promise<ErasedMessages> {
  const { accountId, eventId, outputs, queue, ...rest } = request;
  const { selected, failed, mayHaveMore } = await moveMessages({
    ...rest,
    sourceQueueUrl: requireOutput({ outputs }, `${queue}QueueUrl`),
    read: readMessage,
    isSelected: (message) =>
      message.accountId === accountId && (eventId === undefined || message.eventId === eventId),
    destinationOf: () => ({ deleted: true }),
  });
  return { found: selected.length + failed.length, failed: failed.length, mayHaveMore };
}

/**
 * A delivery or a recovery has its ids in its body. An undispatched event has them in its detail, or in the attributes of
 * the message. A text that is not JSON is searched for them.
 */
function readMessage(message: Message): OwnedMessage {
  const common = readQueueMessage(message);
  const json = objectInBody(common.body);
  const detail = objectIn(json.detail);
  const attributeOf = (name: string): string | undefined => message.MessageAttributes?.[name]?.StringValue;
  // In a text that is JSON, a field of this name may be part of an event's data.
  const isJson = Object.keys(json).length > 0;
  const idOf = (name: string): unknown =>
    attributeOf(name) ?? (isJson ? (json[name] ?? detail[name]) : fieldInText(common.body, name));
  const ownId = detail.id ?? (typeof json.id === 'string' ? eventIdFromBus(json.id) : undefined);
  return { ...common, accountId: idOf('account_id'), eventId: idOf('event_id') ?? ownId };
}

/** The value of a field in a text that may be truncated or escaped. */
function fieldInText(text: string, name: string): string | undefined {
  return new RegExp(`${name}\\\\*"\\s*:\\s*\\\\*"([A-Za-z0-9_-]{1,64})\\\\*"`).exec(text)?.[1];
}
