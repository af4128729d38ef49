import { Duration } from 'aws-cdk-lib/core';
import { describe, expect, it } from 'vitest';
import type { WebhookFanoutProps } from '../../lib/webhook-fanout.ts';
import { synthesize } from './synthesize.ts';

/**
 * Changing the logical id of one of these replaces the resource: its data, messages or address are lost. Customers' firewalls
 * name the static addresses, and customers' DNS records the domain name or the distribution. A change is allowed only in a new
 * major version (`package/README.md`, Versions). An id consists of the construct path in the stack and a
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

const API_DOMAIN = {
  name: 'hooks.example.com',
  certificateArn: 'arn:aws:acm:us-east-1:111122223333:certificate/1234',
};

/** As `STATEFUL`: resources that only some props create. The distribution replaces the domain name. */
const OF_PROPS: readonly { name: string; props: WebhookFanoutProps; ids: typeof STATEFUL }[] = [
  {
    name: 'static addresses, a domain name and a replica key',
    props: {
      senderNetwork: {},
      apiDomain: API_DOMAIN,
      primaryKeyArn: 'arn:aws:kms:us-east-1:111122223333:key/mrk-1234567890abcdef1234567890abcdef',
    },
    ids: {
      'AWS::ApiGatewayV2::DomainName': ['FanoutServeApiAddressDomainE4B4F372'],
      'AWS::EC2::EIP': [
        'FanoutSenderNetworkVpcPublicSubnet1EIP45B573D8',
        'FanoutSenderNetworkVpcPublicSubnet2EIP76B47D6E',
      ],
      'AWS::KMS::Key': [],
      'AWS::KMS::ReplicaKey': ['FanoutStorageSecretsKeyReplica8013FA07'],
    },
  },
  {
    name: 'CloudFront',
    props: {
      apiDomain: API_DOMAIN,
      apiWebAclArn: 'arn:aws:wafv2:us-east-1:111122223333:global/webacl/hooks/1234',
    },
    ids: {
      'AWS::ApiGatewayV2::DomainName': [],
      'AWS::CloudFront::Distribution': ['FanoutServeApiAddressDistributionF9960FCA'],
    },
  },
];

describe('the logical ids of stateful resources', () => {
  const { template } = synthesize({ retryDelays: [1, 2, 3, 4, 5, 6].map(Duration.seconds) });

  it.each(Object.keys(STATEFUL))('of %s are those of the earlier versions', (type) => {
    expect(Object.keys(template.findResources(type)).toSorted()).toEqual(STATEFUL[type]?.toSorted());
  });

  it.each(OF_PROPS)('are those of the earlier versions with $name', ({ props, ids }) => {
    const { template: ofProps } = synthesize(props);

    const found = Object.keys(ids).map((type) => [type, Object.keys(ofProps.findResources(type)).toSorted()]);
    expect(Object.fromEntries(found)).toEqual(ids);
  });
});
