import type { IEventBusRef } from 'aws-cdk-lib/aws-events';
import { type Function as LambdaFn, RecursiveLoop } from 'aws-cdk-lib/aws-lambda';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Duration, Validations } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { DisableAfter } from '../../lambdas/shared/domain/health.ts';
import type { Lane as LaneName } from '../../lambdas/shared/domain/lane.ts';
import { SENDER_WEBHOOK_ATTRIBUTES } from '../../lambdas/shared/store/iam-attributes.ts';
import { KEY_PATTERNS } from '../../lambdas/shared/store/keys.ts';
import type { Concurrency } from '../shared/concurrency.ts';
import { addSenderAlarms } from '../shared/deployment-alarms.ts';
import { addEventSource, type EventSourceOptions } from '../shared/event-source.ts';
import { type CommonFunctionProps, createFunction } from '../shared/function.ts';
import { alarmOnConcurrency, type CappedFunction } from '../shared/function-alarms.ts';
import type { Lanes } from '../shared/lanes.ts';
import {
  allow,
  allowConsuming,
  allowDecrypting,
  allowNetworkInterfaces,
  allowPublishing,
  allowSending,
  onAttributes,
  onPartitions,
} from '../shared/permissions.ts';
import { CONCURRENCY_OF_A_POLLER, type Pollers } from '../shared/pollers.ts';
import type { SenderVpc } from '../shared/sender-network.ts';
import type { Storage } from '../shared/storage.ts';
import { VISIBILITY_TIMEOUT } from '../shared/timing.ts';

/**
 * Parts of the first lane's cap. Above a quarter, a burst of hanging endpoints delays the other deliveries for longer than
 * `docs/isolation.md` states.
 */
const ISOLATION_HEADROOM = { part: 0.25, minutes: 15 };
const HEADROOM = { part: 0.5, minutes: 5 };

/** An environment of the slow lane has up to a hundred open sockets. */
const SLOW_MEMORY_MB = 512;

const QUICK_BATCH = { batchSize: 10 };

/** Lambda: a batch size above ten requires a batching window of at least one second. */
const SLOW_BATCH = { batchSize: 100, maxBatchingWindow: Duration.seconds(1) };

export interface SendDeliveryProps extends CommonFunctionProps {
  readonly storage: Storage;
  readonly lanes: Lanes;
  /** The bus to which system events are published. */
  readonly bus: IEventBusRef;
  readonly systemEventSource: string;
  readonly retryDelaysSeconds: readonly number[];
  /** The longest wait that a `Retry-After` header can request. 0: the header is ignored. */
  readonly maxRetryAfterSeconds: number;
  readonly successStatus: '200' | '2xx';
  readonly forwardTraceparent: boolean;
  readonly disableAfter: DisableAfter | false;
  readonly allowPrivateEndpoints: boolean;
  /** The hosts of this deployment's API, which no webhook's URL may have. */
  readonly apiHosts: readonly string[];
  /** The VPC from which requests are sent. Default: none, Lambda's own network. */
  readonly senderVpc?: SenderVpc;
  /** The URL of the canary, which has that host. Absent: the deployment has no canary. */
  readonly canaryUrl?: string;
  readonly concurrency: Concurrency;
  /** Replaces the maximum concurrency of the first lane. */
  readonly firstLanePollers?: Pollers;
}

/**
 * Receives deliveries from the lanes, POSTs them to customers' endpoints, records them and enqueues their retries. Each
 * lane has a function with the same code and its own concurrency, so that hanging endpoints do not delay the others.
 */
export class SendDelivery extends Construct {
  /** The function of each lane, with the most concurrent runs. */
  readonly functions: readonly CappedFunction[];
  /** One for each lane. */
  readonly senders: Readonly<Record<LaneName, LambdaFn>>;

  constructor(scope: Construct, id: string, props: SendDeliveryProps) {
    super(scope, id);
    const { concurrency, firstLanePollers: pollers } = props;
    const { first, retries, later, slow } = props.lanes;
    const isLater = (retry: number): boolean => retries[retry - 1] === undefined;
    const honorsRetryAfter = props.maxRetryAfterSeconds > 0;
    const hasLaterRetries = props.retryDelaysSeconds.some((_, index) => isLater(index + 1));
    const firstLane = new Lane(this, 'FirstLane', {
      ...props,
      lane: 'first',
      sources: [first],
      // This lane makes only first attempts, which are followed by retry 1.
      followUps: [...retries.slice(0, 1), ...(honorsRetryAfter || isLater(1) ? [later] : [])],
      eventSource: {
        ...QUICK_BATCH,
        maxConcurrency: concurrency.first,
        ...(pollers === undefined ? {} : { pollers }),
      },
    });
    const retryLane = new Lane(this, 'RetryLane', {
      ...props,
      lane: 'retry',
      sources: [...retries, later],
      // It also returns messages to the later queue that were enqueued before a change of the settings.
      followUps: [...retries, later],
      eventSource: { ...QUICK_BATCH, maxConcurrency: concurrency.retry },
    });
    const slowLane = new Lane(this, 'SlowLane', {
      ...props,
      lane: 'slow',
      sources: [slow],
      followUps: [...retries, ...(honorsRetryAfter || hasLaterRetries ? [later] : [])],
      eventSource: { ...SLOW_BATCH, maxConcurrency: concurrency.slow },
      memorySize: SLOW_MEMORY_MB,
    });
    this.senders = { first: firstLane.sender, retry: retryLane.sender, slow: slowLane.sender };
    const { monitoring } = props;
    const firstCap = pollers === undefined ? concurrency.first : pollers.maximum * CONCURRENCY_OF_A_POLLER;
    this.functions = [
      { name: 'first', fn: firstLane.sender, cap: firstCap },
      { name: 'retry', fn: retryLane.sender, cap: concurrency.retry * (retries.length + 1) },
      { name: 'slow', fn: slowLane.sender, cap: concurrency.slow },
    ];
    alarmOnConcurrency(this, monitoring, firstLane.sender, {
      of: 'first-isolation',
      severity: 'ticket',
      meaning: 'First attempts use a quarter of their cap: hanging endpoints can delay other customers.',
      cap: firstCap,
      ...ISOLATION_HEADROOM,
    });
    for (const { name: of, fn, cap } of this.functions) {
      alarmOnConcurrency(this, monitoring, fn, {
        of,
        severity: of === 'first' ? 'page' : 'ticket',
        meaning: `The ${of} lane uses half of its cap: its deliveries will be late.`,
        cap,
        ...HEADROOM,
      });
    }
    addSenderAlarms(this, monitoring);
  }
}

