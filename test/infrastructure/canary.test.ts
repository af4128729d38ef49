import { Template } from 'aws-cdk-lib/assertions';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Stack } from 'aws-cdk-lib/core';
import { describe, expect, it } from 'vitest';
import { WebhookFanout } from '../../lib/webhook-fanout.ts';
import { loadStack } from '../../local/assembly/load-stack.ts';
import { createAlarms } from '../../local/cloudwatch/alarms.ts';
import { createMetricStore, MINUTE_MS } from '../../local/cloudwatch/metric-store.ts';
import { writeAssembly } from '../support/assembly.ts';
import { createApp, type Properties, synthesize } from './synthesize.ts';

const off = synthesize();
const on = synthesize({ canary: true });
const { fanout, resources, functionProperties, stack } = on;
const SOURCE = `${fanout.systemEventSource}.canary`;
const URL = stack.resolve(`${fanout.apiUrl}/v1/canary`);

const DEPLOYMENT = {
  accountId: '000000000000',
  region: 'us-east-1',
  endpointUrl: 'http://127.0.0.1:1000',
  apiUrl: 'http://127.0.0.1:2000',
};

const canaryAlarm = (): Properties | undefined =>
  resources('AWS::CloudWatch::Alarm').find(({ AlarmName }) => AlarmName.endsWith('/canary-silent'));

/** Resources of the canary, and outputs and variables that contain its name. */
function tracesIn(template: Record<string, unknown>): string[] {
  return [...JSON.stringify(template).matchAll(/"([^"]*canary[^"]*)"/gi)].map(([, text = '']) => text);
}

describe('without the prop', () => {
  it('the template has nothing of the canary', () => {
    expect(tracesIn(off.template.toJSON())).toEqual([]);
    expect(off.resources('AWS::Scheduler::Schedule')).toEqual([]);
  });
});

