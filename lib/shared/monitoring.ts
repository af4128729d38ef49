import {
  Alarm,
  ComparisonOperator,
  type IAlarmAction,
  type IMetric,
  Metric,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Duration } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { Lane } from '../../lambdas/shared/domain/lane.ts';
import {
  COUNTER_NAMES,
  type CounterName,
  LATENCY_METRIC,
} from '../../lambdas/shared/runtime/metric-names.ts';
import { type AlarmProps, DEFAULT_RUNBOOK_URL } from './alarm-props.ts';
import { InputError, show } from './input.ts';

export const METRICS_NAMESPACE = 'WebhookFanout';

/** The name of the dimension of all metrics of this namespace. */
const DEPLOYMENT_DIMENSION = 'deployment';

/** The period of alarms that state no other. */
export const MINUTE = Duration.minutes(1);

/** When an operator must act. `page`: now. `ticket`: in working hours. */
export type Severity = 'page' | 'ticket';

export interface AlarmSettings {
  /** The article of `docs/runbook.md`, and the alarm's name or its beginning. Letters, digits and hyphens. */
  readonly article: string;
  /** The object of the alarm, when several alarms have the same article: the last part of the alarm's name. */
  readonly of?: string;
  readonly severity: Severity;
  /** What the alarm means for customers: one or two sentences. */
  readonly meaning: string;
  /** The metric, with its statistic and period. */
  readonly metric: IMetric;
  /** The threshold, in the unit of the metric. */
  readonly threshold: number;
  /** Default: at or above the threshold. */
  readonly comparison?: ComparisonOperator;
  /** The alarm begins when this many of the last `periods` are beyond the threshold. */
  readonly datapoints: number;
  readonly periods: number;
  /** Default: a period without data is within the threshold. */
  readonly missing?: TreatMissingData;
}

/** Throws on a name that no counter has. */
export function readCounterName(name: string): CounterName {
  const found = COUNTER_NAMES.find((known) => known === name);
  if (found !== undefined) return found;
  throw new InputError(
    `metric ${show(name)} is unknown; the counters are ${COUNTER_NAMES.join(', ')}. Correct the name.`,
  );
}

/** The metrics and the alarms of one deployment. The constructs create their alarms with it. */
export class Monitoring {
  /** Value of the dimension `deployment`: different for each deployment in an account and region. */
  readonly deployment: string;
  readonly #props: AlarmProps;
  readonly #actions: Readonly<Record<Severity, readonly IAlarmAction[]>>;
  readonly #names = new Set<string>();
  readonly #alarms = new Map<string, Alarm>();

  constructor(deployment: string, props: AlarmProps) {
    this.deployment = deployment;
    this.#props = props;
    const { pageTopic, ticketTopic, pageActions = [], ticketActions = [] } = props;
    this.#actions = {
      page: [...(pageTopic === undefined ? [] : [new SnsAction(pageTopic)]), ...pageActions],
      ticket: [...(ticketTopic === undefined ? [] : [new SnsAction(ticketTopic)]), ...ticketActions],
    };
  }

  /** The sum of a counter of the functions. */
  counter(name: CounterName, period: Duration = MINUTE): Metric {
    return new Metric({
      namespace: METRICS_NAMESPACE,
      metricName: name,
      dimensionsMap: { [DEPLOYMENT_DIMENSION]: this.deployment },
      statistic: 'Sum',
      period,
    });
  }

  /** Milliseconds from the acceptance of an event to its receipt by an endpoint. */
  latency(lane: Lane, period: Duration): Metric {
    return new Metric({
      namespace: METRICS_NAMESPACE,
      metricName: LATENCY_METRIC,
      dimensionsMap: { [DEPLOYMENT_DIMENSION]: this.deployment, lane },
      statistic: 'p50',
      period,
    });
  }

  /** The alarms that exist so far. */
  get alarms(): readonly Alarm[] {
    return [...this.#alarms.values()];
  }

  /** An alarm by its name without the deployment. Undefined when it does not exist. */
  alarm(name: string): Alarm | undefined {
    return this.#alarms.get(name);
  }

  /** Creates an alarm, unless the operator disabled it. */
  addAlarm(scope: Construct, settings: AlarmSettings): void {
    const { article, severity, meaning, missing = TreatMissingData.NOT_BREACHING } = settings;
    const { enabled = true, disabled = [], thresholds = {}, runbookUrl = DEFAULT_RUNBOOK_URL } = this.#props;
    const name = settings.of === undefined ? article : `${article}-${settings.of}`;
    this.#names.add(name);
    if (!enabled || disabled.includes(name)) return;
    const alarm = new Alarm(scope, `Alarm-${name}`, {
      alarmName: `${this.deployment}/${name}`,
      alarmDescription: `${severity === 'page' ? 'Page' : 'Ticket'}: ${meaning} ${runbookUrl}#${article}`,
      metric: settings.metric,
      threshold: thresholds[name] ?? settings.threshold,
      comparisonOperator: settings.comparison ?? ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      datapointsToAlarm: settings.datapoints,
      evaluationPeriods: settings.periods,
      treatMissingData: missing,
    });
    this.#alarms.set(name, alarm);
    for (const action of this.#actions[severity]) {
      alarm.addAlarmAction(action);
      alarm.addOkAction(action);
    }
  }

  /** Throws when a threshold or a disabled alarm has a name that no alarm has. Called when all alarms are created. */
  checkNames(): void {
    const { disabled = [], thresholds = {} } = this.#props;
    const unknown = [...Object.keys(thresholds), ...disabled].find((name) => !this.#names.has(name));
    if (unknown === undefined) return;
    throw new InputError(
      `alarms names the alarm ${JSON.stringify(unknown)}, which does not exist; the alarms are ${[...this.#names].sort().join(', ')}. Correct the name or leave it out.`,
    );
  }
}
