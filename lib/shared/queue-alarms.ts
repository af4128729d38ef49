import { ComparisonOperator } from 'aws-cdk-lib/aws-cloudwatch';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Duration } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { type AlarmSettings, MINUTE, type Monitoring, type Severity } from './monitoring.ts';

/** How long a message may wait after its delay. */
const MAX_WAIT_SECONDS = 120;

/** An alarm as soon as a message waits for an operator. */
export function alarmOnMessages(
  scope: Construct,
  monitoring: Monitoring,
  queue: IQueue,
  settings: Pick<AlarmSettings, 'article' | 'severity' | 'meaning'>,
): void {
  monitoring.addAlarm(scope, {
    ...settings,
    metric: queue.metricApproximateNumberOfMessagesVisible({ statistic: 'Maximum', period: MINUTE }),
    threshold: 1,
    datapoints: 1,
    periods: 1,
  });
}

/**
 * An alarm when the oldest message waits for more than 120 s after its delay, five minutes in a row. SQS leaves messages
 * that were received three times out of the metric: messages that our side returns are counted by `returned` instead.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
 */
export function alarmOnAge(
  scope: Construct,
  monitoring: Monitoring,
  queue: IQueue,
  settings: {
    /** The queue, as in the alarm's name. */
    readonly of: string;
    readonly severity: Severity;
    readonly meaning: string;
    /** The longest delay of a message on the queue. */
    readonly delay?: Duration;
    /** Default: 120 s after the delay. */
    readonly maxSeconds?: number;
  },
): void {
  const { of, severity, meaning, delay } = settings;
  monitoring.addAlarm(scope, {
    article: 'late',
    of,
    severity,
    meaning,
    metric: queue.metricApproximateAgeOfOldestMessage({ statistic: 'Maximum', period: MINUTE }),
    threshold: settings.maxSeconds ?? (delay?.toSeconds() ?? 0) + MAX_WAIT_SECONDS,
    comparison: ComparisonOperator.GREATER_THAN_THRESHOLD,
    datapoints: 5,
    periods: 5,
  });
}
