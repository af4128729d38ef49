import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { type EventPattern, type IEventBusRef, type IRuleTarget, Rule } from 'aws-cdk-lib/aws-events';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFn } from 'aws-cdk-lib/aws-lambda';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Duration, Fn, Validations } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { EventValidation } from '../../lambdas/shared/domain/event.ts';
import { KEY_PATTERNS } from '../../lambdas/shared/store/keys.ts';
import type { Concurrency } from '../shared/concurrency.ts';
import { addEventSource } from '../shared/event-source.ts';
import { type CommonFunctionProps, createFunction } from '../shared/function.ts';
import { alarmOnConcurrency } from '../shared/function-alarms.ts';
import type { Lanes } from '../shared/lanes.ts';
import { MINUTE, type Monitoring } from '../shared/monitoring.ts';
import { allow, allowConsuming, allowDecrypting, allowSending, onPartitions } from '../shared/permissions.ts';
import { createOperatorQueue, createWorkQueue } from '../shared/queue.ts';
import { alarmOnAge, alarmOnMessages } from '../shared/queue-alarms.ts';
import type { Storage } from '../shared/storage.ts';

/** SQS's maximum: an outage of less than two weeks on our side loses no event. */
const EVENTS_RETENTION = Duration.days(14);

/**
 * SQS's maximum. With visibility timeouts that increase to 15 minutes, 1,000 receives take about ten days. Then the
 * event stays on the undispatched queue for the rest of the 14 days: the move does not restart the retention.
 */
const MAX_EVENT_RECEIVES = 1_000;

const BATCH_SIZE = 10;

/**
 * The dispatcher keeps the list of an account with at least this many webhooks. Reading a shorter list costs about as
 * much as reading the account's version.
 */
export const KEEP_LISTS_FROM = 20;

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
  /** Source of the canary's events, if `domainEvents` may not match them: then the rule of system events matches them. */
  readonly canarySource?: string;
  readonly retryDelaysSeconds: readonly number[];
  readonly validateEvents: EventValidation;
  /** How long events are collected for a batch. Default: 0. */
  readonly batchingWindow?: Duration;
  readonly storage: Storage;
  readonly lanes: Lanes;
}

/** Receives events from the bus. Enqueues one signed delivery for each webhook that subscribes to an event. */
export class DispatchEvent extends Construct {
  /** Events that wait to be dispatched. */
  readonly events: Queue;
  /** Events that cannot be dispatched, or that the bus could not send to the events queue, with the reason. */
  readonly undispatched: Queue;
  readonly dispatcher: LambdaFn;
  /** The most concurrent runs of the function. */
  readonly concurrency: number;

  constructor(scope: Construct, id: string, props: DispatchEventProps) {
    super(scope, id);
    this.undispatched = createOperatorQueue(this, 'Undispatched');
    this.events = createWorkQueue(this, 'Events', {
      retentionPeriod: EVENTS_RETENTION,
      deadLetterQueue: { queue: this.undispatched, maxReceiveCount: MAX_EVENT_RECEIVES },
    });
    this.concurrency = props.concurrency.dispatch;
    this.dispatcher = this.createDispatcher(props);
    addEventSource(this, 'FromEvents', this.events, props.releases.targetOf(this.dispatcher), {
      batchSize: BATCH_SIZE,
      maxConcurrency: this.concurrency,
      ...(props.batchingWindow === undefined ? {} : { maxBatchingWindow: props.batchingWindow }),
    });
    const { bus, monitoring } = props;
    const domainEvents = this.addRule('DomainEvents', bus, props.domainEvents);
    const { canarySource } = props;
    const source = [props.systemEventSource, ...(canarySource === undefined ? [] : [canarySource])];
    const systemEvents = this.addRule('SystemEvents', bus, { source });
    alarmOnRule(this, monitoring, { of: 'domain-events', bus, rule: domainEvents });
    alarmOnRule(this, monitoring, { of: 'system-events', bus, rule: systemEvents });
    this.addAlarms(monitoring);
  }

