import { type EventPattern, type IEventBusRef, type IRuleTarget, Match, Rule } from 'aws-cdk-lib/aws-events';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFn } from 'aws-cdk-lib/aws-lambda';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Duration, Validations } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { EventValidation } from '../../lambdas/shared/domain/event.ts';
import { KEY_PATTERNS } from '../../lambdas/shared/store/keys.ts';
import type { Concurrency } from '../shared/concurrency.ts';
import { addEventSource } from '../shared/event-source.ts';
import { type CommonFunctionProps, createFunction } from '../shared/function.ts';
import type { Lanes } from '../shared/lanes.ts';
import { allow, allowConsuming, allowDecrypting, allowSending, onPartitions } from '../shared/permissions.ts';
import { createOperatorQueue, createWorkQueue } from '../shared/queue.ts';
import type { Storage } from '../shared/storage.ts';

/** SQS's maximum: an outage of less than two weeks on our side loses no event. */
const EVENTS_RETENTION = Duration.days(14);

/**
 * SQS's maximum. With visibility timeouts that increase to 15 minutes, 1,000 receives take about ten days. Then the
 * event stays on the undispatched queue for the rest of the 14 days: the move does not restart the retention.
 */
const MAX_EVENT_RECEIVES = 1_000;

const BATCH_SIZE = 10;

/** Twice the default memory, and so twice the CPU: an invocation may sign and escape 256 KiB for 1,000 webhooks. */
const MEMORY_MB = 512;

/** EventBridge's maximum. The bus retries while SQS refuses an event. */
const RULE_RETRIES = { maximumRetryAttempts: 185, maximumEventAgeInSeconds: Duration.hours(24).toSeconds() };

export interface DispatchEventProps extends CommonFunctionProps {
  readonly concurrency: Concurrency;
  readonly bus: IEventBusRef;
  /** Matches the domain events of the bus. System events have a separate rule. */
  readonly domainEvents: EventPattern;
  readonly systemEventSource: string;
  readonly retryDelaysSeconds: readonly number[];
  readonly validateEvents: EventValidation;
  readonly storage: Storage;
  readonly lanes: Lanes;
}

/** Receives events from the bus. Enqueues one signed delivery for each webhook that subscribes to an event. */
export class DispatchEvent extends Construct {
  /** Events that wait to be dispatched. */
  readonly events: Queue;
  /** Events that cannot be dispatched, or that the bus could not send to the events queue, with the reason. */
  readonly undispatched: Queue;

  constructor(scope: Construct, id: string, props: DispatchEventProps) {
    super(scope, id);
    this.undispatched = createOperatorQueue(this, 'Undispatched');
    this.events = createWorkQueue(this, 'Events', {
      retentionPeriod: EVENTS_RETENTION,
      deadLetterQueue: { queue: this.undispatched, maxReceiveCount: MAX_EVENT_RECEIVES },
    });
    addEventSource(this, 'FromEvents', this.events, this.createDispatcher(props), {
      batchSize: BATCH_SIZE,
      maxConcurrency: props.concurrency.dispatch,
    });
    this.addRule('DomainEvents', props.bus, props.domainEvents);
    this.addRule('SystemEvents', props.bus, { source: Match.exactString(props.systemEventSource) });
  }

  private createDispatcher(props: DispatchEventProps): LambdaFn {
    const { storage, lanes, catalogueFile, logRetention } = props;
    const dispatcher = createFunction(this, {
      step: 'dispatch-event',
      hasValidators: props.validateEvents !== 'off',
      description: 'Finds the webhooks that want an event and enqueues a signed delivery for each',
      catalogueFile,
      logRetention,
      xrayTracing: props.xrayTracing,
      memorySize: MEMORY_MB,
      environment: {
        WEBHOOKS_TABLE: storage.webhooks.tableName,
        DELIVERIES_TABLE: storage.deliveries.tableName,
        RECORD_RETENTION_DAYS: String(storage.recordRetentionDays),
        EVENTS_QUEUE_URL: this.events.queueUrl,
        FIRST_QUEUE_URL: lanes.first.queueUrl,
        SLOW_QUEUE_URL: lanes.slow.queueUrl,
        UNDISPATCHED_QUEUE_URL: this.undispatched.queueUrl,
        SYSTEM_EVENT_SOURCE: props.systemEventSource,
        VALIDATE_EVENTS: props.validateEvents,
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
        allow(
          ['dynamodb:BatchWriteItem'],
          [storage.deliveries.tableArn],
          onPartitions(KEY_PATTERNS.listenerDeliveries),
        ),
        allowDecrypting(storage.secretsKey),
        allowSending([lanes.first, lanes.slow, this.undispatched]),
        allowConsuming([this.events]),
      ],
    });
    Validations.of(dispatcher).acknowledge({
      id: 'Serverless-LambdaDLQ',
      reason: 'It is not invoked asynchronously. The events queue has a dead-letter queue.',
    });
    return dispatcher;
  }

  /** The rule sends each whole event to the events queue, or to the undispatched queue when SQS refuses it. */
  private addRule(id: string, eventBus: IEventBusRef, eventPattern: EventPattern): void {
    const target: IRuleTarget = {
      bind: () => ({
        arn: this.events.queueArn,
        deadLetterConfig: { arn: this.undispatched.queueArn },
        retryPolicy: RULE_RETRIES,
      }),
    };
    const rule = new Rule(this, id, { eventBus, eventPattern, targets: [target] });
    for (const queue of [this.events, this.undispatched]) {
      const statement = allow(['sqs:SendMessage'], [queue.queueArn], {
        ArnEquals: { 'aws:SourceArn': rule.ruleArn },
      });
      statement.addPrincipals(new ServicePrincipal('events.amazonaws.com'));
      queue.addToResourcePolicy(statement);
    }
  }
}
