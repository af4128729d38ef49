import type { Function as LambdaFn } from 'aws-cdk-lib/aws-lambda';
import type { Duration } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { MINUTE, type Monitoring, type Severity } from './monitoring.ts';

/** A run that takes this part of the timeout was nearly killed: 57 of 60 s, 27 of 29 s. */
const NEARLY_KILLED = 0.95;

/** Without this minimum, any single run of a function with a cap of two would raise an alarm. */
const MIN_CONCURRENCY = 2;

export interface FunctionAlarmSettings {
  /** The function's name in the names of its alarms. */
  readonly name: string;
  readonly timeout: Duration;
  readonly severityOfErrors: Severity;
}

/** A function with its cap. */
export interface CappedFunction {
  readonly name: string;
  readonly fn: LambdaFn;
  /** The most concurrent runs. */
  readonly cap: number;
}

/** The alarms of every function: it crashes, it is throttled, it takes too long. */
export function alarmOnFunction(
  scope: Construct,
  monitoring: Monitoring,
  fn: LambdaFn,
  { name, timeout, severityOfErrors }: FunctionAlarmSettings,
): void {
  monitoring.addAlarm(scope, {
    article: 'errors',
    of: name,
    severity: severityOfErrors,
    meaning: `The function ${name} crashes or is killed: its work is delayed and repeated.`,
    metric: fn.metricErrors({ statistic: 'Sum', period: MINUTE }),
    threshold: 1,
    datapoints: 3,
    periods: 5,
  });
  monitoring.addAlarm(scope, {
    article: 'throttles',
    of: name,
    severity: 'page',
    meaning: `Lambda refuses to run the function ${name}: the account has no concurrency left.`,
    metric: fn.metricThrottles({ statistic: 'Sum', period: MINUTE }),
    threshold: 1,
    datapoints: 3,
    periods: 5,
  });
  monitoring.addAlarm(scope, {
    article: 'duration',
    of: name,
    severity: 'ticket',
    meaning: `A run of the function ${name} took nearly as long as its timeout.`,
    metric: fn.metricDuration({ statistic: 'Maximum', period: MINUTE }),
    threshold: Math.floor(timeout.toSeconds() * NEARLY_KILLED) * 1_000,
    datapoints: 3,
    periods: 15,
  });
}

/** An alarm when a function runs at a part of its cap for some minutes in a row. */
export function alarmOnConcurrency(
  scope: Construct,
  monitoring: Monitoring,
  fn: LambdaFn,
  settings: {
    readonly of: string;
    readonly severity: Severity;
    readonly meaning: string;
    /** The most concurrent runs of the function. */
    readonly cap: number;
    /** A part of the cap, 0 to 1. */
    readonly part: number;
    readonly minutes: number;
  },
): void {
  const { of, severity, meaning, cap, part, minutes } = settings;
  monitoring.addAlarm(scope, {
    article: 'concurrency',
    of,
    severity,
    meaning,
    metric: fn.metric('ConcurrentExecutions', { statistic: 'Maximum', period: MINUTE }),
    threshold: Math.max(MIN_CONCURRENCY, Math.ceil(cap * part)),
    datapoints: minutes,
    periods: minutes,
  });
}