  private addAlarms(monitoring: Monitoring): void {
    alarmOnMessages(this, monitoring, this.undispatched, {
      article: 'undispatched',
      severity: 'ticket',
      meaning: 'Events are not delivered: usually their publisher sent events that can never be dispatched.',
    });
    alarmOnAge(this, monitoring, this.events, {
      of: 'events',
      severity: 'page',
      meaning: 'Events wait to be dispatched: all their deliveries are late.',
    });
    alarmOnConcurrency(this, monitoring, this.dispatcher, {
      of: 'dispatch',
      severity: 'ticket',
      meaning: 'dispatch-event uses half of its cap: events will be late.',
      cap: this.concurrency,
      part: 0.5,
      minutes: 5,
    });
    monitoring.addAlarm(this, {
      article: 'webhook-unreadable',
      severity: 'page',
      meaning: 'A customer receives nothing: the item of its webhook cannot be read.',
      metric: monitoring.counter('webhook_unreadable'),
      threshold: 1,
      datapoints: 1,
      periods: 1,
    });
  }

  private createDispatcher(props: DispatchEventProps): LambdaFn {
    const { storage, lanes, catalogueFile, logRetention, monitoring, releases } = props;
    const dispatcher = createFunction(this, {
      step: 'dispatch-event',
      hasValidators: props.validateEvents !== 'off',
      severityOfErrors: 'page',
      description: 'Finds the webhooks that subscribe to an event and enqueues a signed delivery for each',
      catalogueFile,
      logRetention,
      xrayTracing: props.xrayTracing,
      monitoring,
      releases,
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
        KEEP_LISTS_FROM: String(KEEP_LISTS_FROM),
        RETRY_DELAYS_SECONDS: JSON.stringify(props.retryDelaysSeconds),
      },
      permissions: [
        allow(['dynamodb:Query'], [storage.webhooks.tableArn], onPartitions(KEY_PATTERNS.account)),
        allow(
          ['dynamodb:GetItem'],
          [storage.webhooks.tableArn],
          onPartitions(KEY_PATTERNS.account, KEY_PATTERNS.keyring),
        ),
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
  private addRule(id: string, eventBus: IEventBusRef, eventPattern: EventPattern): Rule {
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
    return rule;
  }
}

/** Alarms on events that the bus could not send to the events queue. */
function alarmOnRule(
  scope: Construct,
  monitoring: Monitoring,
  { of, bus, rule }: { readonly of: string; readonly bus: IEventBusRef; readonly rule: Rule },
): void {
  const dimensionsMap = dimensionsOf(rule, bus);
  const sumOf = (metricName: string): Metric =>
    new Metric({ namespace: 'AWS/Events', metricName, dimensionsMap, statistic: 'Sum', period: MINUTE });
  monitoring.addAlarm(scope, {
    article: 'bus-to-undispatched',
    of,
    severity: 'page',
    meaning: 'The bus could not send events to the events queue: they are on the undispatched queue.',
    metric: sumOf('InvocationsSentToDlq'),
    threshold: 1,
    datapoints: 1,
    periods: 1,
  });
  monitoring.addAlarm(scope, {
    article: 'bus-lost',
    of,
    severity: 'page',
    meaning:
      'The bus lost events: it could send them neither to the events queue nor to the undispatched queue.',
    metric: sumOf('InvocationsFailedToBeSentToDlq'),
    threshold: 1,
    datapoints: 1,
    periods: 1,
  });
}

/**
 * The metrics of a rule on the default bus have one dimension, those of a rule on another bus have two.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-monitoring.html
 */
function dimensionsOf(rule: Rule, bus: IEventBusRef): Record<string, string> {
  const { eventBusName } = bus.eventBusRef;
  if (eventBusName === 'default') return { RuleName: rule.ruleName };
  // The Ref of a rule on another bus is `<bus>|<rule>`.
  return { EventBusName: eventBusName, RuleName: Fn.select(1, Fn.split('|', rule.ruleName)) };
}
