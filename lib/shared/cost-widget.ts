import type { HttpStage } from 'aws-cdk-lib/aws-apigatewayv2';
import { GraphWidget, type IMetric, type IWidget, MathExpression, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { CfnFunction, Function as LambdaFn } from 'aws-cdk-lib/aws-lambda';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Duration } from 'aws-cdk-lib/core';
import { costLines } from './cost-expressions.ts';
import type { Lanes } from './lanes.ts';
import type { Storage } from './storage.ts';

const PERIOD = Duration.hours(1);

export interface CostWidgetProps {
  readonly storage: Storage;
  readonly lanes: Lanes;
  readonly events: IQueue;
  readonly recoveries: IQueue;
  readonly stage: HttpStage;
  readonly dispatcher: LambdaFn;
  /** The other functions that queues invoke. */
  readonly polled: readonly LambdaFn[];
  /** The functions that requests and backends invoke. */
  readonly servers: readonly LambdaFn[];
}

/** The cost of the deployment in each hour, by line, from the metrics of AWS's services. */
export function costWidget(props: CostWidgetProps): IWidget {
  const metrics: Record<string, IMetric> = {};
  const add = (metric: IMetric): string => {
    const id = `m${Object.keys(metrics).length}`;
    metrics[id] = metric;
    return id;
  };
  const sum = { statistic: 'Sum', period: PERIOD };
  const { lanes, storage, events, recoveries, dispatcher, polled, servers } = props;
  const others = [...lanes.retries, lanes.later, lanes.slow, lanes.exhausted, recoveries];
  const polledQueues = [events, lanes.first, ...lanes.retries, lanes.later, lanes.slow, recoveries];
  const tables = [storage.webhooks, storage.deliveries];
  const functionIds = [dispatcher, ...polled, ...servers].map((fn) => ({
    invocations: add(fn.metricInvocations(sum)),
    duration: add(fn.metricDuration(sum)),
    memoryMb: memoryOf(fn),
    isPolled: !servers.includes(fn),
  }));
  const lines = costLines({
    events: add(events.metricNumberOfMessagesSent(sum)),
    functions: functionIds,
    firstMessages: add(lanes.first.metricNumberOfMessagesSent(sum)),
    dispatches: functionIds[0]?.invocations ?? '',
    otherMessages: others.map((queue) => add(queue.metricNumberOfMessagesSent(sum))),
    emptyReceives: polledQueues.map((queue) => add(queue.metricNumberOfEmptyReceives(sum))),
    writeUnits: tables.map((table) => add(table.metricConsumedWriteCapacityUnits(sum))),
    readUnits: tables.map((table) => add(table.metricConsumedReadCapacityUnits(sum))),
    apiRequests: add(props.stage.metricCount(sum)),
    logBytes: [dispatcher, ...polled, ...servers].map((fn) => add(logBytesOf(fn))),
  });
  return new GraphWidget({
    width: 12,
    height: 7,
    title: 'Cost by line, dollars an hour',
    stacked: true,
    leftYAxis: { min: 0, showUnits: false },
    left: lines.map(
      ({ name, expression }) =>
        new MathExpression({
          label: name,
          expression,
          usingMetrics: Object.fromEntries(
            Object.entries(metrics).filter(([id]) => new RegExp(`\\b${id}\\b`).test(expression)),
          ),
          period: PERIOD,
        }),
    ),
  });
}

function logBytesOf({ logGroup }: LambdaFn): Metric {
  return new Metric({
    namespace: 'AWS/Logs',
    metricName: 'IncomingBytes',
    dimensionsMap: { LogGroupName: logGroup.logGroupName },
    statistic: 'Sum',
    period: PERIOD,
  });
}

function memoryOf(fn: LambdaFn): number {
  const { memorySize } = fn.node.defaultChild as CfnFunction;
  if (memorySize === undefined) throw new Error('a function has no memory size');
  return memorySize;
}
