import type { Metric, MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import { EventBus, type IEventBusRef } from 'aws-cdk-lib/aws-events';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Annotations, Names } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { canarySourceOf } from '../lambdas/shared/domain/canary.ts';
import { CONSOLE_ENTRY } from '../lambdas/shared/domain/console-paths.ts';
import type {
  OutputOptions,
  PublishOptions,
  WebhookFanoutFunctions,
  WebhookFanoutQueues,
  WebhookFanoutTables,
} from './attributes.ts';
import { addDeploymentAlarms } from './shared/deployment-alarms.ts';
import { deploymentName } from './shared/deployment-name.ts';
import { checkBusLocation, domainEventPattern } from './shared/events.ts';
import { InputError, withoutUndefined } from './shared/input.ts';
import { Lanes } from './shared/lanes.ts';
import { Monitoring, readCounterName } from './shared/monitoring.ts';
import { checkOutputPrefix } from './shared/output-prefix.ts';
import { addStackOutputs } from './shared/outputs.ts';
import { allowPublishers } from './shared/publishers.ts';
import { readProps } from './shared/read-props.ts';
import { Releases } from './shared/releases.ts';
import { SenderVpc } from './shared/sender-network.ts';
import { Storage } from './shared/storage.ts';
import { Canary } from './stages/canary.ts';
import { CreatePortalLink } from './stages/create-portal-link.ts';
import { Dashboard } from './stages/dashboard.ts';
import { DispatchEvent } from './stages/dispatch-event.ts';
import { RECOVERY_CONCURRENCY, RecoverDeliveries } from './stages/recover-deliveries.ts';
import { SendDelivery } from './stages/send-delivery.ts';
import { ServeApi } from './stages/serve-api.ts';
import { ServeConsole } from './stages/serve-console.ts';
import type { WebhookFanoutProps } from './webhook-fanout-props.ts';

export type { WebhookFanoutProps } from './webhook-fanout-props.ts';

/** Lambda's default quota of concurrent executions in an account and region. */
const DEFAULT_ACCOUNT_CONCURRENCY = 1_000;

/** Delivers the events of a bus to customers' webhooks. Signs, retries and records each delivery. */
export class WebhookFanout extends Construct {
  /** The bus to which domain events are published. */
  readonly eventBus: IEventBusRef;
  /** The `source` of system events, which this construct publishes about its own deliveries. */
  readonly systemEventSource: string;
  /** The address of the customers' API: `https://…`, without a trailing slash. */
  readonly apiUrl: string;
  /** The target of the DNS record of `apiDomain`. Undefined without this prop. */
  readonly apiDomainTarget?: string;
  /** Receives the deliveries of the canary. Absent: the deployment has no canary. */
  readonly canaryUrl?: string;
  /** Where customers open the console: `https://…/console/webhooks`. Absent with `console: false`. */
  readonly consoleUrl?: string;
  /** The static addresses from which requests come: those of the NAT gateways of a new VPC of `senderNetwork`. */
  readonly egressAddresses: string[];
  readonly queues: WebhookFanoutQueues;
  readonly tables: WebhookFanoutTables;
  readonly functions: WebhookFanoutFunctions;
  /** Wraps the data keys that seal signing secrets. Without it, every secret is lost. */
  readonly secretsKey: IKey;
  /** @internal */
  readonly monitoring: Monitoring;
  /** @internal */
  readonly storage: Storage;
  /** @internal */
  readonly lanes: Lanes;
  /** @internal */
  readonly serveApi: ServeApi;
  /** @internal */
  readonly dispatchEvent: DispatchEvent;
  /** @internal */
  readonly recoverDeliveries: RecoverDeliveries;
  /** @internal */
  readonly sendDelivery: SendDelivery;
  /** @internal */
  readonly createPortalLink: CreatePortalLink | undefined;

