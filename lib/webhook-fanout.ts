import { fileURLToPath } from 'node:url';
import { EventBus, type EventPattern, type IEventBusRef } from 'aws-cdk-lib/aws-events';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Annotations, CfnOutput, Duration, Names, RemovalPolicy } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { DEFAULT_RETRY_DELAYS_SECONDS } from '../lambdas/shared/domain/schedule.ts';
import { readCatalogue } from './shared/catalogue.ts';
import { type Concurrency, readConcurrency, totalConcurrency } from './shared/concurrency.ts';
import { domainEventPattern, refuseBusElsewhere } from './shared/events.ts';
import { Lanes } from './shared/lanes.ts';
import { readRetrySchedule } from './shared/retry-schedule.ts';
import { Storage } from './shared/storage.ts';
import { DispatchEvent } from './stages/dispatch-event.ts';
import { SendDelivery } from './stages/send-delivery.ts';
import { ServeApi, type Throttling } from './stages/serve-api.ts';

const DEFAULT_CATALOGUE = fileURLToPath(new URL('../event-types.json', import.meta.url));

/**
 * Managing webhooks is rare work; the limit keeps one client's loop from costing the others theirs. Both stay
 * below what the gateway gives an account in its smaller regions: 2,500 a second and 1,250 at once.
 */
const DEFAULT_THROTTLING: Throttling = { requestsPerSecond: 1_000, burst: 1_000 };

export interface WebhookFanoutProps {
  /**
   * Path of a JSON file that lists the event types: an array of `{name, description, schema, example}`.
   * It is checked at synth.
   *
   * @default - the catalogue of this project, `event-types.json`
   */
  readonly eventCatalogue?: string;
  /**
   * How long to wait before each retry: 1 to 6 entries, each of whole seconds up to 15 minutes. An attempt
   * that fails after the last one gives the delivery up.
   *
   * Each entry is a queue. Removing one deletes its queue with whatever waits in it, so let it run empty.
   *
   * @default - 1 s, 5 s and 30 s
   */
  readonly retryDelays?: readonly Duration[];
  /**
   * Which answers mean that the customer has the event: exactly 200, or any from 200 to 299.
   *
   * @default '200'
   */
  readonly successStatus?: '200' | '2xx';
  /**
   * The bus that domain events are published to, if there is one already, in the same account and region.
   * System events are published to it too.
   *
   * @default - a bus of its own, all of whose events are delivered
   */
  readonly eventBus?: IEventBusRef;
  /**
   * Which events of the bus that you brought are domain events. Only with `eventBus`.
   *
   * @default - those whose detail has an `account_id`
   */
  readonly eventPattern?: EventPattern;
  /**
   * What becomes of the tables, and of the key without which the secrets in them are lost, when they leave
   * the stack. Anything but DESTROY also protects the webhooks from being deleted by hand.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;
  /**
   * Lets webhooks point to `http:` URLs and to private, loopback and otherwise internal addresses. For
   * development only: in production it lets customers reach what only the functions should.
   *
   * @default false
   */
  readonly allowPrivateEndpoints?: boolean;
  /**
   * How long logs are kept. They hold no payloads and no secrets.
   *
   * @default RetentionDays.ONE_MONTH
   */
  readonly logRetention?: RetentionDays;
  /**
   * Limits of the API, all customers together.
   *
   * @default - 1,000 requests a second, 1,000 at once
   */
  readonly throttling?: Throttling;
  /**
   * Invocations at once of each event source, 2 to 1,000 each: `first`, `retry` (each retry queue), `slow`,
   * `dispatch` (the events queue). `docs/scale.md` says when to raise which; over 1,000 in all, raise the account's
   * quota first.
   *
   * @default - 300, 50, 50 and 100
   */
  readonly concurrency?: Partial<Concurrency>;
}

/** Lambda's default quota of an account and region: invocations of all its functions at once. */
const DEFAULT_ACCOUNT_CONCURRENCY = 1_000;

