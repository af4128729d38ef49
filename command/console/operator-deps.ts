import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { SQSClient } from '@aws-sdk/client-sqs';
import type { Timer } from '../../lambdas/shared/runtime/clock.ts';
import type { MoveResult, QueueMessage } from '../queues/move-messages.ts';
import type { OperatorChange } from '../shared/record-change.ts';
import type { Target } from '../shared/target.ts';

export interface OperatorDeps {
  readonly target: Target;
  /** The name or ARN of the stack. Undefined for the local cloud. */
  readonly stack: string | undefined;
  readonly dynamodb: DynamoDBClient;
  readonly sqs: SQSClient;
  readonly timer: Timer;
  readonly operator: string;
  readonly readOnly: boolean;
  /** Records the change in the audit log, and makes it. */
  readonly recordMoves: <M extends QueueMessage>(
    change: OperatorChange,
    move: () => Promise<MoveResult<M>>,
  ) => Promise<MoveResult<M>>;
}
