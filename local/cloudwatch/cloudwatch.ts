import { type Clock, sleep } from '../../lambdas/shared/runtime/clock.ts';
import type { CallMeter, Interceptor } from '../aws-calls.ts';
import type { SqsEngine } from '../sqs/engine.ts';
import { type AlarmChange, type AlarmSettings, createAlarms } from './alarms.ts';
import type { AlarmState } from './evaluate-alarm.ts';
import { createMetricStore, type MetricId, type MetricStore, MINUTE_MS } from './metric-store.ts';
import { createDynamoDbMetrics } from './services/dynamodb.ts';
import { createEventsMetrics, type EventsMetrics } from './services/events.ts';
import { createHttpApiMetrics, type HttpApiResponse } from './services/http-api.ts';
import { createLambdaMetrics, type LambdaMetrics } from './services/lambda.ts';
import { createLogMetrics } from './services/logs.ts';
import { createSqsMetrics } from './services/sqs.ts';

/** The metrics and alarms of a stack that runs on this machine. */
export interface CloudWatch extends CallMeter {
  readonly metrics: MetricStore;
  readonly lambda: Pick<LambdaMetrics, 'started' | 'throttled'>;
  readonly events: EventsMetrics;
  /** Adds a value to a metric at the present time. */
  add(metric: MetricId, value: number): void;
  /** Counts the throttled DynamoDB calls. This interceptor must wrap the one that injects faults. */
  readonly watchCall: Interceptor;
  httpApiResponse(response: HttpApiResponse): void;
  /** Reads the metrics in a line of a log group. */
  logged(logGroupName: string, line: string): void;
  /** The state of the alarm with that name; undefined if there is none. */
  alarmState(name: string): AlarmState | undefined;
  /** Calls `endMinute` at the end of each minute. */
  start(): void;
  /**
   * Adds the metrics that AWS reports once a minute to the minute that ends at `at` (milliseconds since 1970), and evaluates
   * every alarm. A test that calls it calls `stop` before.
   */
  endMinute(at: number): void;
  stop(): void;
}

export interface CloudWatchDependencies {
  readonly stack: { readonly alarms: readonly AlarmSettings[] };
  readonly queues: Pick<SqsEngine, 'queues' | 'queueByUrl' | 'counts' | 'ageOfOldestMs'>;
  readonly clock: Clock;
  readonly onAlarmChange: (change: AlarmChange) => void;
}

/** Throws if an alarm has a statistic or an expression that is not supported. */
export function createCloudWatch({
  stack,
  queues,
  clock,
  onAlarmChange,
}: CloudWatchDependencies): CloudWatch {
  const metrics = createMetricStore();
  const alarms = createAlarms(stack.alarms, metrics);
  const stopping = new AbortController();
  const add = (metric: MetricId, value: number): void => metrics.add(metric, value, clock.now());
  const lambda = createLambdaMetrics(add);
  const dynamodb = createDynamoDbMetrics(add);
  const sqs = createSqsMetrics(queues, add);

  const endMinute = (at: number): void => {
    const before = (metric: MetricId, value: number): void => metrics.add(metric, value, at - 1);
    sqs.sample(before);
    lambda.sample(before);
    for (const change of alarms.evaluate(at)) onAlarmChange(change);
  };

  const run = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      const next = (Math.floor(clock.now() / MINUTE_MS) + 1) * MINUTE_MS;
      await sleep(next - clock.now(), stopping.signal);
      const now = clock.now();
      // A clock that was moved ahead skips minutes.
      if (!stopping.signal.aborted && now >= next) endMinute(Math.floor(now / MINUTE_MS) * MINUTE_MS);
    }
  };

  return {
    metrics,
    lambda,
    events: createEventsMetrics(add),
    add,
    httpApiResponse: createHttpApiMetrics(add),
    logged: createLogMetrics(add, ({ metric, value, at }) => metrics.add(metric, value, at)),
    awsCall(call, { units, output }) {
      if (call.service === 'dynamodb') dynamodb.call(units);
      if (call.service === 'sqs' && output !== undefined) sqs.call(call, output);
    },
    async watchCall(call, next) {
      try {
        return await next();
      } catch (error) {
        if (call.service === 'dynamodb') dynamodb.failed(call, error);
        throw error;
      }
    },
    alarmState: (name) => alarms.state(name),
    start: () => void run(),
    endMinute,
    stop: () => stopping.abort(),
  };
}
