import { EventSourceMapping, type IFunction } from 'aws-cdk-lib/aws-lambda';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { type Duration, Validations } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { Pollers } from './pollers.ts';

export interface EventSourceOptions {
  readonly batchSize: number;
  /** The longest time to wait until a batch is full. Default: 0. */
  readonly maxBatchingWindow?: Duration;
  /**
   * The most invocations at once. Messages above this limit wait in the queue. With a reserved concurrency of the
   * function instead, they would be received, throttled and returned, which increases their receive count.
   */
  readonly maxConcurrency: number;
  /** Provisioned pollers, instead of `maxConcurrency`: Lambda accepts only one of the two. */
  readonly pollers?: Pollers;
}

/** Invokes a function with batches of a queue's messages. The function returns the messages that it did not handle. */
export function addEventSource(
  scope: Construct,
  id: string,
  queue: IQueue,
  target: IFunction,
  { pollers, maxConcurrency, ...batches }: EventSourceOptions,
): EventSourceMapping {
  const mapping = new EventSourceMapping(scope, id, {
    target,
    eventSourceArn: queue.queueArn,
    reportBatchItemFailures: true,
    ...batches,
    ...(pollers === undefined
      ? { maxConcurrency }
      : {
          provisionedPollerConfig: { minimumPollers: pollers.minimum, maximumPollers: pollers.maximum },
        }),
  });
  Validations.of(mapping).acknowledge({
    id: 'Serverless-LambdaEventSourceMappingDestination',
    reason:
      "Lambda offers no failure destination for SQS: the queue's redrive policy names its dead-letter queue.",
  });
  return mapping;
}
