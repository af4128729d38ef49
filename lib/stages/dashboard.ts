import {
  AlarmStatusWidget,
  Dashboard as CloudWatchDashboard,
  Color,
  GraphWidget,
  type IMetric,
  type IWidget,
  MathExpression,
  type Metric,
} from 'aws-cdk-lib/aws-cloudwatch';
import { QueryDefinition, QueryString } from 'aws-cdk-lib/aws-logs';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Duration } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { ATTEMPT_ERRORS, DELIVERY_STATUSES, isFinal } from '../../lambdas/shared/domain/delivery.ts';
import { LANES } from '../../lambdas/shared/domain/lane.ts';
import { type CounterName, counterOf } from '../../lambdas/shared/runtime/metric-names.ts';
import { type CostWidgetProps, costWidget } from '../shared/cost-widget.ts';
import type { Lanes } from '../shared/lanes.ts';
import type { Monitoring } from '../shared/monitoring.ts';
import type { Storage } from '../shared/storage.ts';
import type { CreatePortalLink } from './create-portal-link.ts';
import type { DispatchEvent } from './dispatch-event.ts';
import type { RecoverDeliveries } from './recover-deliveries.ts';
import type { SendDelivery } from './send-delivery.ts';
import type { ServeApi } from './serve-api.ts';
import type { ServeConsole } from './serve-console.ts';

const PERIOD = Duration.minutes(5);

/** CloudWatch's grid has 24 columns. */
const HALF = { width: 12, height: 7 };

export interface DashboardProps {
  readonly monitoring: Monitoring;
  readonly storage: Storage;
  readonly lanes: Lanes;
  readonly dispatchEvent: DispatchEvent;
  readonly sendDelivery: SendDelivery;
  readonly recoverDeliveries: RecoverDeliveries;
  readonly serveApi: ServeApi;
  readonly serveConsole?: ServeConsole;
  readonly createPortalLink?: CreatePortalLink;
}

/** The metrics of the deployment on one page, and saved queries of its logs. */
export class Dashboard extends Construct {
  constructor(scope: Construct, id: string, props: DashboardProps) {
    super(scope, id);
    const { monitoring } = props;
    const alarms = monitoring.alarms;
    new CloudWatchDashboard(this, 'Dashboard', {
      defaultInterval: Duration.hours(3),
      widgets: [
        ...(alarms.length === 0
          ? []
          : [[new AlarmStatusWidget({ title: 'Alarms', alarms: [...alarms], width: 24, height: 6 })]]),
        [
          graphOf('Events', counters(monitoring, ['dispatched', 'unmatched', 'undispatched', 'event_rerun'])),
          graphOf('Deliveries', counters(monitoring, DELIVERY_STATUSES.filter(isFinal))),
        ],
        [successRate(monitoring), latency(monitoring)],
        [attemptsByError(monitoring), concurrencyOf(props)],
        [
          graphOf('Backlog: messages', queuesOf(props).map(messagesOf)),
          graphOf('Age of the oldest message, seconds', queuesOf(props).map(ageOf)),
        ],
        [
          graphOf('Messages that wait for an operator', operatorQueuesOf(props).map(messagesOf)),
          costWidget(costPropsOf(props)),
        ],
      ],
    });
    this.addQueries(props);
  }

  private addQueries({ monitoring, sendDelivery, dispatchEvent }: DashboardProps): void {
    const senders = sendDelivery.functions.map(({ fn }) => fn.logGroup);
    const failures = "message = 'an attempt failed'";
    for (const { id, name, logGroups, filter, stats, limit } of [
      {
        id: 'TopAccounts',
        name: 'top accounts by failures',
        logGroups: senders,
        filter: failures,
        stats: 'account_id',
      },
      {
        id: 'TopWebhooks',
        name: 'top webhooks by failures',
        logGroups: senders,
        filter: failures,
        stats: 'account_id, webhook_id',
      },
      {
        id: 'TopErrors',
        name: 'failures by error and status',
        logGroups: senders,
        filter: failures,
        stats: 'error, status',
      },
      {
        id: 'Returned',
        name: 'reasons of returned messages',
        logGroups: [...senders, dispatchEvent.dispatcher.logGroup],
        filter: "message like 'is returned to its queue'",
        stats: 'why',
      },
    ].map((query) => ({ ...query, limit: 50 }))) {
      new QueryDefinition(this, id, {
        queryDefinitionName: `${monitoring.deployment}/${name}`,
        logGroups,
        queryString: new QueryString({
          filterStatements: [filter],
          statsStatements: [`count(*) as lines by ${stats}`],
          sort: 'lines desc',
          limit,
        }),
      });
    }
  }
}

