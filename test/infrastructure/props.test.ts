import { Duration, Lazy, RemovalPolicy } from 'aws-cdk-lib/core';
import { describe, expect, it } from 'vitest';
import { InputError, withoutUndefined } from '../../lib/shared/input.ts';
import type { WebhookFanoutProps } from '../../lib/webhook-fanout.ts';
import { WebhookFanoutStack, type WebhookFanoutStackProps } from '../../lib/webhook-fanout-stack.ts';
import { createApp, synthesize } from './synthesize.ts';

const PRIMARY_KEY = 'arn:aws:kms:us-east-1:111122223333:key/mrk-1234567890abcdef1234567890abcdef';
const WEB_ACL = 'arn:aws:wafv2:us-east-1:111122223333:global/webacl/hooks/1234';
const CERTIFICATE = 'arn:aws:acm:us-east-1:111122223333:certificate/1234';
const token = Lazy.number({ produce: () => 5 });

/** Props that a caller in JavaScript can pass, and a part of the message. */
const REFUSED: readonly (readonly [props: unknown, message: string])[] = [
  [
    { retryDelay: [] },
    '"retryDelay" is not a prop of WebhookFanout; its props are: eventCatalogue, validateEvents,',
  ],
  [{ constructor: 5 }, '"constructor" is not a prop of WebhookFanout'],
  [[], 'The props are []'],
  [{ eventCatalogue: 5 }, 'eventCatalogue is 5; expected: the path of a JSON file'],
  [{ eventCatalogue: '\0' }, 'cannot be read (ERR_INVALID_ARG_VALUE)'],
  [{ retryDelays: '1,5' }, 'retryDelays is "1,5"; expected: a list, such as [Duration.seconds(1),'],
  [{ retryDelays: [1, 5] }, 'retryDelays[0] is 1; expected: a Duration whose length is known at synth'],
  [{ retryDelays: [null] }, 'retryDelays[0] is null; expected: a Duration'],
  [{ retryDelays: [Duration.seconds(token)] }, 'expected: a Duration whose length is known at synth'],
  [{ successStatus: 200 }, "successStatus is 200; expected: '200' or '2xx'"],
  [
    { disableAfter: true },
    'disableAfter: it is true; allowed are both exhausted, a whole number from 1 to 1000',
  ],
  [{ disableAfter: { exhausted: 20 } }, 'disableAfter: hours is undefined'],
  [{ disableAfter: { exhausted: 0, hours: 1 } }, 'disableAfter: exhausted is 0'],
  [{ validateEvents: true }, "validateEvents is true; expected: 'off', 'warn' or 'refuse'"],
  [{ eventBus: 'shop' }, 'eventBus is "shop"; expected: an event bus, such as EventBus.fromEventBusName'],
  [{ removalPolicy: 'keep' }, 'removalPolicy is "keep"; expected: RemovalPolicy.RETAIN, DESTROY or'],
  [{ removalPolicy: RemovalPolicy.SNAPSHOT }, 'removalPolicy is "snapshot"; expected:'],
  [{ tableProtection: true }, 'tableProtection: it is true; allowed are webhooks and deliveries, each with'],
  [{ tableProtection: { events: {} } }, 'tableProtection: "events" is not one of them'],
  [
    { tableProtection: { webhooks: { deletionProtection: 'false' } } },
    'tableProtection: webhooks.deletionProtection is "false"',
  ],
  [{ multiRegionKey: 'true' }, 'multiRegionKey is "true"; expected: true or false'],
  [{ primaryKeyArn: 'mrk-1' }, 'primaryKeyArn is "mrk-1"; expected: the ARN of a multi-Region key'],
  [
    { primaryKeyArn: PRIMARY_KEY, multiRegionKey: true },
    'multiRegionKey and primaryKeyArn are both given; a replica is a multi-Region key already',
  ],
  [{ gradualDeployment: 'canary' }, 'gradualDeployment is "canary"; expected: true or false'],
  [
    { gradualDeployment: true, alarms: { disabled: ['returned'] } },
    'gradualDeployment is true, but the alarm "returned", which rolls a deployment back, is disabled',
  ],
  [{ senderNetwork: true }, 'senderNetwork is true; expected: an object with natGateways, vpc, subnets'],
  [{ senderNetwork: { nat: 1 } }, 'senderNetwork.nat is unknown; expected: natGateways, vpc, subnets'],
  [{ senderNetwork: { natGateways: 3 } }, 'senderNetwork.natGateways is 3; expected: a whole number from 1'],
  [{ senderNetwork: { vpc: 'vpc-1' } }, 'senderNetwork.vpc is "vpc-1"; expected: a VPC'],
  [{ senderNetwork: { subnets: {} } }, 'senderNetwork.subnets is given without senderNetwork.vpc'],
  [
    { senderNetwork: { vpc: { vpcId: 'vpc-1' }, natGateways: 1 } },
    'senderNetwork.vpc and senderNetwork.natGateways are both given',
  ],
  [{ apiDomain: 'hooks.example.com' }, 'apiDomain: it is "hooks.example.com"; expected: an object with both'],
  [{ apiDomain: { name: 'hooks.example.com' } }, 'apiDomain: certificateArn is undefined'],
  [{ apiWebAclArn: WEB_ACL }, 'apiWebAclArn is given without apiDomain'],
  [{ apiWebAclArn: 5 }, 'apiWebAclArn is 5; expected: the ARN of a web ACL of AWS WAF for CloudFront'],
  [
    { apiWebAclArn: 'hooks', apiDomain: { name: 'hooks.example.com', certificateArn: CERTIFICATE } },
    'apiWebAclArn is "hooks"; expected: the ARN of a web ACL',
  ],
  [{ publishers: [] }, 'publishers is []; expected: an object'],
  [{ publishers: { account: '1' } }, 'publishers.account is unknown; expected: accounts and organizationId'],
  [{ publishers: { accounts: ['1'] } }, 'publishers.accounts is ["1"]; expected: a list of at most 50 ids'],
  [{ publishers: { organizationId: '*' } }, 'publishers.organizationId is "*"; expected: the id of an'],
  [{ allowPrivateEndpoints: 'false' }, 'allowPrivateEndpoints is "false"; expected: true or false'],
  [{ allowPrivateEndpoints: null }, 'allowPrivateEndpoints is null; expected: true or false'],
  [
    { corsOrigins: 'https://a.example' },
    'corsOrigins is "https://a.example"; expected: a list of at most 20',
  ],
  [{ logRetention: 8 }, 'logRetention is 8; expected: a value of RetentionDays'],
  [{ logRetention: 'ONE_MONTH' }, 'logRetention is "ONE_MONTH"; expected: a value of RetentionDays'],
  [{ recordRetention: 30 }, 'recordRetention is 30; expected: a Duration whose length is known at synth'],
  [{ recordRetention: null }, 'recordRetention is null; expected: a Duration'],
  [{ recordRetention: Duration.days(token) }, 'recordRetention is'],
  [{ recordRetention: Duration.days(0) }, 'recordRetention is 0 days; expected: a whole number of days from'],
  [{ throttling: 5 }, 'throttling is 5; expected: an object with requestsPerSecond and burst'],
  [{ throttling: { requestsPerSecond: 5 } }, 'throttling is {"requestsPerSecond":5}; expected:'],
  [{ throttling: { requestsPerSecond: 5, burst: 0 } }, 'throttling is {"requestsPerSecond":5,"burst":0}'],
  [{ throttling: { requestsPerSecond: 5, burst: 5, rate: 5 } }, 'throttling is {"requestsPerSecond":5,'],
  [{ recoveryRate: 0 }, 'recoveryRate is 0; expected: a whole number from 1 to 1000'],
  [{ recoveryRate: '50' }, 'recoveryRate is "50"; expected:'],
  [{ concurrency: [] }, 'concurrency: it is []'],
  [{ concurrency: { fast: 5 } }, 'concurrency: "fast" is not one of them'],
  [{ eventBatchingWindow: null }, 'eventBatchingWindow is null; expected: a Duration'],
  [
    { eventBatchingWindow: 1 },
    'eventBatchingWindow is 1; expected: a Duration of whole seconds from 0 to 10',
  ],
  [{ eventBatchingWindow: Duration.seconds(11) }, 'eventBatchingWindow is 11 s; expected:'],
  [{ eventBatchingWindow: Duration.millis(1500) }, 'eventBatchingWindow is 1.5 s; expected:'],
  [{ firstLanePollers: 5 }, 'firstLanePollers: it is 5'],
  [{ alarms: false }, 'alarms is false; expected: an object'],
  [{ alarms: { topic: 5 } }, 'alarms.topic is unknown; expected: enabled, pageTopic,'],
  [{ alarms: { enabled: 'false' } }, 'alarms.enabled is "false"; expected: true or false'],
  [{ alarms: { pageTopic: 'arn' } }, 'alarms.pageTopic is "arn"; expected: an SNS topic'],
  [{ alarms: { ticketActions: [{}] } }, 'alarms.ticketActions is [{}]; expected: a list of alarm actions'],
  [{ alarms: { thresholds: { poison: '1' } } }, 'alarms.thresholds is {"poison":"1"}; expected: an object'],
  [
    { alarms: { thresholds: { exhausted: 1 } } },
    'the alarm "exhausted", which does not exist; the alarms are',
  ],
  [{ alarms: { disabled: ['late'] } }, 'the alarm "late", which does not exist'],
  [{ alarms: { runbookUrl: '' } }, 'alarms.runbookUrl is ""; expected: the address of the runbook'],
  [{ dashboard: 'false' }, 'dashboard is "false"; expected: true or false'],
];

