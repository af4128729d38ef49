import { DeleteMessageCommand, GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { postpone, type Sqs } from '../shared/runtime/queues.ts';
import type { ReceivedMessage } from './ports.ts';

/** The queues that a lane receives from. All best effort: what fails here, SQS delivers again. */
export interface Sources {
  /** Makes messages come back later than their queue would have them. */
  postpone(messages: readonly ReceivedMessage[]): Promise<void>;
  /** Acknowledges a message that outlived its batch, which Lambda could not do. */
  remove(message: ReceivedMessage): Promise<void>;
  /** About how many messages could be received now; 0 where it cannot be told. */
  countWaiting(queueArn: string): Promise<number>;
}

export function createSources(sqs: Sqs, urlsByArn: Readonly<Record<string, string>>): Sources {
  return {
    async postpone(messages) {
      for (const [arn, group] of Map.groupBy(messages, ({ queueArn }) => queueArn)) {
        const queueUrl = urlsByArn[arn];
        if (queueUrl !== undefined) await postpone(sqs, queueUrl, group);
      }
    },
    async remove({ queueArn, receiptHandle }) {
      const command = new DeleteMessageCommand({
        QueueUrl: urlsByArn[queueArn],
        ReceiptHandle: receiptHandle,
      });
      await sqs.send(command).catch(() => undefined);
    },
    async countWaiting(queueArn) {
      const command = new GetQueueAttributesCommand({
        QueueUrl: urlsByArn[queueArn],
        AttributeNames: ['ApproximateNumberOfMessages'],
      });
      const answer = await sqs.send(command).catch(() => undefined);
      return Number(answer?.Attributes?.ApproximateNumberOfMessages ?? 0);
    },
  };
}
