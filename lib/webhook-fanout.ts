import { fileURLToPath } from 'node:url';
import { EventBus, type EventPattern, type IEventBusRef } from 'aws-cdk-lib/aws-events';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Annotations, CfnOutput, Duration, Names, RemovalPolicy } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { DEFAULT_RETRY_DELAYS_SECONDS } from '../lambdas/shared/domain/schedule.ts';
import { readCatalogue } from './shared/catalogue.ts';
import { CONCURRENCY, type Concurrency, readConcurrency, totalConcurrency } from './shared/concurrency.ts';
import { domainEventPattern, refuseBusElsewhere } from './shared/events.ts';
import { Lanes } from './shared/lanes.ts';
import { type Pollers, readPollers } from './shared/pollers.ts';
import { checkProps } from './shared/props.ts';
import { readRecordRetention } from './shared/record-retention.ts';
import { readRetrySchedule } from './shared/retry-schedule.ts';
import { Storage } from './shared/storage.ts';
import { DEFAULT_THROTTLING, type Throttling } from './shared/throttling.ts';
import { DispatchEvent } from './stages/dispatch-event.ts';
import { RECOVERY_CONCURRENCY, RecoverDeliveries } from './stages/recover-deliveries.ts';
import { SendDelivery } from './stages/send-delivery.ts';
import { ServeApi } from './stages/serve-api.ts';

const DEFAULT_CATALOGUE = fileURLToPath(new URL('../event-types.json', import.meta.url));

export interface WebhookFanoutProps {
  /**
   * Path of a JSON file that lists the event types: an array of `{name, description, schema, example}`.
   * It is checked at synth.
   *
   * @default - the catalogue of this project, `event-types.json`
   */
  readonly eventCatalogue?: string;
  /**
   * The delay before each retry: 1 to 6 entries, each of whole seconds up to 15 minutes. When the attempt after
   * the last delay fails, the delivery is exhausted.
   *
   * Each entry is a queue. Removing an entry deletes its queue with the messages in it: wait until it is empty.
   *
   * @default - 1 s, 5 s and 30 s
   */
  readonly retryDelays?: readonly Duration[];
  /**
   * Which response status means success: exactly 200, or any from 200 to 299.
   *
   * @default '200'
   */
  readonly successStatus?: '200' | '2xx';
  /**
   * An existing bus, in the same account and region, that domain events are published to. System events are
   * published to it as well.
   *
   * @default - a new bus, all of whose events are delivered
   */
  readonly eventBus?: IEventBusRef;
  /**
   * Which events of `eventBus` are domain events. Only with `eventBus`. It is checked by EventBridge's rules at
   * synth. A pattern for `source` should not match `systemEventSource`: the system's own rule handles those events.
   *
   * @default - events whose detail has an `account_id`
   */
  readonly eventPattern?: EventPattern;
  /**
   * What CloudFormation does with the tables and the key of the secrets when they are removed from the stack.
   * Without the key, the secrets in the tables are lost. Any value but DESTROY also sets deletion protection on
   * the webhooks table.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;
  /**
   * Allows webhooks with `http:` URLs and with private, loopback and other internal addresses. For development
   * only: in production, customers could make the functions call internal services.
   *
   * @default false
   */
  readonly allowPrivateEndpoints?: boolean;
  /**
   * How long logs are kept. They contain no payloads and no secrets.
   *
   * @default RetentionDays.ONE_MONTH
   */
  readonly logRetention?: RetentionDays;
  /**
   * How long events and the records of their deliveries are kept after the event was accepted: whole days, 1 to 365,
   * and longer than all retries take. A change applies to what is written from then on.
   *
   * @default Duration.days(30)
   */
  readonly recordRetention?: Duration;
  /**
   * Limits of the API, all customers together.
   *
   * @default - 1,000 requests a second, a burst of 1,000
   */
  readonly throttling?: Throttling;
  /**
   * The most invocations at once of each event source, 2 to 1,000 each: `first`, `retry` (each retry queue),
   * `slow`, `dispatch`. `docs/scale.md` says when to raise which. When the sum reaches 1,000, raise the account's
   * quota first.
   *
   * @default - 300, 50, 100 and 100
   */
  readonly concurrency?: Partial<Concurrency>;
  /**
   * Provisioned pollers for the first lane, instead of `concurrency.first`: they scale three times as fast when
   * many endpoints hang at the same moment, for $0.00925 per poller and hour. Each invokes up to 10 at once.
   * `minimum` is 2 to 200, `maximum` is `minimum` to 2,000.
   *
   * @default - none: Lambda's usual pollers, limited by `concurrency.first`
   */
  readonly firstLanePollers?: Pollers;
}

/** Lambda's default quota of an account and region: invocations of all its functions at once. */
const DEFAULT_ACCOUNT_CONCURRENCY = 1_000;

/** Delivers the events of a bus to customers' webhooks: signed, retried and recorded. */
export class WebhookFanout extends Construct {
  readonly eventBus: IEventBusRef;
  /** The `source` of the events that this system publishes about its own deliveries. */
  readonly systemEventSource: string;
  readonly storage: Storage;
  readonly lanes: Lanes;
  readonly serveApi: ServeApi;
  readonly dispatchEvent: DispatchEvent;
  readonly recoverDeliveries: RecoverDeliveries;
  readonly sendDelivery: SendDelivery;

