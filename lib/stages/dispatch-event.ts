import { type EventPattern, type IEventBusRef, Match, Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import type { Function as LambdaFn } from 'aws-cdk-lib/aws-lambda';
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Duration, Validations } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { KEY_PATTERNS } from '../../lambdas/shared/store/keys.ts';
import type { Concurrency } from '../shared/concurrency.ts';
import { consume } from '../shared/event-source.ts';
import { createFunction, type FunctionHouse } from '../shared/function.ts';
import type { Lanes } from '../shared/lanes.ts';
import { allow, allowConsuming, allowDecrypting, allowSending, onPartitions } from '../shared/permissions.ts';
import { createLastStop, createWorkQueue } from '../shared/queue.ts';
import type { Storage } from '../shared/storage.ts';

/** The longest that a queue keeps a message: an outage of ours of two weeks loses nothing. */
const PARKED_RETENTION = Duration.days(14);

/** Twice the others' CPU: one event of 256 KiB for 1,000 webhooks is signed and escaped within one run. */
const MEMORY_MB = 512;

/**
 * SQS's most. At visibility timeouts that grow to 15 minutes these are about ten days; what still fails then
 * moves to where a person sees it, for the rest of the fourteen, rather than expiring unseen.
 */
const MAX_PARKED_RECEIVES = 1_000;

/** What the bus and Lambda try by themselves before they park an event: the queue is the patient one. */
const RULE_RETRIES = { retryAttempts: 185, maxEventAge: Duration.hours(1) };
const ASYNC_RETRIES = { retryAttempts: 2, maxEventAge: Duration.hours(1) };

export interface DispatchEventProps extends FunctionHouse {
  readonly concurrency: Concurrency;
  readonly bus: IEventBusRef;
  /** What of the bus is a domain event. System events have a rule of their own. */
  readonly domainEvents: EventPattern;
  readonly systemEventSource: string;
  readonly retryDelaysSeconds: readonly number[];
  readonly storage: Storage;
  readonly lanes: Lanes;
}

/** From the bus to the lanes: finds who wants an event and enqueues one signed delivery for each. */
export class DispatchEvent extends Construct {
  /** Events that could not be run yet. The dispatcher takes them up again by itself, for up to 14 days. */
  readonly parked: Queue;
  /** Events that can never be dispatched, with the reason. */
  readonly undispatched: Queue;

  private readonly dispatcher: LambdaFn;

  constructor(scope: Construct, id: string, props: DispatchEventProps) {
    super(scope, id);
    this.undispatched = createLastStop(this, 'Undispatched');
    this.parked = createWorkQueue(this, 'Parked', {
      retentionPeriod: PARKED_RETENTION,
      deadLetterQueue: { queue: this.undispatched, maxReceiveCount: MAX_PARKED_RECEIVES },
    });
    this.dispatcher = this.createDispatcher(props);

    consume(this, 'FromParked', this.parked, this.dispatcher, {
      batchSize: 10,
      maxConcurrency: props.concurrency.dispatch,
    });
    this.route('DomainEvents', props.bus, props.domainEvents);
    this.route('SystemEvents', props.bus, { source: Match.exactString(props.systemEventSource) });
  }

  private createDispatcher(props: DispatchEventProps): LambdaFn {
    const { storage, lanes, catalogueFile, logRetention } = props;
    const dispatcher = createFunction(this, {
      step: 'dispatch-event',
      description: 'Finds the webhooks that want an event and enqueues a signed delivery for each',
      catalogueFile,
      logRetention,
      memorySize: MEMORY_MB,
      ...ASYNC_RETRIES,
      onFailure: new SqsDestination(this.parked),
      environment: {
        WEBHOOKS_TABLE: storage.webhooks.tableName,
        DELIVERIES_TABLE: storage.deliveries.tableName,
        FIRST_QUEUE_URL: lanes.first.queueUrl,
        SLOW_QUEUE_URL: lanes.slow.queueUrl,
        PARKED_QUEUE_URL: this.parked.queueUrl,
        UNDISPATCHED_QUEUE_URL: this.undispatched.queueUrl,
        SYSTEM_EVENT_SOURCE: props.systemEventSource,
        RETRY_DELAYS_SECONDS: JSON.stringify(props.retryDelaysSeconds),
      },
      permissions: [
        allow(['dynamodb:Query'], [storage.webhooks.tableArn], onPartitions(KEY_PATTERNS.account)),
        allow(['dynamodb:GetItem'], [storage.webhooks.tableArn], onPartitions(KEY_PATTERNS.keyring)),
        allow(
          ['dynamodb:PutItem'],
          [storage.deliveries.tableArn],
          onPartitions(KEY_PATTERNS.event, KEY_PATTERNS.webhookDeliveries),
        ),
        allow(['dynamodb:GetItem'], [storage.deliveries.tableArn], onPartitions(KEY_PATTERNS.event)),
        allowDecrypting(storage.secretsKey),
        allowSending([lanes.first, lanes.slow, this.undispatched, this.parked]),
        allowConsuming([this.parked]),
      ],
    });
    Validations.of(dispatcher).acknowledge({
      id: 'Serverless-LambdaDLQ',
      reason:
        'Its on-failure destination, the parked queue, receives what a dead-letter queue would, with the cause.',
    });
    return dispatcher;
  }

  /** Where the bus cannot invoke the dispatcher, the event is parked too. */
  private route(id: string, eventBus: IEventBusRef, eventPattern: EventPattern): void {
    const target = new LambdaFunction(this.dispatcher, { deadLetterQueue: this.parked, ...RULE_RETRIES });
    new Rule(this, id, { eventBus, eventPattern, targets: [target] });
  }
}
