import { ComparisonOperator, MathExpression, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { IEventBusRef } from 'aws-cdk-lib/aws-events';
import { PolicyDocument, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import { Aws, Duration, Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { CANARY_ACCOUNT, CANARY_TYPE, canarySourceOf } from '../../lambdas/shared/domain/canary.ts';
import type { Monitoring } from '../shared/monitoring.ts';
import { allowPublishing } from '../shared/permissions.ts';

const INTERVAL = Duration.minutes(5);
/** Three events. One of them may be late by all retries of a delivery. */
const SILENCE = Duration.minutes(15);

export interface CanaryProps {
  readonly bus: IEventBusRef;
  readonly systemEventSource: string;
  readonly monitoring: Monitoring;
}

/**
 * Publishes an event of the canary's account every five minutes. Its webhook is a path of the customers' API, which
 * counts the events that it receives. An alarm begins when none arrives, even when no function runs any more.
 */
export class Canary extends Construct {
  constructor(scope: Construct, id: string, { bus, systemEventSource, monitoring }: CanaryProps) {
    super(scope, id);
    const source = canarySourceOf(systemEventSource);
    // Only a rule of the default bus can have a schedule, and such a rule cannot write the detail for another bus.
    new CfnSchedule(this, 'Schedule', {
      description: "Publishes the canary's event",
      scheduleExpression: `rate(${INTERVAL.toMinutes()} minutes)`,
      flexibleTimeWindow: { mode: 'OFF' },
      target: {
        arn: bus.eventBusRef.eventBusArn,
        roleArn: this.createRole(bus, source).roleArn,
        eventBridgeParameters: { source, detailType: CANARY_TYPE },
        input: JSON.stringify({ account_id: CANARY_ACCOUNT, data: {} }),
        // An older event is not needed: the next one replaces it.
        retryPolicy: { maximumEventAgeInSeconds: INTERVAL.toSeconds(), maximumRetryAttempts: 10 },
      },
    });
    monitoring.addAlarm(this, {
      article: 'canary-silent',
      severity: 'page',
      meaning:
        "The scheduled event does not arrive at the deployment's own webhook: customers may receive nothing.",
      // CloudWatch reads more periods than it compares: without FILL, the alarm would begin after 45 minutes of silence.
      metric: new MathExpression({
        label: 'canary events received',
        expression: 'FILL(received, 0)',
        usingMetrics: { received: monitoring.counter('canary_received', SILENCE) },
        period: SILENCE,
      }),
      threshold: 1,
      comparison: ComparisonOperator.LESS_THAN_THRESHOLD,
      datapoints: 1,
      periods: 1,
      // FILL adds nothing to a metric that has no data at all.
      missing: TreatMissingData.BREACHING,
    });
  }

  private createRole(bus: IEventBusRef, source: string): Role {
    // AWS: the source is the schedule's group, never the schedule itself.
    // https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html
    const group = Stack.of(this).formatArn({
      service: 'scheduler',
      resource: 'schedule-group',
      resourceName: 'default',
    });
    return new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID, 'aws:SourceArn': group } },
      }),
      inlinePolicies: {
        Work: new PolicyDocument({ statements: [allowPublishing(bus, source, CANARY_TYPE)] }),
      },
    });
  }
}