describe('with canary: true', () => {
  it('adds a schedule, its role and an alarm, and no other resource', () => {
    const countsOf = (types: readonly string[]) => Object.groupBy(types, (type) => type);
    const typesOf = ({ template }: typeof on): string[] =>
      Object.values(template.toJSON().Resources as Record<string, { Type: string }>).map(({ Type }) => Type);
    const before = countsOf(typesOf(off));
    const added = Object.entries(countsOf(typesOf(on))).flatMap(([type, all = []]) =>
      all.slice(before[type]?.length ?? 0),
    );

    expect(added.sort()).toEqual(['AWS::CloudWatch::Alarm', 'AWS::IAM::Role', 'AWS::Scheduler::Schedule']);
  });

  it('publishes an event of the reserved account every five minutes, from a source of its own', () => {
    expect(resources('AWS::Scheduler::Schedule')).toEqual([
      {
        Description: expect.any(String),
        ScheduleExpression: 'rate(5 minutes)',
        FlexibleTimeWindow: { Mode: 'OFF' },
        Target: {
          Arn: stack.resolve(fanout.eventBus.eventBusRef.eventBusArn),
          RoleArn: { 'Fn::GetAtt': [expect.stringContaining('CanaryRole'), 'Arn'] },
          EventBridgeParameters: { Source: SOURCE, DetailType: 'webhook.canary' },
          Input: '{"account_id":"webhook-fanout-canary","data":{}}',
          RetryPolicy: { MaximumEventAgeInSeconds: 300, MaximumRetryAttempts: 10 },
        },
      },
    ]);
  });

  it('allows the schedule to publish this event only, and only this account to use the role [API-44]', () => {
    const [role] = resources('AWS::IAM::Role').filter(({ AssumeRolePolicyDocument }) =>
      JSON.stringify(AssumeRolePolicyDocument).includes('scheduler.amazonaws.com'),
    );

    expect(role?.Policies.map(({ PolicyDocument }: { PolicyDocument: unknown }) => PolicyDocument)).toEqual([
      {
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Action: 'events:PutEvents',
            Resource: stack.resolve(fanout.eventBus.eventBusRef.eventBusArn),
            Condition: {
              'ForAllValues:StringEquals': {
                'events:source': [SOURCE],
                'events:detail-type': ['webhook.canary'],
              },
              Null: { 'events:source': 'false', 'events:detail-type': 'false' },
            },
          },
        ],
      },
    ]);
    expect(role?.ManagedPolicyArns).toBeUndefined();
    expect(role?.AssumeRolePolicyDocument.Statement).toEqual([
      {
        Effect: 'Allow',
        Action: 'sts:AssumeRole',
        Principal: { Service: 'scheduler.amazonaws.com' },
        Condition: {
          StringEquals: {
            'aws:SourceAccount': { Ref: 'AWS::AccountId' },
            'aws:SourceArn': {
              'Fn::Join': [
                '',
                [
                  'arn:',
                  { Ref: 'AWS::Partition' },
                  ':scheduler:',
                  { Ref: 'AWS::Region' },
                  ':',
                  { Ref: 'AWS::AccountId' },
                  ':schedule-group/default',
                ],
              ],
            },
          },
        },
      },
    ]);
  });

  it('is in alarm when nothing arrives in 15 minutes, also without any data', () => {
    expect(canaryAlarm()).toMatchObject({
      AlarmName: 'Shop/Fanout/canary-silent',
      AlarmDescription: expect.stringMatching(/^Page: .*docs\/runbook\.md#canary-silent$/),
      Metrics: [
        { Expression: 'FILL(received, 0)' },
        {
          MetricStat: {
            Metric: {
              Namespace: 'WebhookFanout',
              MetricName: 'canary_received',
              Dimensions: [{ Name: 'deployment', Value: 'Shop/Fanout' }],
            },
            Stat: 'Sum',
            Period: 900,
          },
        },
      ],
      ComparisonOperator: 'LessThanThreshold',
      Threshold: 1,
      DatapointsToAlarm: 1,
      EvaluationPeriods: 1,
      TreatMissingData: 'breaching',
    });
  });

  it('begins the alarm 15 minutes after the last event, and ends it after the next one', async () => {
    const resourcesOfAlarm = { Silent: { Type: 'AWS::CloudWatch::Alarm', Properties: canaryAlarm() ?? {} } };
    const { alarms: settings } = await loadStack(
      await writeAssembly({ resources: resourcesOfAlarm }),
      DEPLOYMENT,
    );
    const store = createMetricStore();
    const alarms = createAlarms(settings, store);
    const received = {
      namespace: 'WebhookFanout',
      name: 'canary_received',
      dimensions: { deployment: 'Shop/Fanout' },
    };
    const stateAt = (minute: number): unknown => {
      alarms.evaluate(minute * MINUTE_MS);
      return alarms.state('Shop/Fanout/canary-silent');
    };
    const receive = (minute: number): void => store.add(received, 1, minute * MINUTE_MS);
    const changes: string[] = [stateAt(1) as string];
    let last = changes[0];
    for (let minute = 2; minute <= 90; minute++) {
      const isSilent = minute > 40 && minute < 70;
      if (minute % 5 === 0 && minute >= 10 && !isSilent) receive(minute - 1);
      const state = stateAt(minute) as string;
      if (state !== last) changes.push(`${minute}: ${state}`);
      last = state;
    }

    expect(changes).toEqual(['ALARM', '10: OK', '55: ALARM', '70: OK']);
  });

  it('gives the URL to the API and to the senders alone', () => {
    const urlsOf = (names: readonly Parameters<typeof functionProperties>[0][]) =>
      names.map((name) => functionProperties(name).Environment.Variables.CANARY_URL);

    expect(urlsOf(['serve-api', 'first', 'retry', 'slow'])).toEqual([URL, URL, URL, URL]);
    expect(urlsOf(['dispatch-event', 'recover-deliveries'])).toEqual([undefined, undefined]);
  });

  it('is published through the rule of domain events, which the events of customers use', () => {
    expect(resources('AWS::Events::Rule').map(({ EventPattern }) => EventPattern)).toEqual([
      { source: [{ 'anything-but': [fanout.systemEventSource] }] },
      { source: [fanout.systemEventSource] },
    ]);
  });

  it("is published through the other rule when the operator's pattern may not match it", () => {
    const given = synthesize((own) => ({
      canary: true,
      eventBus: EventBus.fromEventBusName(own, 'Bus', 'shop'),
      eventPattern: { source: ['shop'] },
    }));
    const { systemEventSource } = given.fanout;

    expect(given.resources('AWS::Events::Rule').map(({ EventPattern }) => EventPattern)).toEqual([
      { source: ['shop'] },
      { source: [systemEventSource, `${systemEventSource}.canary`] },
    ]);
  });

  it('does not let publishers publish its event [API-44]', () => {
    const own = new Stack(createApp(), 'Shop');
    const granting = new WebhookFanout(own, 'Fanout', { canary: true });
    granting.grantPublish(
      new Role(own, 'Publisher', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') }),
    );
    const { systemEventSource } = granting;

    Template.fromStack(own).hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: [
          {
            Action: 'events:PutEvents',
            Condition: {
              StringNotEquals: { 'events:source': [systemEventSource, `${systemEventSource}.canary`] },
            },
          },
        ],
      },
    });
  });
});
