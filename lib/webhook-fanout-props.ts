import type { EventPattern, IEventBusRef } from 'aws-cdk-lib/aws-events';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Duration, RemovalPolicy } from 'aws-cdk-lib/core';
import type { EventValidation } from '../lambdas/shared/domain/event.ts';
import type { DisableAfter } from '../lambdas/shared/domain/health.ts';
import type { AlarmProps } from './shared/alarm-props.ts';
import type { ApiDomain } from './shared/api-address.ts';
import type { ConcurrencyOptions } from './shared/concurrency.ts';
import type { Pollers } from './shared/pollers.ts';
import type { Publishers } from './shared/publishers.ts';
import type { SenderNetwork } from './shared/sender-network.ts';
import type { TableProtectionOptions } from './shared/table-protection.ts';
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
   * What happens to an event whose `data` does not satisfy the schema of its type in the catalogue: `off` does not
   * check events, `warn` counts and logs such an event and delivers it, `refuse` sends it to the undispatched queue.
   *
   * @default 'warn'
   */
  readonly validateEvents?: EventValidation;
  /**
   * The delay before each retry: 1 to 12 entries, each of whole seconds from 0 to 24 hours. When the attempt after
   * the last delay fails, the delivery is exhausted.
   *
   * The first entries create a queue each: at most six, up to the first entry of more than 15 minutes. Removing such an
   * entry deletes its queue with its messages: first wait until the queue is empty. All other retries wait in one queue,
   * `lanes.later`. A thousand deliveries that wait for a day there cost up to $0.14 (`docs/retries.md`).
   *
   * @default - 1 s, 5 s and 30 s
   */
  readonly retryDelays?: Duration[];
  /**
   * The longest wait that an endpoint can request with the header `Retry-After` of a response 429 or 503: whole seconds
   * from 0 to 24 hours. The next attempt is made after the wait of the schedule or of the header, whichever is longer.
   * A longer wait is reduced to this value. 0 ignores the header.
   *
   * @default - 15 minutes
   */
  readonly maxRetryAfter?: Duration;
  /**
   * The response statuses that mean success: only 200, or any from 200 to 299.
   *
   * @default '200'
   */
  readonly successStatus?: '200' | '2xx';
  /**
   * Whether endpoints are sent the header `traceparent` of W3C Trace Context, when the publisher gave one. Customers
   * then see the ids of your traces, and can continue these traces. `tracestate` is never sent.
   *
   * @default false
   */
  readonly forwardTraceparent?: boolean;
  /**
   * Whether AWS X-Ray traces the functions. A million recorded traces cost $5 (`docs/tracing.md`).
   *
   * @default false
   */
  readonly xrayTracing?: boolean;
  /**
   * When a webhook whose deliveries fail is disabled: after this many exhausted deliveries in a row, and at the
   * earliest after this many hours without a success. At half of both, the account is warned. `exhausted` is 1 to
   * 1,000, `hours` 0 to 720, also a fraction. `false`: never, also not after 410 Gone. An endpoint can still request it
   * with the response header `webhook-delivery: disable`.
   *
   * @default - 20 exhausted deliveries in a row and 1 hour
   */
  readonly disableAfter?: DisableAfter | false;
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
   * What CloudFormation does with the tables and with the KMS key of the secrets when they are removed from the stack.
   * Without the key, the secrets in the tables are lost. Any value but DESTROY also sets deletion protection on the
   * webhooks table, unless `tableProtection` turns it off.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;
  /**
   * Point-in-time recovery and deletion protection of the two tables (`docs/disaster-recovery.md`).
   *
   * @default - both for the webhooks table, none for the deliveries table
   */
  readonly tableProtection?: TableProtectionOptions;
  /**
   * Makes the KMS key of the secrets a multi-Region key, so that a deployment in another Region can open the same secrets.
   * Decide before the first deployment: KMS cannot change a key, and CloudFormation refuses to.
   *
   * @default false
   */
  readonly multiRegionKey?: boolean;
  /**
   * The ARN of the multi-Region key of a deployment in another Region. This deployment uses a replica of it instead of a
   * key of its own. Decide before the first deployment.
   *
   * @default - a key of its own
   */
  readonly primaryKeyArn?: string;
  /**
   * Makes new code of each function replace the old one gradually: CodeDeploy gives it a tenth of the invocations for ten
   * minutes, then all. It rolls back when the alarms `returned` or `poison`, or the function's `errors`, begin
   * (`docs/safe-change.md`).
   *
   * @default false
   */
  readonly gradualDeployment?: boolean;
  /**
   * A VPC for the functions that call customers' endpoints, so that requests come from static addresses. With the default
   * two NAT gateways it costs $73 a month and $0.045 for each GB (`docs/networks.md`).
   *
   * @default - none: requests come from any address of AWS
   */
  readonly senderNetwork?: SenderNetwork;
  /**
   * A custom domain name for the customers' API.
   *
   * @default - the address of API Gateway
   */
  readonly apiDomain?: ApiDomain;
  /**
   * The ARN of a web ACL of AWS WAF with the scope CLOUDFRONT. Puts CloudFront with this ACL in front of the API. Only with
   * `apiDomain`.
   *
   * @default - none: customers connect to API Gateway
   */
  readonly apiWebAclArn?: string;
  /**
   * Other accounts that may publish domain events to the bus. Only without `eventBus`.
   *
   * @default - none
   */
  readonly publishers?: Publishers;
  /**
   * Allows webhooks with `http:` URLs and with private, loopback and other internal addresses. For development
   * only: in production, customers could make the functions call internal services.
   *
   * @default false
   */
  readonly allowPrivateEndpoints?: boolean;
  /**
   * Origins of web pages whose scripts may call the API, such as `https://console.example.com`: at most 20, exactly as
   * browsers write them. `http://localhost:<port>` is accepted only with `allowPrivateEndpoints`.
   *
   * @default - none: browsers refuse scripts of any page
   */
  readonly corsOrigins?: string[];
  /**
   * The retention of the logs. Logs contain no payloads and no secrets.
   *
   * @default RetentionDays.ONE_MONTH
   */
  readonly logRetention?: RetentionDays;
  /**
   * How long events and the records of their deliveries are kept after the event was accepted: whole days, 1 to 365,
   * and longer than all retries take. A change applies to items that are written after it.
   *
   * @default Duration.days(30)
   */
  readonly recordRetention?: Duration;
  /**
   * Request limits of the API, for all customers together.
   *
   * @default - 1,000 requests a second, a burst of 1,000
   */
  readonly throttling?: Throttling;
  /**
   * New deliveries a second of one recovery of held and exhausted deliveries, 1 to 1,000. Choose a rate that the
   * slowest customers' endpoints can receive in addition to new events.
   *
   * @default 50
   */
  readonly recoveryRate?: number;
  /**
   * The maximum concurrency of each event source, 2 to 1,000: `first`, `retry` (of each retry queue and of the later queue),
   * `slow` and `dispatch`. `docs/scale.md` states when to increase which. When the sum reaches 1,000, first increase the
   * account's quota.
   *
   * @default - 300, 50, 100 and 100
   */
  readonly concurrency?: ConcurrencyOptions;
  /**
   * How long the dispatcher's event source collects events for a batch of ten: whole seconds from 0 to 10. Where events come
   * one by one, a second makes a delivery cheaper, by 17 % at two events a second, and delays it by up to as long
   * (`docs/cost.md`).
   *
   * @default - 0: an event is dispatched at once
   */
  readonly eventBatchingWindow?: Duration;
  /**
   * Provisioned pollers for the first lane, instead of `concurrency.first`. They scale three times as fast when many
   * endpoints begin to hang at the same moment, and cost $0.00925 per poller and hour. One poller invokes the
   * function up to 10 times at once. `minimum` is 2 to 200, `maximum` is `minimum` to 2,000.
   *
   * @default - none: Lambda's standard pollers, limited by `concurrency.first`
   */
  readonly firstLanePollers?: Pollers;
  /**
   * The alarms: whom they notify, other thresholds, and which are not created. Without topics and actions the alarms
   * exist and notify nobody. An alarm costs $0.10 a month (`docs/runbook.md`).
   *
   * @default - all alarms, which notify nobody
   */
  readonly alarms?: AlarmProps;
  /**
   * Whether the API's address serves the console at `/console`, in which customers see, try and repair their webhooks. The
   * function that serves it has no permissions but to write its log. Its alarms cost $0.30 a month.
   *
   * @default true
   */
  readonly console?: boolean;
  /**
   * Origins of the pages that may show the console in a frame, such as `https://app.example.com`. At most 20. The console
   * posts its height, and that it needs a session, to these pages. `http://localhost:<port>` is accepted only with
   * `allowPrivateEndpoints`.
   *
   * @default - no page may
   */
  readonly consoleEmbeddedBy?: string[];
  /**
   * Adds the portal function, which makes links that sign customers in to the console. The operator's backend invokes it
   * with its own AWS credentials: `grantPortal`. Without it, customers sign in with an API key. Its alarms cost $0.30 a month.
   *
   * @default - as `console`
   */
  readonly portal?: boolean;
  /**
   * Where customers open the console: `https://…` without a path, at most 200 characters. For a proxy such as CloudFront in
   * front of the API, or, with `console: false`, for a console of your own at `<consoleUrl>/console/webhooks`.
   *
   * @default - the API's own address
   */
  readonly consoleUrl?: string;
  /**
   * A CloudWatch dashboard, and saved queries of the logs. A dashboard costs $3 a month; an account has three without
   * charge.
   *
   * @default true
   */
  readonly dashboard?: boolean;
  /**
   * An event every five minutes to a webhook of the deployment's own, and the alarm `canary-silent` when none arrives for
   * 15 minutes. After the deployment, register the webhook with `webhook-fanout canary start`: until then the alarm is
   * on. It costs $0.60 a month, $1.50 in a deployment without other events (`docs/runbook.md`).
   *
   * @default false
   */
  readonly canary?: boolean;
}
