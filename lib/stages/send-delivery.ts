import type { IEventBusRef } from 'aws-cdk-lib/aws-events';
import { RecursiveLoop } from 'aws-cdk-lib/aws-lambda';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Duration, Validations } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { SENDER_WEBHOOK_ATTRIBUTES } from '../../lambdas/shared/store/iam-attributes.ts';
import { KEY_PATTERNS } from '../../lambdas/shared/store/keys.ts';
import type { Concurrency } from '../shared/concurrency.ts';
import { type ConsumeOptions, consume } from '../shared/event-source.ts';
import { createFunction, type FunctionHouse } from '../shared/function.ts';
import type { Lanes } from '../shared/lanes.ts';
import {
  allow,
  allowConsuming,
  allowDecrypting,
  allowPublishing,
  allowSending,
  onAttributes,
  onPartitions,
} from '../shared/permissions.ts';
import type { Pollers } from '../shared/pollers.ts';
import type { Storage } from '../shared/storage.ts';
import { VISIBILITY_TIMEOUT } from '../shared/timing.ts';

/** One environment of the slow lane holds up to a hundred hanging sockets. */
const SLOW_MEMORY_MB = 512;

const QUICK_BATCH = { batchSize: 10 };

/** SQS hands over more than ten messages at once only to those who wait for at least a second. */
const SLOW_BATCH = { batchSize: 100, maxBatchingWindow: Duration.seconds(1) };

export interface SendDeliveryProps extends FunctionHouse {
  readonly storage: Storage;
  readonly lanes: Lanes;
  /** Where system events are published, and as what. */
  readonly bus: IEventBusRef;
  readonly systemEventSource: string;
  readonly retryDelaysSeconds: readonly number[];
  readonly successStatus: '200' | '2xx';
  readonly allowPrivateEndpoints: boolean;
  /** This deployment's own API, which no webhook may point at. */
  readonly apiHost: string;
  readonly concurrency: Concurrency;
  /** Of the first lane, instead of its maximum concurrency. */
  readonly firstLanePollers?: Pollers;
}

/**
 * From the lanes to the customers: POSTs deliveries, records them, schedules their retries. One code, three
 * functions, each with its own concurrency, so that endpoints in trouble never hold up the others.
 */
export class SendDelivery extends Construct {
  constructor(scope: Construct, id: string, props: SendDeliveryProps) {
    super(scope, id);
    const { concurrency, firstLanePollers: pollers } = props;
    const { first, retries, slow } = props.lanes;
    new Lane(this, 'FirstLane', {
      ...props,
      lane: 'first',
      sources: [first],
      // Only first attempts come this way, and they are followed by retry 1.
      followUps: retries.slice(0, 1),
      consumption: {
        ...QUICK_BATCH,
        maxConcurrency: concurrency.first,
        ...(pollers === undefined ? {} : { pollers }),
      },
    });
    new Lane(this, 'RetryLane', {
      ...props,
      lane: 'retry',
      sources: retries,
      followUps: retries,
      consumption: { ...QUICK_BATCH, maxConcurrency: concurrency.retry },
    });
    new Lane(this, 'SlowLane', {
      ...props,
      lane: 'slow',
      sources: [slow],
      followUps: retries,
      consumption: { ...SLOW_BATCH, maxConcurrency: concurrency.slow },
      memorySize: SLOW_MEMORY_MB,
    });
  }
}

interface LaneProps extends SendDeliveryProps {
  readonly lane: 'first' | 'retry' | 'slow';
  readonly sources: readonly IQueue[];
  /** The retry queues that it may write to. */
  readonly followUps: readonly IQueue[];
  /** Of each source. */
  readonly consumption: ConsumeOptions;
  readonly memorySize?: number;
}

class Lane extends Construct {
  constructor(scope: Construct, id: string, props: LaneProps) {
    super(scope, id);
    const { lanes, storage, sources } = props;
    const sender = createFunction(this, {
      step: 'send-delivery',
      description: `POSTs deliveries to customers' endpoints: the ${props.lane} lane`,
      catalogueFile: props.catalogueFile,
      logRetention: props.logRetention,
      ...(props.memorySize === undefined ? {} : { memorySize: props.memorySize }),
      // It feeds its own queues by design; Lambda would stop it after about 16 hops.
      recursiveLoop: RecursiveLoop.ALLOW,
      environment: {
        LANE: props.lane,
        WEBHOOKS_TABLE: storage.webhooks.tableName,
        DELIVERIES_TABLE: storage.deliveries.tableName,
        RECORD_RETENTION_DAYS: String(storage.recordRetentionDays),
        LANE_QUEUE_URLS: urlsByArn(sources),
        RETRY_QUEUE_URLS: `[${lanes.retries.map((queue) => `"${queue.queueUrl}"`).join(',')}]`,
        RETRY_DELAYS_SECONDS: JSON.stringify(props.retryDelaysSeconds),
        VISIBILITY_TIMEOUT_SECONDS: String(VISIBILITY_TIMEOUT.toSeconds()),
        SLOW_QUEUE_URL: lanes.slow.queueUrl,
        EXHAUSTED_QUEUE_URL: lanes.exhausted.queueUrl,
        UNREADABLE_QUEUE_URL: lanes.unreadable.queueUrl,
        EVENT_BUS_NAME: props.bus.eventBusRef.eventBusName,
        SYSTEM_EVENT_SOURCE: props.systemEventSource,
        SUCCESS_STATUS: props.successStatus,
        ALLOW_PRIVATE_ENDPOINTS: String(props.allowPrivateEndpoints),
        API_HOST: props.apiHost,
      },
      permissions: [
        allowConsuming(sources),
        allowSending([lanes.exhausted, lanes.unreadable, lanes.slow, ...props.followUps]),
        // One call reads both tables. Should AWS hold all of its keys against each table's statement, both fit.
        allow(
          ['dynamodb:BatchGetItem'],
          [storage.webhooks.tableArn, storage.deliveries.tableArn],
          onPartitions(KEY_PATTERNS.account, KEY_PATTERNS.webhookDeliveries),
        ),
        allow(['dynamodb:GetItem'], [storage.webhooks.tableArn], onPartitions(KEY_PATTERNS.keyring)),
        allow(
          ['dynamodb:UpdateItem'],
          [storage.webhooks.tableArn],
          onAttributes(SENDER_WEBHOOK_ATTRIBUTES, KEY_PATTERNS.account),
        ),
        // Records are written together where nothing can be recorded yet: never for a retry.
        allow(
          ['dynamodb:UpdateItem', ...(props.lane === 'retry' ? [] : ['dynamodb:BatchWriteItem'])],
          [storage.deliveries.tableArn],
          onPartitions(KEY_PATTERNS.webhookDeliveries),
        ),
        allowDecrypting(storage.secretsKey),
        allowPublishing(props.bus, props.systemEventSource),
      ],
    });
    Validations.of(sender).acknowledge({
      id: 'Serverless-LambdaDLQ',
      reason:
        "It is invoked by event source mappings alone: the queues' redrive policy is its dead-letter queue.",
    });
    sources.forEach((queue, index) => {
      consume(this, `Source${index + 1}`, queue, sender, props.consumption);
    });
  }
}

/** The sender postpones a message by the URL of its queue, but learns only the ARN with it. */
function urlsByArn(queues: readonly IQueue[]): string {
  return `{${queues.map((queue) => `"${queue.queueArn}":"${queue.queueUrl}"`).join(',')}}`;
}