describe('the props of a caller without types', () => {
  it.each(REFUSED.map(([props, message]) => ({ props, message })))(
    'are refused with $message [FAULT-33]',
    ({ props, message }) => {
      const synthesizing = () => synthesize(props as WebhookFanoutProps);

      expect(synthesizing).toThrow(InputError);
      expect(synthesizing).toThrow(message);
    },
  );

  it('are refused when the stack receives an object instead of a function that returns the props', () => {
    const fanout = { successStatus: '2xx' } as unknown as WebhookFanoutStackProps['fanout'];

    expect(() => new WebhookFanoutStack(createApp(), 'Shop', withoutUndefined({ fanout }))).toThrow(
      'fanout is {"successStatus":"2xx"}; expected: a function',
    );
  });

  it('count as not given when they are undefined', () => {
    const names = [
      'eventCatalogue',
      'validateEvents',
      'retryDelays',
      'successStatus',
      'eventBus',
      'eventPattern',
      'recordRetention',
      'throttling',
    ];
    const props = Object.fromEntries([...names, 'concurrency'].map((name) => [name, undefined]));

    const { template } = synthesize(props as WebhookFanoutProps);

    expect(template.toJSON()).toEqual(synthesize().template.toJSON());
  });

  it('may have a removal policy that keeps resources at updates and deletions', () => {
    const { template } = synthesize({ removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE });

    template.hasResource('AWS::KMS::Key', { DeletionPolicy: 'RetainExceptOnCreate' });
  });
});