  constructor(scope: Construct, id: string, props: WebhookFanoutProps = {}) {
    super(scope, id);
    checkProps(props);
    const { allowPrivateEndpoints = false, successStatus = '200' } = props;
    const retryDelaysSeconds = readRetrySchedule(
      props.retryDelays ?? DEFAULT_RETRY_DELAYS_SECONDS.map((seconds) => Duration.seconds(seconds)),
    );
    const chosen = readConcurrency(props.concurrency ?? {});
    const concurrency = { ...CONCURRENCY, ...chosen };
    const pollers = props.firstLanePollers && readPollers(props.firstLanePollers, chosen.first);
    this.warnOfConcurrency(
      totalConcurrency(concurrency, retryDelaysSeconds.length, pollers) + RECOVERY_CONCURRENCY,
    );
    const commonProps = {
      catalogueFile: readCatalogue(props.eventCatalogue ?? DEFAULT_CATALOGUE).path,
      logRetention: props.logRetention ?? RetentionDays.ONE_MONTH,
    };
    this.systemEventSource = `webhook-fanout.${Names.uniqueResourceName(this, { maxLength: 64 })}`;
    if (props.eventBus !== undefined) refuseBusElsewhere(this, props.eventBus);
    const domainEvents = domainEventPattern(this, {
      systemEventSource: this.systemEventSource,
      hasOwnBus: props.eventBus === undefined,
      chosen: props.eventPattern,
    });
    if (allowPrivateEndpoints) this.warnOfPrivateEndpoints();

    this.storage = new Storage(this, 'Storage', {
      removalPolicy: props.removalPolicy ?? RemovalPolicy.RETAIN,
      recordRetentionDays: readRecordRetention(props.recordRetention, retryDelaysSeconds),
    });
    this.lanes = new Lanes(this, 'Lanes', { retryDelaysSeconds });
    const { storage, lanes, systemEventSource } = this;

    this.recoverDeliveries = new RecoverDeliveries(this, 'RecoverDeliveries', {
      ...commonProps,
      storage,
      lanes,
      retryDelaysSeconds,
    });
    this.serveApi = new ServeApi(this, 'ServeApi', {
      ...commonProps,
      storage,
      lanes,
      recoveries: this.recoverDeliveries.recoveries,
      retryDelaysSeconds,
      allowPrivateEndpoints,
      throttling: props.throttling ?? DEFAULT_THROTTLING,
    });

    this.eventBus = props.eventBus ?? new EventBus(this, 'Events');
    this.dispatchEvent = new DispatchEvent(this, 'DispatchEvent', {
      ...commonProps,
      storage,
      lanes,
      retryDelaysSeconds,
      systemEventSource,
      concurrency,
      bus: this.eventBus,
      domainEvents,
    });

    this.sendDelivery = new SendDelivery(this, 'SendDelivery', {
      ...commonProps,
      storage,
      lanes,
      retryDelaysSeconds,
      systemEventSource,
      bus: this.eventBus,
      successStatus,
      allowPrivateEndpoints,
      apiHost: this.serveApi.host,
      concurrency,
      ...(pollers === undefined ? {} : { firstLanePollers: pollers }),
    });
  }

  /**
   * Adds the outputs that the operator's commands read from a deployed stack (`npm run keys -- --stack …`).
   * Call it for one WebhookFanout of a stack only: each output's name is its logical id, which must be unique.
   */
  addOutputs(): void {
    const { storage, lanes, dispatchEvent } = this;
    const output = (name: string, value: string, description: string): void => {
      new CfnOutput(this, `${name}Output`, { value, description }).overrideLogicalId(name);
    };
    output('ApiUrl', this.serveApi.url, "The customers' API");
    output('EventBusName', this.eventBus.eventBusRef.eventBusName, 'Where domain events are published');
    output('SystemEventSource', this.systemEventSource, 'Source of the events about deliveries');
    output('FirstQueueUrl', lanes.first.queueUrl, 'First attempts');
    lanes.retries.forEach((queue, index) => {
      output(`Retry${index + 1}QueueUrl`, queue.queueUrl, `Retry ${index + 1}`);
    });
    output('SlowQueueUrl', lanes.slow.queueUrl, 'Deliveries to endpoints that answer slowly');
    output('RecoveriesQueueUrl', this.recoverDeliveries.recoveries.queueUrl, 'Recoveries that run');
    output('EventsQueueUrl', dispatchEvent.events.queueUrl, 'Events that wait to be dispatched');
    output('ExhaustedQueueUrl', lanes.exhausted.queueUrl, 'Deliveries that were given up');
    output('PoisonQueueUrl', lanes.poison.queueUrl, 'Messages that our side could not handle');
    output('UnreadableQueueUrl', lanes.unreadable.queueUrl, 'Messages that no deployment can read');
    output('UndispatchedQueueUrl', dispatchEvent.undispatched.queueUrl, 'Events that cannot be dispatched');
    output('WebhooksTableName', storage.webhooks.tableName, 'Webhooks and API keys');
    output('DeliveriesTableName', storage.deliveries.tableName, 'Events and records of deliveries');
  }

  private warnOfConcurrency(total: number): void {
    if (total < DEFAULT_ACCOUNT_CONCURRENCY) return;
    Annotations.of(this).addWarningV2(
      'webhook-fanout:concurrency',
      `The event sources may invoke ${total} functions at once; an account has ${DEFAULT_ACCOUNT_CONCURRENCY} by default. Raise the quota of Lambda's concurrent executions before you deploy this.`,
    );
  }

  private warnOfPrivateEndpoints(): void {
    Annotations.of(this).addWarningV2(
      'webhook-fanout:allowPrivateEndpoints',
      'allowPrivateEndpoints is on: customers can make the functions call http: URLs and internal addresses. Never deploy this for other users.',
    );
  }
}
