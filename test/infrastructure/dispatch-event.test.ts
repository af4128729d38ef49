import { EventBus, Match } from 'aws-cdk-lib/aws-events';
import { Duration } from 'aws-cdk-lib/core';
import { describe, expect, it } from 'vitest';
import { withoutUndefined } from '../../lib/shared/input.ts';
import { onPartitions, type Properties, synthesize } from './synthesize.ts';

describe('dispatch-event', () => {
  it.each([
    [undefined, 'warn'],
    ['off', 'off'],
    ['refuse', 'refuse'],
  ] as const)('with validateEvents %s has the environment variable %s', (validateEvents, expected) => {
    const { functionProperties } = synthesize(withoutUndefined({ validateEvents }));

    expect(functionProperties('dispatch-event').Environment.Variables.VALIDATE_EVENTS).toBe(expected);
  });

  it('has exactly the permissions that it needs [API-20]', () => {
    const { permissions } = synthesize();

    expect(permissions('dispatch-event')).toEqual([
      { actions: ['dynamodb:Query'], on: ['webhooks'], when: onPartitions('ACCOUNT#*') },
      { actions: ['dynamodb:GetItem'], on: ['webhooks'], when: onPartitions('ACCOUNT#*', 'KEYRING') },
      { actions: ['dynamodb:PutItem'], on: ['deliveries'], when: onPartitions('EVENT#*', 'WEBHOOK#*') },
      { actions: ['dynamodb:GetItem'], on: ['deliveries'], when: onPartitions('EVENT#*') },
      { actions: ['dynamodb:BatchWriteItem'], on: ['deliveries'], when: onPartitions('LISTENER#*') },
      { actions: ['kms:Decrypt'], on: ['key'] },
      { actions: ['sqs:SendMessage'], on: ['first', 'slow', 'undispatched'] },
      {
        actions: [
          'sqs:ReceiveMessage',
          'sqs:DeleteMessage',
          'sqs:GetQueueAttributes',
          'sqs:ChangeMessageVisibility',
        ],
        on: ['events'],
      },
      { actions: ['logs:CreateLogStream', 'logs:PutLogEvents'], on: ['logs'] },
    ]);
  });

  it('is invoked only by the events queue [FAULT-21]', () => {
    const { resources, functionProperties } = synthesize();

    const handlers = resources('AWS::Lambda::Permission').map(({ Principal }) => Principal);
    expect(handlers).not.toContain('events.amazonaws.com');
    expect(resources('AWS::Lambda::EventInvokeConfig')).toEqual([]);
    expect(functionProperties('dispatch-event').DeadLetterConfig).toBeUndefined();
  });

  it('receives events of the bus through the events queue; the bus sends events that this queue refuses to the undispatched queue [FAULT-18]', () => {
    const { resources, names } = synthesize();

    const nameOf = (arn: unknown) => names.get(JSON.stringify(arn));
    const targets: Properties[] = resources('AWS::Events::Rule').flatMap((rule) => rule.Targets);
    expect(targets.map(({ Arn, DeadLetterConfig }) => [nameOf(Arn), nameOf(DeadLetterConfig.Arn)])).toEqual([
      ['events', 'undispatched'],
      ['events', 'undispatched'],
    ]);
    for (const { RetryPolicy } of targets) {
      expect(RetryPolicy).toEqual({ MaximumRetryAttempts: 185, MaximumEventAgeInSeconds: 86_400 });
    }
  });

  it('allows the bus to send to these two queues and to no other, and only from its own rules', () => {
    const { resources, names, template } = synthesize();

    const rules = Object.keys(template.findResources('AWS::Events::Rule'));
    const allowed: Properties[] = resources('AWS::SQS::QueuePolicy')
      .flatMap((policy) => policy.PolicyDocument.Statement)
      .filter((statement) => statement.Effect === 'Allow');
    expect(
      allowed.map(({ Resource, Action, Principal, Condition }) => ({
        queue: names.get(JSON.stringify(Resource)),
        rule: Condition.ArnEquals['aws:SourceArn']['Fn::GetAtt'][0],
        Action,
        Principal,
      })),
    ).toEqual(
      ['undispatched', 'events'].flatMap((queue) =>
        rules.map((rule) => ({
          queue,
          rule,
          Action: 'sqs:SendMessage',
          Principal: { Service: 'events.amazonaws.com' },
        })),
      ),
    );
  });

  it('receives batches of the events queue and returns only the events that it did not complete', () => {
    const { sources } = synthesize();

    expect(sources('dispatch-event')).toEqual([
      {
        queue: 'events',
        BatchSize: 10,
        FunctionResponseTypes: ['ReportBatchItemFailures'],
        ScalingConfig: { MaximumConcurrency: 100 },
      },
    ]);
  });

  it('collects events for as long as the batching window, and by default not at all', () => {
    const windowOf = (seconds: number) =>
      synthesize({ eventBatchingWindow: Duration.seconds(seconds) }).sources('dispatch-event')[0]
        ?.MaximumBatchingWindowInSeconds;

    expect([windowOf(0), windowOf(10)]).toEqual([0, 10]);
  });

  it('keeps events for fourteen days; SQS moves them to the undispatched queue after a thousand receives [FAULT-21]', () => {
    const { queue } = synthesize();

    const fourteenDays = 14 * 24 * 60 * 60;
    expect(queue('events')).toMatchObject({
      MessageRetentionPeriod: fourteenDays,
      VisibilityTimeout: 120,
      redrive: { to: 'undispatched', after: 1_000 },
    });
    expect(queue('undispatched')).toMatchObject({ MessageRetentionPeriod: fourteenDays });
    expect(queue('undispatched').redrive).toBeUndefined();
  });

  it('receives every event of its own bus, and system events by a separate rule', () => {
    const { resources, fanout } = synthesize();

    expect(resources('AWS::Events::Rule').map((rule) => rule.EventPattern)).toEqual([
      { source: [{ 'anything-but': [fanout.systemEventSource] }] },
      { source: [fanout.systemEventSource] },
    ]);
  });

  it('receives events whose detail has an account from a given bus', () => {
    const { resources, fanout } = synthesize((stack) => ({
      eventBus: EventBus.fromEventBusName(stack, 'Bus', 'shop'),
    }));

    expect(resources('AWS::Events::EventBus')).toEqual([]);
    expect(resources('AWS::Events::Rule').map((rule) => rule.EventPattern)).toEqual([
      {
        source: [{ 'anything-but': [fanout.systemEventSource] }],
        detail: { account_id: [{ exists: true }] },
      },
      { source: [fanout.systemEventSource] },
    ]);
  });

  it("uses the operator's pattern instead, and excludes the system events", () => {
    const { resources, fanout } = synthesize((stack) => ({
      eventBus: EventBus.fromEventBusName(stack, 'Bus', 'shop'),
      eventPattern: { detailType: Match.prefix('ppt.') },
    }));

    expect(resources('AWS::Events::Rule')[0]?.EventPattern).toEqual({
      source: [{ 'anything-but': [fanout.systemEventSource] }],
      'detail-type': [{ prefix: 'ppt.' }],
    });
  });

  it('refuses a pattern for its own bus, all of whose events are delivered [FAULT-33]', () => {
    expect(() => synthesize({ eventPattern: { source: ['shop'] } })).toThrow(
      /eventPattern .*Leave eventPattern out/,
    );
  });
});
