import type * as z from 'zod';
import type { AlarmSettings } from '../cloudwatch/alarms.ts';
import type { MissingData } from '../cloudwatch/evaluate-alarm.ts';
import type { MetricQuery } from '../cloudwatch/metric-queries.ts';
import type { MetricId } from '../cloudwatch/metric-store.ts';
import { RESOURCE_TYPES } from './resource-types/index.ts';
import type { Resources } from './resources.ts';
import type { DashboardSettings } from './stack.ts';

type AlarmProperties = z.output<typeof RESOURCE_TYPES.alarm.properties>;
type Dimensions = AlarmProperties['Dimensions'];

/** The id of the metric of an alarm that has one. */
const ONLY_METRIC = 'metric';

export function readAlarms(resources: Resources): AlarmSettings[] {
  return resources.all(RESOURCE_TYPES.alarm).map(({ logicalId, name, properties }) => {
    const { queries, comparedQuery, periodMs } = readCompared(logicalId, properties);
    return {
      logicalId,
      name,
      description: properties.AlarmDescription,
      queries,
      comparedQuery,
      periodMs,
      threshold: properties.Threshold,
      comparison: properties.ComparisonOperator,
      evaluationPeriods: properties.EvaluationPeriods,
      datapointsToAlarm: properties.DatapointsToAlarm ?? properties.EvaluationPeriods,
      treatMissingData: properties.TreatMissingData ?? defaultOf(queries),
      alarmActions: properties.ActionsEnabled ? properties.AlarmActions : [],
      okActions: properties.ActionsEnabled ? properties.OKActions : [],
    };
  });
}

export function readDashboards(resources: Resources): DashboardSettings[] {
  return resources
    .all(RESOURCE_TYPES.dashboard)
    .map(({ name, properties }) => ({ name, body: properties.DashboardBody }));
}

/** Metrics of DynamoDB stop when nothing is throttled; CloudWatch keeps the state of their alarms by default. */
function defaultOf(queries: readonly MetricQuery[]): MissingData {
  return queries.some((query) => 'metric' in query && query.metric.namespace === 'AWS/DynamoDB')
    ? 'ignore'
    : 'missing';
}

function readCompared(
  logicalId: string,
  { Metrics, Namespace, MetricName, Dimensions, Statistic, ExtendedStatistic, Period }: AlarmProperties,
): Pick<AlarmSettings, 'queries' | 'comparedQuery' | 'periodMs'> {
  if (Metrics === undefined) {
    const statistic = Statistic ?? ExtendedStatistic;
    if (
      Namespace === undefined ||
      MetricName === undefined ||
      statistic === undefined ||
      Period === undefined
    ) {
      throw new Error(
        `alarm ${logicalId}: expected Metrics, or Namespace, MetricName, Period and a statistic; CloudFormation refuses it, too`,
      );
    }
    const metric = metricOf(Namespace, MetricName, Dimensions);
    return {
      queries: [{ id: ONLY_METRIC, metric, statistic }],
      comparedQuery: ONLY_METRIC,
      periodMs: Period * 1000,
    };
  }
  const compared = Metrics.filter(({ ReturnData }) => ReturnData);
  const periods = new Set(Metrics.flatMap((metric) => metric.MetricStat?.Period ?? metric.Period ?? []));
  const [[first], [period]] = [compared, [...periods]];
  if (first === undefined || compared.length > 1 || period === undefined || periods.size > 1) {
    throw new Error(
      `alarm ${logicalId}: the local cloud supports metric math with one returned query and one period only; got ${compared.length} queries and the periods ${[...periods].join(', ')}`,
    );
  }
  const queries = Metrics.map(({ Id, Expression, MetricStat }): MetricQuery => {
    if (Expression !== undefined) return { id: Id, expression: Expression };
    if (MetricStat === undefined)
      throw new Error(`alarm ${logicalId}: ${Id} has no Expression and no MetricStat`);
    const { Namespace: namespace, MetricName: name, Dimensions: dimensions } = MetricStat.Metric;
    return { id: Id, metric: metricOf(namespace, name, dimensions), statistic: MetricStat.Stat };
  });
  return { queries, comparedQuery: first.Id, periodMs: period * 1000 };
}

function metricOf(namespace: string, name: string, dimensions: Dimensions): MetricId {
  return {
    namespace,
    name,
    dimensions: Object.fromEntries(dimensions.map(({ Name, Value }) => [Name, Value])),
  };
}
