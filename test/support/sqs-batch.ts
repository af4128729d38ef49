import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import type { SqsEngine } from '../../local/sqs/engine.ts';

const MAX_BATCH_MESSAGES = 10;

/** A received batch, as the event of an event source mapping. */
export interface SqsBatch {
  readonly event: SQSEvent;
  /** Deletes the messages that did not fail, as an event source mapping does. */
  acknowledge(response: SQSBatchResponse): void;
}

/** `receiveCount`: of all messages, instead of the number of their receipts. */
export function receiveBatch(
  engine: SqsEngine,
  queue: { url: string; arn: string },
  { max = MAX_BATCH_MESSAGES, receiveCount }: { max?: number; receiveCount?: number | undefined } = {},
): SqsBatch {
  const received = engine.receive({ queueUrl: queue.url, max });
  const Records = received.map(({ message, receiptHandle }) => ({
    messageId: message.id,
    receiptHandle,
    body: message.body,
    attributes: {
      ApproximateReceiveCount: String(receiveCount ?? message.receiveCount),
      SentTimestamp: '0',
      SenderId: 'test',
      ApproximateFirstReceiveTimestamp: String(message.firstReceivedAt ?? 0),
    },
    messageAttributes: {},
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN: queue.arn,
    awsRegion: 'us-east-1',
  }));
  return {
    event: { Records },
    acknowledge({ batchItemFailures }) {
      const failed = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
      for (const { message, receiptHandle } of received) {
        if (!failed.has(message.id)) engine.deleteMessage(queue.url, receiptHandle);
      }
    },
  };
}
