import { ComparisonOperator, MathExpression } from 'aws-cdk-lib/aws-cloudwatch';
import { Duration } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { Monitoring } from './monitoring.ts';

/** With fewer attempts, the share of failures does not show a fault of our own network. */
const MIN_ATTEMPTS = 1_000;
const MAX_FAILED_PERCENT = 50;
const FAILURE_PERIOD = Duration.minutes(15);

/** The alarms on counters that several functions count. */
export function addDeploymentAlarms(scope: Construct, monitoring: Monitoring): void {
  monitoring.addAlarm(scope, {
    article: 'returned',
    severity: 'page',
    meaning: 'Our side fails and retries: events and deliveries are late, and none is lost yet.',
    metric: monitoring.counter('returned'),
    threshold: 10,
    datapoints: 5,
    periods: 5,
  });
  monitoring.addAlarm(scope, {
    article: 'dependency-failed',
    severity: 'ticket',
    meaning:
      'Calls of DynamoDB, SQS or KMS fail after their retries: deliveries and the API are slow or fail.',
    metric: monitoring.counter('dependency_failed'),
    threshold: 10,
    datapoints: 5,
    periods: 5,
  });
}

/** The alarms on the counters of the three lanes. */
export function addSenderAlarms(scope: Construct, monitoring: Monitoring): void {
  const period = Duration.minutes(5);
  monitoring.addAlarm(scope, {
    article: 'log-lost',
    severity: 'ticket',
    meaning: "Deliveries were made whose records are missing in the customers' delivery log.",
    metric: monitoring.counter('log_lost', period),
    threshold: 1,
    datapoints: 1,
    periods: 1,
  });
  monitoring.addAlarm(scope, {
    article: 'system-event-lost',
    severity: 'ticket',
    meaning: 'Customers were not notified of a retry, an exhausted delivery or a disabled webhook.',
    metric: monitoring.counter('system_event_lost', period),
    threshold: 1,
    datapoints: 1,
    periods: 1,
  });
  monitoring.addAlarm(scope, {
    article: 'audit-lost',
    severity: 'ticket',
    meaning: 'The service changed a webhook, and the audit log has no entry of it.',
    metric: monitoring.counter('audit_lost', period),
    threshold: 1,
    datapoints: 1,
    periods: 1,
  });
  monitoring.addAlarm(scope, {
    article: 'failing-attempts',
    severity: 'ticket',
    meaning: 'More than half of all attempts fail, at many customers at once: probably our own network.',
    metric: new MathExpression({
      label: 'failed attempts, percent',
      expression: `IF(FILL(failed, 0) + FILL(delivered, 0) >= ${MIN_ATTEMPTS}, 100 * FILL(failed, 0) / (FILL(failed, 0) + FILL(delivered, 0)), 0)`,
      usingMetrics: {
        failed: monitoring.counter('attempt_failed', FAILURE_PERIOD),
        delivered: monitoring.counter('delivered', FAILURE_PERIOD),
      },
      period: FAILURE_PERIOD,
    }),
    threshold: MAX_FAILED_PERCENT,
    comparison: ComparisonOperator.GREATER_THAN_THRESHOLD,
    datapoints: 1,
    periods: 1,
  });
}
