import type { EventPattern, IEventBusRef } from 'aws-cdk-lib/aws-events';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Duration, RemovalPolicy } from 'aws-cdk-lib/core';
import type { Concurrency } from './shared/concurrency.ts';
import type { Pollers } from './shared/pollers.ts';
import type { Throttling } from './shared/throttling.ts';

export interface WebhookFanoutProps {
  /**
   * Path of a JSON file that lists the event types: an array of `{name, description, schema, example}`.
   * It is checked at synth.
   *
   * @default - the catalogue of this project, `event-types.json`
   */
  readonly eventCatalogue?: string;
  /**
   * The delay before each retry: 1 to 6 entries, each of whole seconds from 0 to 15 minutes. When the attempt after
   * the last delay fails, the delivery is exhausted.
   *
   * Each entry creates a queue. Removing an entry deletes its queue with its messages: first wait until the queue
   * is empty.
   *
   * @default - 1 s, 5 s and 30 s
   */
  readonly retryDelays?: readonly Duration[];
  /**
   * The response statuses that mean success: only 200, or any from 200 to 299.
   *
   * @default '200'
   */
  readonly successStatus?: '200' | '2xx';
  /**
   * An existing bus, in the same account and region, to which domain events are published. System events are also
   * published to it.
   *
   * @default - a new bus, all of whose events are delivered
   */
  readonly eventBus?: IEventBusRef;
  /**
   * The events of `eventBus` that are domain events. Allowed only with `eventBus`. Its syntax is checked at synth.
   * A pattern for `source` should not match `systemEventSource`: a separate rule matches system events.
   *
   * @default - events whose detail has an `account_id`
   */
  readonly eventPattern?: EventPattern;
  /**
   * What CloudFormation does with the tables and with the KMS key of the secrets when they are removed from the
   * stack. Without the key, the secrets in the tables are lost. Any value but DESTROY also sets deletion protection
   * on the webhooks table.
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
   * The retention of the logs. Logs contain no payloads and no secrets.
   *
   * @default RetentionDays.ONE_MONTH
   */
  readonly logRetention?: RetentionDays;
  /**
   * Request limits of the API, for all customers together.
   *
   * @default - 1,000 requests a second, a burst of 1,000
   */
  readonly throttling?: Throttling;
  /**
   * New deliveries a second of one recovery of held and exhausted deliveries, 1 to 1,000. Choose what the slowest
   * customers' endpoints can receive beside their live events.
   *
   * @default 50
   */
  readonly recoveryRate?: number;
  /**
   * The maximum concurrency of each event source, 2 to 1,000: `first`, `retry` (of each retry queue), `slow` and
   * `dispatch`. `docs/scale.md` states when to increase which. When the sum reaches 1,000, first increase the
   * account's quota.
   *
   * @default - 300, 50, 100 and 100
   */
  readonly concurrency?: Partial<Concurrency>;
  /**
   * Provisioned pollers for the first lane, instead of `concurrency.first`. They scale three times as fast when many
   * endpoints begin to hang at the same moment, and cost $0.00925 per poller and hour. One poller invokes the
   * function up to 10 times at once. `minimum` is 2 to 200, `maximum` is `minimum` to 2,000.
   *
   * @default - none: Lambda's standard pollers, limited by `concurrency.first`
   */
  readonly firstLanePollers?: Pollers;
}
