import { Duration } from 'aws-cdk-lib/core';
import { describe, expect, it } from 'vitest';
import { synthesize } from './synthesize.ts';

/**
 * Changing the logical id of one of these replaces the resource: its data, messages or address are lost. That is allowed
 * only in a new major version (`package/README.md`, Versions). An id consists of the construct path in the stack and a
 * hash of it.
 */
const STATEFUL: Readonly<Record<string, readonly string[]>> = {
  'AWS::ApiGatewayV2::Api': ['FanoutServeApiDD5EC776'],
  'AWS::DynamoDB::Table': ['FanoutStorageDeliveriesF5F1BAFA', 'FanoutStorageWebhooksB5240E96'],
  'AWS::Events::EventBus': ['FanoutEventsA9A822BB'],
  'AWS::KMS::Key': ['FanoutStorageSecretsKeyE58CCD5B'],
  'AWS::Logs::LogGroup': [
    'FanoutCreatePortalLinkLogs09308924',
    'FanoutDispatchEventLogsF45546E1',
    'FanoutRecoverDeliveriesLogsE40600D5',
    'FanoutSendDeliveryFirstLaneLogs396B4BDB',
    'FanoutSendDeliveryRetryLaneLogsF8737E36',
    'FanoutSendDeliverySlowLaneLogs20126712',
    'FanoutServeApiAccessLogB4380E4F',
    'FanoutServeApiLogs33CBA06C',
    'FanoutServeConsoleLogs52CAD36A',
  ],
  'AWS::SQS::Queue': [
    'FanoutDispatchEventEvents6D4A94D7',
    'FanoutDispatchEventUndispatchedD1A57ED1',
    'FanoutLanesExhausted9D21EED9',
    'FanoutLanesExhaustedRedrive83A5FDCF',
    'FanoutLanesFirst65E6C359',
    'FanoutLanesLaterB97E304A',
    'FanoutLanesPoison87BA7648',
    'FanoutLanesRetry1C2F438A9',
    'FanoutLanesRetry2CA3EA0D1',
    'FanoutLanesRetry3CFCD4372',
    'FanoutLanesRetry4F1B304E8',
    'FanoutLanesRetry57261FFA1',
    'FanoutLanesRetry6DE05A922',
    'FanoutLanesSlow84A2F389',
    'FanoutLanesUnreadable05E7DF78',
    'FanoutRecoverDeliveriesRecoveries20DABB69',
  ],
};

describe('the logical ids of stateful resources', () => {
  const { template } = synthesize({ retryDelays: [1, 2, 3, 4, 5, 6].map(Duration.seconds) });

  it.each(Object.keys(STATEFUL))('of %s are those of the earlier versions', (type) => {
    expect(Object.keys(template.findResources(type)).toSorted()).toEqual(STATEFUL[type]?.toSorted());
  });
});
