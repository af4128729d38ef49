import { EventBus, Match } from 'aws-cdk-lib/aws-events';
import { describe, expect, it } from 'vitest';
import { onPartitions, type Properties, synthesize } from './synthesize.ts';

describe('dispatch-event', () => {
  it('may do exactly what dispatching takes', () => {
    const { permissions } = synthesize();

    expect(permissions('dispatch-event')).toEqual([
      { actions: ['dynamodb:Query'], on: ['webhooks'], when: onPartitions('ACCOUNT#*') },
      { actions: ['dynamodb:GetItem'], on: ['webhooks'], when: onPartitions('KEYRING') },
      { actions: ['dynamodb:PutItem'], on: ['deliveries'], when: onPartitions('EVENT#*', 'WEBHOOK#*') },
      { actions: ['dynamodb:GetItem'], on: ['deliveries'], when: onPartitions('EVENT#*') },
      { actions: ['kms:Decrypt'], on: ['key'] },
      { actions: ['sqs:SendMessage'], on: ['first', 'slow', 'undispatched', 'parked'] },
      {
        actions: [
          'sqs:ReceiveMessage',
          'sqs:DeleteMessage',
          'sqs:GetQueueAttributes',
          'sqs:ChangeMessageVisibility',
        ],
        on: ['parked'],
      },
      { actions: ['logs:CreateLogStream', 'logs:PutLogEvents'], on: ['logs'] },
    ]);
  });

  it('parks an event that failed three times, whoever invoked it', () => {
    const { resources, stack, fanout } = synthesize();

    const parked = stack.resolve(fanout.dispatchEvent.parked.queueArn);
    const [invocation] = resources('AWS::Lambda::EventInvokeConfig');
    expect(invocation).toMatchObject({
      MaximumRetryAttempts: 2,
      DestinationConfig: { OnFailure: { Destination: parked } },
    });
    const targets = resources('AWS::Events::Rule').flatMap((rule) => rule.Targets);
    expect(targets).toHaveLength(2);
    for (const target of targets) expect(target.DeadLetterConfig).toEqual({ Arn: parked });
  });

  it('lets the bus write to the parked queue, from its own rules alone', () => {
    const { resources, stack, fanout, template } = synthesize();

    const parked = stack.resolve(fanout.dispatchEvent.parked.queueArn);
    const rules = Object.keys(template.findResources('AWS::Events::Rule'));
    const allowed: Properties[] = resources('AWS::SQS::QueuePolicy')
      .flatMap((policy) => policy.PolicyDocument.Statement)
      .filter((statement) => statement.Effect === 'Allow');
    expect(allowed.map(({ Resource }) => Resource)).toEqual([parked, parked]);
    expect(allowed.map(({ Condition }) => Condition.ArnEquals['aws:SourceArn']['Fn::GetAtt'][0])).toEqual(
      rules,
    );
  });

  it('feeds itself from the parked queue and hands back only what it could not run', () => {
    const { sources } = synthesize();

    expect(sources('dispatch-event')).toEqual([
      {
        queue: 'parked',
        BatchSize: 10,
        FunctionResponseTypes: ['ReportBatchItemFailures'],
        ScalingConfig: { MaximumConcurrency: 100 },
      },
    ]);
  });

  it('keeps what is parked for fourteen days, then shows it to a person', () => {
    const { queue } = synthesize();

    const fourteenDays = 14 * 24 * 60 * 60;
    expect(queue('parked')).toMatchObject({
      MessageRetentionPeriod: fourteenDays,
      VisibilityTimeout: 120,
      redrive: { to: 'undispatched', after: 1_000 },
    });
    expect(queue('undispatched')).toMatchObject({ MessageRetentionPeriod: fourteenDays });
    expect(queue('undispatched').redrive).toBeUndefined();
  });

  it('takes every event of its own bus, and system events by a rule of their own', () => {
    const { resources, fanout } = synthesize();

    expect(resources('AWS::Events::Rule').map((rule) => rule.EventPattern)).toEqual([
      { source: [{ 'anything-but': [fanout.systemEventSource] }] },
      { source: [fanout.systemEventSource] },
    ]);
  });

  it('takes details with an account from a bus that was brought', () => {
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

  it("takes the operator's pattern instead, without the system events", () => {
    const { resources, fanout } = synthesize((stack) => ({
      eventBus: EventBus.fromEventBusName(stack, 'Bus', 'shop'),
      eventPattern: { detailType: Match.prefix('ppt.') },
    }));

    expect(resources('AWS::Events::Rule')[0]?.EventPattern).toEqual({
      source: [{ 'anything-but': [fanout.systemEventSource] }],
      'detail-type': [{ prefix: 'ppt.' }],
    });
  });

  it('refuses a pattern for a bus that takes everything', () => {
    expect(() => synthesize({ eventPattern: { source: ['shop'] } })).toThrow(
      /eventPattern .*Leave eventPattern out/,
    );
  });
});