interface LaneProps extends SendDeliveryProps {
  readonly lane: LaneName;
  readonly sources: readonly IQueue[];
  /** The retry queues and the later queue, if it may send messages to them. */
  readonly followUps: readonly IQueue[];
  /** The settings of each source. */
  readonly eventSource: EventSourceOptions;
  readonly memorySize?: number;
}

class Lane extends Construct {
  readonly sender: LambdaFn;

  constructor(scope: Construct, id: string, props: LaneProps) {
    super(scope, id);
    const { lanes, storage, sources } = props;
    this.sender = createFunction(this, {
      step: 'send-delivery',
      description: `POSTs deliveries to customers' endpoints: the ${props.lane} lane`,
      catalogueFile: props.catalogueFile,
      logRetention: props.logRetention,
      xrayTracing: props.xrayTracing,
      monitoring: props.monitoring,
      releases: props.releases,
      name: `send-delivery-${props.lane}`,
      ...props.senderVpc?.options,
      ...(props.memorySize === undefined ? {} : { memorySize: props.memorySize }),
      // It sends messages to its own queues by design. Lambda's loop detection would stop it after about 16 times.
      recursiveLoop: RecursiveLoop.ALLOW,
      environment: {
        LANE: props.lane,
        WEBHOOKS_TABLE: storage.webhooks.tableName,
        DELIVERIES_TABLE: storage.deliveries.tableName,
        RECORD_RETENTION_DAYS: String(storage.recordRetentionDays),
        LANE_QUEUE_URLS: urlsOf(sources),
        RETRY_QUEUE_URLS: urlsOf(lanes.retries),
        RETRY_DELAYS_SECONDS: JSON.stringify(props.retryDelaysSeconds),
        MAX_RETRY_AFTER_SECONDS: String(props.maxRetryAfterSeconds),
        VISIBILITY_TIMEOUT_SECONDS: String(VISIBILITY_TIMEOUT.toSeconds()),
        LATER_QUEUE_URL: lanes.later.queueUrl,
        SLOW_QUEUE_URL: lanes.slow.queueUrl,
        EXHAUSTED_QUEUE_URL: lanes.exhausted.queueUrl,
        UNREADABLE_QUEUE_URL: lanes.unreadable.queueUrl,
        EVENT_BUS_NAME: props.bus.eventBusRef.eventBusName,
        SYSTEM_EVENT_SOURCE: props.systemEventSource,
        SUCCESS_STATUS: props.successStatus,
        FORWARD_TRACEPARENT: String(props.forwardTraceparent),
        DISABLE_AFTER: JSON.stringify(props.disableAfter),
        ALLOW_PRIVATE_ENDPOINTS: String(props.allowPrivateEndpoints),
        API_HOSTS: JSON.stringify(props.apiHosts),
        ...(props.canaryUrl === undefined ? {} : { CANARY_URL: props.canaryUrl }),
      },
      permissions: [
        allowConsuming(sources),
        allowSending([lanes.exhausted, lanes.unreadable, lanes.slow, ...props.followUps]),
        // One call reads both tables. AWS may check the keys of both tables for each table: both patterns are allowed.
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
        // Records of fresh messages are written in one batch. A retry is never fresh.
        allow(
          ['dynamodb:UpdateItem', ...(props.lane === 'retry' ? [] : ['dynamodb:BatchWriteItem'])],
          [storage.deliveries.tableArn],
          onPartitions(KEY_PATTERNS.webhookDeliveries),
        ),
        allow(['dynamodb:PutItem'], [storage.deliveries.tableArn], onPartitions(KEY_PATTERNS.audit)),
        allowDecrypting(storage.secretsKey),
        allowPublishing(props.bus, props.systemEventSource),
        ...(props.senderVpc === undefined ? [] : allowNetworkInterfaces()),
      ],
    });
    Validations.of(this.sender).acknowledge({
      id: 'Serverless-LambdaDLQ',
      reason:
        'It is invoked by event source mappings alone: the redrive policy of each queue names a dead-letter queue.',
    });
    if (props.senderVpc !== undefined) {
      const reason =
        'Lambda requires these actions of EC2 on *, as in its own managed policy. The code itself is denied them.';
      Validations.of(this).acknowledge(
        { id: 'AwsSolutions-IAM5[Resource::*]', reason },
        { id: 'Serverless-LambdaStarPermissions', reason },
      );
    }
    const target = props.releases.targetOf(this.sender);
    sources.forEach((queue, index) => {
      addEventSource(this, `Source${index + 1}`, queue, target, props.eventSource);
    });
  }
}

function urlsOf(queues: readonly IQueue[]): string {
  return `[${queues.map((queue) => `"${queue.queueUrl}"`).join(',')}]`;
}