function graphOf(title: string, left: IMetric[], stacked = false): IWidget {
  return new GraphWidget({ ...HALF, title, left, stacked, leftYAxis: { min: 0, showUnits: false } });
}

function counters(monitoring: Monitoring, names: readonly CounterName[]): IMetric[] {
  return names.map((name) => monitoring.counter(name, PERIOD).with({ label: name }));
}

function successRate(monitoring: Monitoring): IWidget {
  const rate = new MathExpression({
    label: 'attempts that succeed, percent',
    expression: '100 * delivered / (delivered + FILL(failed, 0))',
    usingMetrics: {
      delivered: monitoring.counter('delivered', PERIOD),
      failed: monitoring.counter('attempt_failed', PERIOD),
    },
    period: PERIOD,
  });
  return new GraphWidget({
    ...HALF,
    title: 'Success rate',
    left: [rate],
    leftYAxis: { min: 0, max: 100, showUnits: false },
  });
}

function latency(monitoring: Monitoring): IWidget {
  const metrics = LANES.flatMap((lane) =>
    ['p50', 'p99'].map((statistic) =>
      monitoring.latency(lane, PERIOD).with({ statistic, label: `${lane} ${statistic}` }),
    ),
  );
  return graphOf('Latency from publish to receipt, milliseconds', metrics);
}

function attemptsByError(monitoring: Monitoring): IWidget {
  const metrics = ATTEMPT_ERRORS.map((error) =>
    monitoring.counter(counterOf(error), PERIOD).with({ label: error }),
  );
  return graphOf('Failed attempts by class', metrics, true);
}

/** Each concurrency as a percentage of its cap, so that one line shows the alarm's threshold for all. */
function concurrencyOf({ sendDelivery, dispatchEvent }: DashboardProps): IWidget {
  const capped = [
    ...sendDelivery.functions,
    { name: 'dispatch', fn: dispatchEvent.dispatcher, cap: dispatchEvent.concurrency },
  ];
  const left = capped.map(
    ({ name, fn, cap }, index) =>
      new MathExpression({
        label: `${name} of ${cap}`,
        expression: `100 * concurrent${index} / ${cap}`,
        usingMetrics: {
          [`concurrent${index}`]: fn.metric('ConcurrentExecutions', { statistic: 'Maximum', period: PERIOD }),
        },
        period: PERIOD,
      }),
  );
  return new GraphWidget({
    ...HALF,
    title: 'Concurrency, percent of the cap',
    left,
    leftYAxis: { min: 0, max: 100, showUnits: false },
    leftAnnotations: [{ value: 50, label: 'alarm', color: Color.RED }],
  });
}

interface NamedQueue {
  readonly name: string;
  readonly queue: IQueue;
}

function queuesOf({ lanes, dispatchEvent, recoverDeliveries }: DashboardProps): NamedQueue[] {
  return [
    { name: 'events', queue: dispatchEvent.events },
    { name: 'first', queue: lanes.first },
    ...lanes.retries.map((queue, index) => ({ name: `retry ${index + 1}`, queue })),
    { name: 'later', queue: lanes.later },
    { name: 'slow', queue: lanes.slow },
    { name: 'recoveries', queue: recoverDeliveries.recoveries },
  ];
}

function costPropsOf(props: DashboardProps): CostWidgetProps {
  const { storage, lanes, dispatchEvent, sendDelivery, recoverDeliveries, serveApi } = props;
  return {
    storage,
    lanes,
    events: dispatchEvent.events,
    recoveries: recoverDeliveries.recoveries,
    stage: serveApi.stage,
    dispatcher: dispatchEvent.dispatcher,
    polled: [...sendDelivery.functions.map(({ fn }) => fn), recoverDeliveries.recoverer],
    servers: [serveApi.server, props.serveConsole?.server, props.createPortalLink?.fn].filter(
      (fn) => fn !== undefined,
    ),
  };
}

function operatorQueuesOf({ lanes, dispatchEvent }: DashboardProps): NamedQueue[] {
  return [
    { name: 'exhausted', queue: lanes.exhausted },
    { name: 'poison', queue: lanes.poison },
    { name: 'unreadable', queue: lanes.unreadable },
    { name: 'undispatched', queue: dispatchEvent.undispatched },
  ];
}

function messagesOf({ name, queue }: NamedQueue): Metric {
  return queue.metricApproximateNumberOfMessagesVisible({
    statistic: 'Maximum',
    period: PERIOD,
    label: name,
  });
}

function ageOf({ name, queue }: NamedQueue): Metric {
  return queue.metricApproximateAgeOfOldestMessage({ statistic: 'Maximum', period: PERIOD, label: name });
}
