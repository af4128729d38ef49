import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Duration, RemovalPolicy } from 'aws-cdk-lib/core';
import { DEFAULT_DISABLE_AFTER } from '../../lambdas/shared/domain/health.ts';
import { DEFAULT_RETRY_DELAYS_SECONDS } from '../../lambdas/shared/domain/retry-schedule.ts';
import type { WebhookFanoutProps } from '../webhook-fanout-props.ts';
import { readAlarmProps } from './alarm-props.ts';
import { DEFAULT_CATALOGUE, readCatalogue } from './catalogue.ts';
import { checkProps } from './check-props.ts';
import { readMaxRetryAfter, readRetrySchedule } from './check-retry-delays.ts';
import { CONCURRENCY, readConcurrency, totalConcurrency } from './concurrency.ts';
import { readConsoleProps } from './console-props.ts';
import { readDisableAfter } from './disable-after.ts';
import { readEventBatchingWindow } from './event-batching-window.ts';
import { readOrigins } from './origins.ts';
import { readPollers } from './pollers.ts';
import { readPublishers } from './publishers.ts';
import { readRecordRetention } from './record-retention.ts';
import { DEFAULT_RECOVERY_RATE } from './recovery-rate.ts';
import { readSenderNetwork } from './sender-network.ts';
import { DEFAULT_THROTTLING } from './throttling.ts';

/**
 * The props with their defaults. Throws an `InputError` for the first that is not valid, except for those of the bus, which
 * depend on the stack.
 */
export function readProps(props: WebhookFanoutProps) {
  checkProps(props);
  const { allowPrivateEndpoints = false } = props;
  const retryDelaysSeconds = readRetrySchedule(
    props.retryDelays ?? DEFAULT_RETRY_DELAYS_SECONDS.map((seconds) => Duration.seconds(seconds)),
  );
  const givenConcurrency = readConcurrency(props.concurrency ?? {});
  const concurrency = { ...CONCURRENCY, ...givenConcurrency };
  const firstLanePollers =
    props.firstLanePollers && readPollers(props.firstLanePollers, givenConcurrency.first);
  return {
    allowPrivateEndpoints,
    retryDelaysSeconds,
    concurrency,
    firstLanePollers,
    /** Invocations at once of all event sources of events and deliveries. */
    totalConcurrency: totalConcurrency(concurrency, retryDelaysSeconds, firstLanePollers),
    catalogueFile: readCatalogue(props.eventCatalogue ?? DEFAULT_CATALOGUE).path,
    validateEvents: props.validateEvents ?? 'warn',
    successStatus: props.successStatus ?? '200',
    disableAfter: readDisableAfter(props.disableAfter ?? DEFAULT_DISABLE_AFTER),
    maxRetryAfterSeconds: readMaxRetryAfter(props.maxRetryAfter),
    eventBatchingWindow: readEventBatchingWindow(props.eventBatchingWindow),
    forwardTraceparent: props.forwardTraceparent ?? false,
    corsOrigins: readOrigins('corsOrigins', props.corsOrigins ?? [], allowPrivateEndpoints),
    console: readConsoleProps(props),
    alarms: readAlarmProps(props.alarms ?? {}),
    gradualDeployment: props.gradualDeployment ?? false,
    logRetention: props.logRetention ?? RetentionDays.ONE_MONTH,
    xrayTracing: props.xrayTracing ?? false,
    publishers: props.publishers && readPublishers(props.publishers, props.eventBus === undefined),
    senderNetwork: props.senderNetwork && readSenderNetwork(props.senderNetwork, allowPrivateEndpoints),
    removalPolicy: props.removalPolicy ?? RemovalPolicy.RETAIN,
    tableProtection: props.tableProtection ?? {},
    multiRegionKey: props.multiRegionKey ?? false,
    primaryKeyArn: props.primaryKeyArn,
    recordRetentionDays: readRecordRetention(props.recordRetention, retryDelaysSeconds),
    recoveryRate: props.recoveryRate ?? DEFAULT_RECOVERY_RATE,
    throttling: props.throttling ?? DEFAULT_THROTTLING,
    apiDomain: props.apiDomain,
    apiWebAclArn: props.apiWebAclArn,
    canary: props.canary ?? false,
    dashboard: props.dashboard ?? true,
  };
}
