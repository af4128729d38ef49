import type { Message } from '@aws-sdk/client-sqs';
import type { QueueEntry } from '../../lambdas/shared/runtime/queues.ts';
import { requireOutput } from '../shared/target.ts';
import {
  type Destination,
  type MoveRequest,
  type MoveResult,
  moveMessages,
  objectInBody,
  type QueueMessage,
  readQueueMessage,
} from './move-messages.ts';

/** A message of *exhausted* or *poison*: a delivery, a recovery, or a text that no function can read. */
export interface FailedMessage extends QueueMessage {
  readonly accountId?: string;
  readonly webhookId?: string;
  readonly deliveryId?: string;
  readonly eventType?: string;
  /** The name of the queue from which SQS moved it. Absent for a message that was sent to this queue. */
  readonly sourceQueue?: string;
  readonly groupId?: string;
}

export interface RedriveRequest
  extends Pick<MoveRequest<FailedMessage>, 'sqs' | 'timer' | 'limit' | 'confirm' | 'onProgress'> {
  readonly queue: RedriveQueue;
  /** The outputs of the stack, which name its queues. */
  readonly outputs: Readonly<Record<string, string>>;
  readonly accountId?: string | undefined;
  readonly webhookId?: string | undefined;
}

export const REDRIVE_QUEUES = ['exhausted', 'poison'] as const;
export type RedriveQueue = (typeof REDRIVE_QUEUES)[number];

/** Queues whose redrive target is *poison*. */
const LANE_OUTPUT = /^(First|Retry\d|Later|Slow|Recoveries)QueueUrl$/;

/**
 * Moves messages back to their lanes. An exhausted delivery is sent to the first lane, where it becomes a new delivery with
 * all its attempts. A poison message is sent to the queue from which SQS moved it.
 *
 * Exhausted messages that arrive during the run are not selected: otherwise a delivery that fails again would be moved
 * again until the limit is reached.
 */
export async function redrive(request: RedriveRequest): Promise<MoveResult<FailedMessage>> {
  const { queue, outputs, accountId, webhookId, ...rest } = request;
  const startedAt = new Date(request.timer.now()).toISOString();
  const destinationOf = queue === 'exhausted' ? toFirstLane(outputs) : toSource(outputs);
  return moveMessages({
    ...rest,
    sourceQueueUrl: requireOutput(
      { outputs },
      queue === 'exhausted' ? 'ExhaustedQueueUrl' : 'PoisonQueueUrl',
    ),
    read: readFailed,
    destinationOf,
    isSelected: (message) =>
      (accountId === undefined || message.accountId === accountId) &&
      (webhookId === undefined || message.webhookId === webhookId) &&
      (queue === 'poison' || message.sentAt <= startedAt),
  });
}

function toFirstLane(outputs: RedriveRequest['outputs']): (message: FailedMessage) => Destination {
  const queueUrl = requireOutput({ outputs }, 'FirstQueueUrl');
  return (message) =>
    message.deliveryId === undefined
      ? { refused: 'it is not a delivery' }
      : { queueUrl, entry: entryOf(message, message.accountId) };
}

function toSource(outputs: RedriveRequest['outputs']): (message: FailedMessage) => Destination {
  const byName = new Map(
    Object.entries(outputs).flatMap(([name, url]) =>
      LANE_OUTPUT.test(name) ? [[url.slice(url.lastIndexOf('/') + 1), url] as const] : [],
    ),
  );
  return (message) => {
    const { sourceQueue } = message;
    if (sourceQueue === undefined) return { refused: 'SQS does not say from which queue it was moved' };
    const queueUrl = byName.get(sourceQueue);
    return queueUrl === undefined
      ? { refused: `the stack has no queue ${sourceQueue} any more` }
      : { queueUrl, entry: entryOf(message, message.groupId) };
  };
}

function entryOf({ body }: FailedMessage, groupId: string | undefined): QueueEntry {
  return { body, ...(groupId === undefined ? {} : { groupId }) };
}

export function readFailed(message: Message): FailedMessage {
  const common = readQueueMessage(message);
  const { account_id, webhook_id, delivery_id, event_type } = objectInBody(common.body);
  const fields = {
    accountId: account_id,
    webhookId: webhook_id,
    deliveryId: delivery_id,
    eventType: event_type,
    sourceQueue: message.Attributes?.DeadLetterQueueSourceArn?.split(':').at(-1),
    groupId: message.Attributes?.MessageGroupId,
  };
  return {
    ...common,
    ...Object.fromEntries(Object.entries(fields).filter(([, value]) => typeof value === 'string')),
  };
}