/** Delivers the events of a bus to customers' webhooks: signed, retried and accounted for. */
export class WebhookFanout extends Construct {
  readonly eventBus: IEventBusRef;
  /** The `source` of the events that this system publishes about its own deliveries. */
  readonly systemEventSource: string;
  readonly storage: Storage;
  readonly lanes: Lanes;
  readonly serveApi: ServeApi;
  readonly dispatchEvent: DispatchEvent;
  readonly sendDelivery: SendDelivery;

  constructor(scope: Construct, id: string, props: WebhookFanoutProps = {}) {
    super(scope, id);
    const { allowPrivateEndpoints = false, successStatus = '200' } = props;
    const retryDelaysSeconds = readRetrySchedule(
      props.retryDelays ?? DEFAULT_RETRY_DELAYS_SECONDS.map((seconds) => Duration.seconds(seconds)),
    );
    const concurrency = readConcurrency(props.concurrency ?? {});
    this.warnOfConcurrency(totalConcurrency(concurrency, retryDelaysSeconds.length));
    const house = {
      catalogueFile: readCatalogue(props.eventCatalogue ?? DEFAULT_CATALOGUE).path,
      logRetention: props.logRetention ?? RetentionDays.ONE_MONTH,
    };
    this.systemEventSource = `webhook-fanout.${Names.uniqueResourceName(this, { maxLength: 64 })}`;
    if (allowPrivateEndpoints) this.warnOfPrivateEndpoints();

    this.storage = new Storage(this, 'Storage', {
      removalPolicy: props.removalPolicy ?? RemovalPolicy.RETAIN,
    });
    this.lanes = new Lanes(this, 'Lanes', { retryDelaysSeconds });
    const { storage, lanes, systemEventSource } = this;

    this.serveApi = new ServeApi(this, 'ServeApi', {
      ...house,
      storage,
      lanes,
      retryDelaysSeconds,
      allowPrivateEndpoints,
      throttling: props.throttling ?? DEFAULT_THROTTLING,
    });

    if (props.eventBus !== undefined) refuseBusElsewhere(this, props.eventBus);
    this.eventBus = props.eventBus ?? new EventBus(this, 'Events');
    this.dispatchEvent = new DispatchEvent(this, 'DispatchEvent', {
      ...house,
      storage,
      lanes,
      retryDelaysSeconds,
      systemEventSource,
      concurrency,
      bus: this.eventBus,
      domainEvents: domainEventPattern({
        systemEventSource,
        broughtBus: props.eventBus !== undefined,
        chosen: props.eventPattern,
      }),
    });

    this.sendDelivery = new SendDelivery(this, 'SendDelivery', {
      ...house,
      storage,
      lanes,
      retryDelaysSeconds,
      systemEventSource,
      bus: this.eventBus,
      successStatus,
      allowPrivateEndpoints,
      apiHost: this.serveApi.host,
      concurrency,
    });
  }

  /**
   * Adds the outputs by which the operator's commands find a deployed stack (`npm run keys -- --stack …`).
   * For one WebhookFanout of a stack: an output's name is its logical id, so that it can be looked up.
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
    output('EventsQueueUrl', dispatchEvent.events.queueUrl, 'Events that wait to be dispatched');
    output('ExhaustedQueueUrl', lanes.exhausted.queueUrl, 'Deliveries that were given up');
    output('PoisonQueueUrl', lanes.poison.queueUrl, 'Messages that our side could not handle');
    output('UnreadableQueueUrl', lanes.unreadable.queueUrl, 'Messages that no deployment can read');
    output('UndispatchedQueueUrl', dispatchEvent.undispatched.queueUrl, 'Events that cannot be dispatched');
    output('WebhooksTableName', storage.webhooks.tableName, 'Webhooks and API keys');
    output('DeliveriesTableName', storage.deliveries.tableName, 'Events and deliveries, for 30 days');
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
      'allowPrivateEndpoints is on: customers can make the functions call http: URLs and internal addresses. Never deploy this for anyone but yourself.',
    );
  }
}
