import { EventSourceMapping, type IFunction } from 'aws-cdk-lib/aws-lambda';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { type Duration, Validations } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { Pollers } from './pollers.ts';

export interface ConsumeOptions {
  readonly batchSize: number;
  /** How long to wait for a batch to fill. Default: not at all. */
  readonly maxBatchingWindow?: Duration;
  /** Invocations at once: a limit here makes messages wait, where a reserved concurrency would use up their receives. */
  readonly maxConcurrency: number;
  /** Provisioned pollers instead of `maxConcurrency`: Lambda takes one of the two. */
  readonly pollers?: Pollers;
}

/** Feeds a function from a queue. The function answers with the messages that it did not handle. */
export function consume(
  scope: Construct,
  id: string,
  queue: IQueue,
  target: IFunction,
  { pollers, maxConcurrency, ...batches }: ConsumeOptions,
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
    reason: "Lambda offers no failure destination for SQS: the queue's own redrive policy is it.",
  });
  return mapping;
}
