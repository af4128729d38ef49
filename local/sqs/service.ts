import type { AwsService } from '../aws-calls.ts';
import type { Action } from './actions/action.ts';
import { changeMessageVisibility } from './actions/change-message-visibility.ts';
import { changeMessageVisibilityBatch } from './actions/change-message-visibility-batch.ts';
import { deleteMessage } from './actions/delete-message.ts';
import { deleteMessageBatch } from './actions/delete-message-batch.ts';
import { getQueueAttributes } from './actions/get-queue-attributes.ts';
import { getQueueUrl } from './actions/get-queue-url.ts';
import { listDeadLetterSourceQueues } from './actions/list-dead-letter-source-queues.ts';
import { listMessageMoveTasks } from './actions/list-message-move-tasks.ts';
import { listQueues } from './actions/list-queues.ts';
import { purgeQueue } from './actions/purge-queue.ts';
import { receiveMessage } from './actions/receive-message.ts';
import { sendMessage } from './actions/send-message.ts';
import { sendMessageBatch } from './actions/send-message-batch.ts';
import { startMessageMoveTask } from './actions/start-message-move-task.ts';
import type { SqsEngine } from './engine.ts';
import { unsupportedOperation } from './errors.ts';

/** The supported actions. Queues are created from the template only. */
const ACTIONS: ReadonlyMap<string, Action> = new Map<string, Action>([
  ['ChangeMessageVisibility', changeMessageVisibility],
  ['ChangeMessageVisibilityBatch', changeMessageVisibilityBatch],
  ['DeleteMessage', deleteMessage],
  ['DeleteMessageBatch', deleteMessageBatch],
  ['GetQueueAttributes', getQueueAttributes],
  ['GetQueueUrl', getQueueUrl],
  ['ListDeadLetterSourceQueues', listDeadLetterSourceQueues],
  ['ListMessageMoveTasks', listMessageMoveTasks],
  ['ListQueues', listQueues],
  ['PurgeQueue', purgeQueue],
  ['ReceiveMessage', receiveMessage],
  ['SendMessage', sendMessage],
  ['SendMessageBatch', sendMessageBatch],
  ['StartMessageMoveTask', startMessageMoveTask],
]);

/** SQS's API, implemented with an engine. */
export function createSqsService(engine: SqsEngine): AwsService {
  return {
    async call(action, input, context) {
      const run = ACTIONS.get(action);
      if (run === undefined) {
        throw unsupportedOperation(
          `The local cloud's SQS does not support ${action}; it supports ${[...ACTIONS.keys()].join(', ')}.`,
        );
      }
      return run(engine, input, context);
    },
  };
}
