import { AwsError, type Json } from '../../aws-calls.ts';
import type { SqsEngine } from '../engine.ts';
import { readTexts } from '../input.ts';
import { MAX_MESSAGE_BYTES } from '../limits.ts';
import type { QueueSettings } from '../settings.ts';
import { requireQueue } from './action.ts';

export function getQueueAttributes(engine: SqsEngine, input: Json): Json {
  const queue = requireQueue(engine, input);
  const requested = readTexts(input, 'AttributeNames');
  const all = describe(engine, queue);
  const unknown = requested.find((name) => name !== 'All' && !KNOWN_NAMES.has(name));
  if (unknown !== undefined) {
    throw new AwsError({
      code: 'InvalidAttributeName',
      message: `Unknown Attribute ${unknown}.`,
      queryCode: 'InvalidAttributeName',
    });
  }
  const chosen = Object.entries(all).filter(
    ([name]) => requested.includes('All') || requested.includes(name),
  );
  return chosen.length === 0 ? {} : { Attributes: Object.fromEntries(chosen) };
}

/** Valid names. The response omits attributes for which a queue has no value. */
const KNOWN_NAMES: ReadonlySet<string> = new Set([
  'QueueArn',
  'ApproximateNumberOfMessages',
  'ApproximateNumberOfMessagesNotVisible',
  'ApproximateNumberOfMessagesDelayed',
  'CreatedTimestamp',
  'LastModifiedTimestamp',
  'VisibilityTimeout',
  'DelaySeconds',
  'MessageRetentionPeriod',
  'MaximumMessageSize',
  'ReceiveMessageWaitTimeSeconds',
  'RedrivePolicy',
  'RedriveAllowPolicy',
  'Policy',
  'KmsMasterKeyId',
  'KmsDataKeyReusePeriodSeconds',
  'SqsManagedSseEnabled',
]);

function describe(engine: SqsEngine, queue: QueueSettings): Record<string, string> {
  const counts = engine.counts(queue.url);
  const createdAt = String(Math.floor(engine.createdAt(queue.url) / 1000));
  return {
    QueueArn: queue.arn,
    ApproximateNumberOfMessages: String(counts.visible),
    ApproximateNumberOfMessagesNotVisible: String(counts.inFlight),
    ApproximateNumberOfMessagesDelayed: String(counts.delayed),
    CreatedTimestamp: createdAt,
    LastModifiedTimestamp: createdAt,
    VisibilityTimeout: String(queue.visibilityTimeoutSeconds),
    DelaySeconds: String(queue.delaySeconds),
    MessageRetentionPeriod: String(queue.retentionSeconds),
    MaximumMessageSize: String(queue.maximumMessageBytes ?? MAX_MESSAGE_BYTES),
    ReceiveMessageWaitTimeSeconds: String(queue.receiveWaitSeconds ?? 0),
    SqsManagedSseEnabled: 'true',
    ...(queue.redrive === undefined
      ? {}
      : {
          RedrivePolicy: JSON.stringify({
            deadLetterTargetArn: queue.redrive.deadLetterArn,
            maxReceiveCount: queue.redrive.maxReceiveCount,
          }),
        }),
  };
}
