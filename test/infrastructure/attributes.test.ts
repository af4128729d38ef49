import { Match, Template } from 'aws-cdk-lib/assertions';
import { AccountRootPrincipal, Role } from 'aws-cdk-lib/aws-iam';
import { Duration, Stack } from 'aws-cdk-lib/core';
import { describe, expect, it } from 'vitest';
import { checkOutputPrefix } from '../../lib/shared/output-prefix.ts';
import { WebhookFanout } from '../../lib/webhook-fanout.ts';
import { createApp, synthesize } from './synthesize.ts';

describe('the attributes of WebhookFanout', () => {
  it('are the resources of the deployment, without one that is missing or listed twice', () => {
    const { fanout, stack, template } = synthesize();
    const { queues, tables, functions } = fanout;
    const { retries, ...single } = queues;
    const idsOf = (references: readonly string[]) =>
      references.map((reference) => stack.resolve(reference)['Fn::GetAtt'][0]).toSorted();
    const idsIn = (type: string) => Object.keys(template.findResources(type)).toSorted();

    // The queue that makes SQS's redrive of exhausted deliveries possible receives no message.
    const ofQueues = idsIn('AWS::SQS::Queue').filter((id) => !id.includes('ExhaustedRedrive'));
    expect(idsOf([...retries, ...Object.values(single)].map((queue) => queue.queueArn))).toEqual(ofQueues);
    expect(idsOf(Object.values(tables).map((table) => table.tableArn))).toEqual(
      idsIn('AWS::DynamoDB::Table'),
    );
    const arns = Object.values(functions).map((fn) => fn.functionArn);
    expect(idsOf(arns)).toEqual(idsIn('AWS::Lambda::Function'));
    expect(idsOf([fanout.secretsKey.keyArn])).toEqual(idsIn('AWS::KMS::Key'));
    expect(stack.resolve(fanout.apiUrl)).toEqual(stack.resolve(fanout.serveApi.address.url));
  });

  it('have names that say which resource they are', () => {
    const { fanout, stack } = synthesize();
    const { queues, functions } = fanout;
    const { retries, ...single } = queues;
    const idOf = (reference: string): string => stack.resolve(reference)['Fn::GetAtt'][0].toLowerCase();

    for (const [name, queue] of Object.entries(single)) expect(idOf(queue.queueArn)).toContain(name);
    retries.forEach((queue, index) => {
      expect(idOf(queue.queueArn)).toContain(`retry${index + 1}`);
    });
    for (const [name, lane] of [
      ['sendDeliveryFirst', 'firstlane'],
      ['sendDeliveryRetry', 'retrylane'],
      ['sendDeliverySlow', 'slowlane'],
      ['dispatchEvent', 'dispatchevent'],
      ['recoverDeliveries', 'recoverdeliveries'],
      ['serveApi', 'serveapi'],
    ] as const) {
      expect(idOf(functions[name].functionArn)).toContain(lane);
    }
  });

  it('allow a role to publish domain events to the bus, and no system events [API-43]', () => {
    const stack = new Stack(createApp(), 'Shop');
    const fanout = new WebhookFanout(stack, 'Fanout');
    const publisher = new Role(stack, 'Publisher', { assumedBy: new AccountRootPrincipal() });

    fanout.grantPublish(publisher);

    Template.fromStack(stack).hasResourceProperties('AWS::IAM::Policy', {
      Roles: [stack.resolve(publisher.roleName)],
      PolicyDocument: {
        Statement: [
          {
            Effect: 'Allow',
            Action: 'events:PutEvents',
            Resource: stack.resolve(fanout.eventBus.eventBusRef.eventBusArn),
            Condition: { StringNotEquals: { 'events:source': fanout.systemEventSource } },
          },
        ],
      },
    });
  });

  it('allow a role to send events to the events queue only when it is granted [API-49]', () => {
    const stack = new Stack(createApp(), 'Shop');
    const fanout = new WebhookFanout(stack, 'Fanout');
    const publisher = new Role(stack, 'Publisher', { assumedBy: new AccountRootPrincipal() });

    fanout.grantPublish(publisher, { direct: true });

    Template.fromStack(stack).hasResourceProperties('AWS::IAM::Policy', {
      Roles: [stack.resolve(publisher.roleName)],
      PolicyDocument: {
        Statement: [
          Match.objectLike({ Action: 'events:PutEvents' }),
          {
            Effect: 'Allow',
            Action: 'sqs:SendMessage',
            Resource: stack.resolve(fanout.queues.events.queueArn),
          },
        ],
      },
    });
  });
});

describe('the metrics of WebhookFanout', () => {
  const { fanout } = synthesize();

  it.each([
    ['delivered', fanout.metricDelivered()],
    ['attempt_failed', fanout.metricAttemptFailed()],
    ['exhausted', fanout.metricExhausted()],
    ['held', fanout.metricHeld()],
    ['returned', fanout.metricReturned()],
    ['undispatched', fanout.metricUndispatched()],
    ['unmatched', fanout.metricUnmatched()],
    ['dispatched', fanout.metric('dispatched')],
  ])('contain %s of this deployment', (metricName, metric) => {
    expect(metric).toMatchObject({
      metricName,
      namespace: 'WebhookFanout',
      dimensions: { deployment: 'Shop/Fanout' },
      statistic: 'Sum',
      period: Duration.minutes(1),
    });
  });

  it('have the given options', () => {
    expect(fanout.metricDelivered({ period: Duration.hours(1), label: 'sent' })).toMatchObject({
      metricName: 'delivered',
      label: 'sent',
      period: Duration.hours(1),
    });
  });

  it('do not contain an unknown name', () => {
    expect(() => fanout.metric('deliverd')).toThrow(
      /^metric "deliverd" is unknown; the counters are delivered, /,
    );
  });
});

describe('the outputs of several deployments in one stack', () => {
  it('have names of their own', () => {
    const stack = new Stack(createApp(), 'Shop');
    new WebhookFanout(stack, 'Fanout').addOutputs();
    new WebhookFanout(stack, 'Billing').addOutputs({ prefix: 'Billing' });

    const outputs = Template.fromStack(stack).findOutputs('*');
    const names = Object.keys(outputs).filter((name) => !name.startsWith('Billing'));
    expect(Object.keys(outputs).toSorted()).toEqual(
      [...names, ...names.map((name) => `Billing${name}`)].toSorted(),
    );
    expect(outputs.BillingWebhooksTableName).not.toEqual(outputs.WebhooksTableName);
  });

  it('are refused when their names are taken', () => {
    const stack = new Stack(createApp(), 'Shop');
    new WebhookFanout(stack, 'Fanout').addOutputs();

    expect(() => new WebhookFanout(stack, 'Billing').addOutputs()).toThrow(
      /The stack Shop already has an output ApiUrl;.*Call addOutputs\(\{ prefix: 'Billing' \}\)/,
    );
  });

  it.each(['a-b', '1st', ' ', 'x'.repeat(201), 5])('are refused with the prefix %j', (prefix) => {
    expect(() => checkOutputPrefix(new Stack(createApp(), 'Shop'), prefix)).toThrow(
      /^prefix is .*; expected: a letter/,
    );
  });
});