  constructor(scope: Construct, id: string, props: WebhookFanoutProps = {}) {
    super(scope, id);
    const settings = readProps(props);
    const { retryDelaysSeconds, concurrency, canary, disableAfter, allowPrivateEndpoints } = settings;
    this.warnOfConcurrency(settings.totalConcurrency + RECOVERY_CONCURRENCY);
    if (allowPrivateEndpoints) this.warnOfPrivateEndpoints();
    this.monitoring = new Monitoring(deploymentName(this), settings.alarms);
    const { monitoring } = this;
    const releases = new Releases(settings.gradualDeployment);
    const { catalogueFile, logRetention, xrayTracing, removalPolicy } = settings;
    const commonProps = { monitoring, releases, catalogueFile, logRetention, xrayTracing };
    this.systemEventSource = `webhook-fanout.${Names.uniqueResourceName(this, { maxLength: 64 })}`;
    if (props.eventBus !== undefined) checkBusLocation(this, props.eventBus);
    const domainEvents = domainEventPattern(this, {
      systemEventSource: this.systemEventSource,
      hasOwnBus: props.eventBus === undefined,
      givenPattern: props.eventPattern,
    });

    this.storage = new Storage(this, 'Storage', {
      removalPolicy,
      tableProtection: settings.tableProtection,
      multiRegionKey: settings.multiRegionKey,
      ...withoutUndefined({ primaryKeyArn: settings.primaryKeyArn }),
      recordRetentionDays: settings.recordRetentionDays,
      monitoring,
    });
    this.lanes = new Lanes(this, 'Lanes', { retryDelaysSeconds, monitoring });
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
      recoveryRate: settings.recoveryRate,
      retryDelaysSeconds,
      disableAfter,
      allowPrivateEndpoints,
      corsOrigins: settings.corsOrigins,
      throttling: settings.throttling,
      canary,
      servesConsole: settings.console.isServed,
      ...withoutUndefined({ domain: settings.apiDomain, webAclArn: settings.apiWebAclArn }),
    });

    this.eventBus = props.eventBus ?? new EventBus(this, 'Events');
    this.dispatchEvent = new DispatchEvent(this, 'DispatchEvent', {
      ...commonProps,
      storage,
      lanes,
      retryDelaysSeconds,
      validateEvents: settings.validateEvents,
      systemEventSource,
      concurrency,
      bus: this.eventBus,
      domainEvents,
      ...withoutUndefined({ batchingWindow: settings.eventBatchingWindow }),
      ...(canary && props.eventPattern !== undefined
        ? { canarySource: canarySourceOf(systemEventSource) }
        : {}),
    });

    const { publishers, senderNetwork: network } = settings;
    if (publishers !== undefined) allowPublishers(this, this.eventBus, publishers, this.ownSources());
    const senderVpc = network && new SenderVpc(this, 'SenderNetwork', network, removalPolicy);
    this.egressAddresses = senderVpc?.addresses ?? [];
    this.sendDelivery = new SendDelivery(this, 'SendDelivery', {
      ...commonProps,
      storage,
      lanes,
      retryDelaysSeconds,
      maxRetryAfterSeconds: settings.maxRetryAfterSeconds,
      systemEventSource,
      bus: this.eventBus,
      successStatus: settings.successStatus,
      forwardTraceparent: settings.forwardTraceparent,
      disableAfter,
      allowPrivateEndpoints,
      apiHosts: this.serveApi.address.hosts,
      ...(this.serveApi.canaryUrl === undefined ? {} : { canaryUrl: this.serveApi.canaryUrl }),
      concurrency,
      ...withoutUndefined({ firstLanePollers: settings.firstLanePollers, senderVpc }),
    });

    this.apiUrl = this.serveApi.address.url;
    const { dnsTarget } = this.serveApi.address;
    if (dnsTarget !== undefined) this.apiDomainTarget = dnsTarget;
    if (this.serveApi.canaryUrl !== undefined) this.canaryUrl = this.serveApi.canaryUrl;
    const { isServed, hasPortal, embeddedBy, origin = this.apiUrl } = settings.console;
    const consoleUrl = origin + CONSOLE_ENTRY;
    const serveConsole = isServed
      ? new ServeConsole(this, 'ServeConsole', { ...commonProps, api: this.serveApi.api, embeddedBy })
      : undefined;
    if (isServed) this.consoleUrl = consoleUrl;
    this.createPortalLink = hasPortal
      ? new CreatePortalLink(this, 'CreatePortalLink', { ...commonProps, storage, consoleUrl })
      : undefined;
    this.secretsKey = storage.secretsKey;
    this.tables = { webhooks: storage.webhooks, deliveries: storage.deliveries };
    const { first, retries, later, slow, exhausted, poison, unreadable } = lanes;
    this.queues = {
      ...{ first, retries: [...retries], later, slow, exhausted, poison, unreadable },
      events: this.dispatchEvent.events,
      undispatched: this.dispatchEvent.undispatched,
      recoveries: this.recoverDeliveries.recoveries,
    };
    const { senders } = this.sendDelivery;
    this.functions = {
      dispatchEvent: this.dispatchEvent.dispatcher,
      sendDeliveryFirst: senders.first,
      sendDeliveryRetry: senders.retry,
      sendDeliverySlow: senders.slow,
      recoverDeliveries: this.recoverDeliveries.recoverer,
      serveApi: this.serveApi.server,
      ...withoutUndefined({
        serveConsole: serveConsole?.server,
        createPortalLink: this.createPortalLink?.portal,
      }),
    };
    if (canary) new Canary(this, 'Canary', { bus: this.eventBus, systemEventSource, monitoring });
    addDeploymentAlarms(this, monitoring);
    monitoring.checkNames();
    releases.addDeploymentGroups(this, monitoring);
    if (settings.dashboard) {
      const { serveApi, dispatchEvent, recoverDeliveries, sendDelivery } = this;
      const stages = {
        ...{ serveApi, dispatchEvent, recoverDeliveries, sendDelivery },
        ...withoutUndefined({ serveConsole, createPortalLink: this.createPortalLink }),
      };
      new Dashboard(this, 'Dashboard', { monitoring, storage, lanes, ...stages });
    }
  }

  /**
   * Allows a role or another principal of the same account to publish domain events to the bus. It cannot publish system events:
   * only the construct itself may report on deliveries. A principal that may also send events directly can: see
   * `PublishOptions.direct`.
   */
  grantPublish(grantee: IGrantable, options: PublishOptions = {}): Grant {
    const toBus = Grant.addToPrincipal({
      grantee,
      actions: ['events:PutEvents'],
      resourceArns: [this.eventBus.eventBusRef.eventBusArn],
      conditions: { StringNotEquals: { 'events:source': this.ownSources() } },
    });
    if (options.direct !== true) return toBus;
    const toQueue = Grant.addToPrincipal({
      grantee,
      actions: ['sqs:SendMessage'],
      resourceArns: [this.dispatchEvent.events.queueArn],
    });
    return toBus.combine(toQueue);
  }

  /**
   * Allows a role or another principal to invoke the portal function, which makes links that sign a person in to any account.
   * Throws when there is none.
   */
  grantPortal(grantee: IGrantable): Grant {
    if (this.createPortalLink !== undefined) return this.createPortalLink.grantInvoke(grantee);
    throw new InputError('grantPortal needs the portal function. Set the prop portal to true.');
  }

  /**
   * The sum of a counter of the functions, such as `dispatched` or `event_data_invalid`. `package/README.md` lists them.
   * Throws on an unknown name.
   *
   * @param options other properties than a sum over one minute
   */
  metric(name: string, options: MetricOptions = {}): Metric {
    return this.monitoring.counter(readCounterName(name)).with(options);
  }

  /** Deliveries that ended with a success. */
  metricDelivered(options?: MetricOptions): Metric {
    return this.metric('delivered', options);
  }

  /** Attempts that failed at a customer's endpoint. */
  metricAttemptFailed(options?: MetricOptions): Metric {
    return this.metric('attempt_failed', options);
  }

  /** Deliveries whose last attempt failed. */
  metricExhausted(options?: MetricOptions): Metric {
    return this.metric('exhausted', options);
  }

  /** Deliveries that are held, since their webhook was disabled. */
  metricHeld(options?: MetricOptions): Metric {
    return this.metric('held', options);
  }

  /** Messages that our side could not handle, and that are received again. */
  metricReturned(options?: MetricOptions): Metric {
    return this.metric('returned', options);
  }

  /** Events that cannot be dispatched. */
  metricUndispatched(options?: MetricOptions): Metric {
    return this.metric('undispatched', options);
  }

  /** Events that no webhook of their account subscribes to. */
  metricUnmatched(options?: MetricOptions): Metric {
    return this.metric('unmatched', options);
  }

  /**
   * Adds the outputs that the operator's commands read from a deployed stack. An output's name is unique in its stack: when
   * a stack has several WebhookFanouts, each needs its own prefix.
   */
  addOutputs(options: OutputOptions = {}): void {
    const { prefix = '' } = options;
    checkOutputPrefix(this, prefix);
    addStackOutputs(this, prefix, this);
  }

  /** The sources of the events that only this construct publishes. */
  private ownSources(): string | string[] {
    if (this.serveApi.canaryUrl === undefined) return this.systemEventSource;
    return [this.systemEventSource, canarySourceOf(this.systemEventSource)];
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
