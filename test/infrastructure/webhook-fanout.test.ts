import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Stack } from 'aws-cdk-lib/core';
import { describe, expect, it } from 'vitest';
import { demandIn } from '../../command/doctor/bootstrap.ts';
import { ATTEMPT_DEADLINE_MS } from '../../lambdas/shared/domain/retry-schedule.ts';
import { WebhookFanout } from '../../lib/webhook-fanout.ts';
import { WebhookFanoutStack } from '../../lib/webhook-fanout-stack.ts';
import { createApp, inspect, synthesize } from './synthesize.ts';

const ALL_FUNCTIONS = [
  'create-portal-link',
  'dispatch-event',
  'recover-deliveries',
  'serve-api',
  'serve-console',
  'first',
  'retry',
  'slow',
] as const;

describe('WebhookFanout', () => {
  it('has one inline policy for each role, to which CDK adds no statement [API-20]', () => {
    const { resources } = synthesize();

    expect(resources('AWS::IAM::Policy')).toEqual([]);
    const roles = resources('AWS::IAM::Role');
    expect(roles).toHaveLength(ALL_FUNCTIONS.length);
    for (const role of roles) {
      expect(role.Policies).toHaveLength(1);
      expect(role.ManagedPolicyArns).toBeUndefined();
    }
  });

  it('demands a bootstrap version that the check of doctor finds in the template', () => {
    expect(demandIn(synthesize().template.toJSON())).toEqual({ qualifier: 'hnb659fds', minimum: 6 });
  });

  it('has no additional function and no custom resource', () => {
    const { resources } = synthesize();

    expect(resources('AWS::Lambda::Function')).toHaveLength(ALL_FUNCTIONS.length);
    expect(resources('AWS::CloudFormation::CustomResource')).toEqual([]);
  });

  it('runs on Node.js 24 and arm64, with timeouts above the deadline of a POST', () => {
    const { functionProperties } = synthesize();

    for (const name of ALL_FUNCTIONS) {
      expect(functionProperties(name)).toMatchObject({ Runtime: 'nodejs24.x', Architectures: ['arm64'] });
    }
    for (const lane of ['first', 'retry', 'slow'] as const) {
      expect(functionProperties(lane).Timeout).toBeGreaterThan(ATTEMPT_DEADLINE_MS / 1_000);
    }
  });

  it('keeps every log for a month, or for the retention that the operator sets', () => {
    const retentions = (props: { logRetention?: RetentionDays }) =>
      new Set(
        synthesize(props)
          .resources('AWS::Logs::LogGroup')
          .map((group) => group.RetentionInDays),
      );

    expect(retentions({})).toEqual(new Set([30]));
    expect(retentions({ logRetention: RetentionDays.ONE_WEEK })).toEqual(new Set([7]));
  });

  it('causes a warning when private endpoints are allowed, and only then', () => {
    const allowed = synthesize({ allowPrivateEndpoints: true });
    // Not the stack that other files share: the warnings are read from its output directory.
    const defaults = synthesize({});

    const warning = Match.stringLikeRegexp('allowPrivateEndpoints is on.*Never deploy');
    expect(Annotations.fromStack(allowed.stack).findWarning('*', warning)).toHaveLength(1);
    expect(Annotations.fromStack(defaults.stack).findWarning('*', Match.anyValue())).toEqual([]);
  });

  it('can be created twice in one stack, with separate rules', () => {
    const stack = new Stack(createApp(), 'Shop');
    const one = new WebhookFanout(stack, 'Orders');
    const other = new WebhookFanout(stack, 'Invoices');

    const rules = Object.values(Template.fromStack(stack).findResources('AWS::Events::Rule'));
    const patterns = new Set(rules.map((rule) => JSON.stringify(rule.Properties.EventPattern)));
    expect(one.systemEventSource).not.toBe(other.systemEventSource);
    expect(patterns.size).toBe(4);
  });

  it('has a different source of system events in every stack, so that two stacks can share a bus', () => {
    const app = createApp();
    const sources = ['Production', 'Staging'].map((name) => {
      const stack = new Stack(app, name);
      return new WebhookFanout(stack, 'Fanout').systemEventSource;
    });

    expect(new Set(sources).size).toBe(2);
    for (const source of sources) expect(source).toMatch(/^webhook-fanout\.[A-Za-z0-9]+$/);
  });

  it('publishes system events to the given bus', () => {
    const stack = new Stack(createApp(), 'Shop');
    const eventBus = new EventBus(stack, 'Bus');
    const fanout = new WebhookFanout(stack, 'Fanout', { eventBus });

    const { functionProperties, permissions } = inspect(stack, fanout);
    expect(functionProperties('retry').Environment.Variables.EVENT_BUS_NAME).toEqual(
      stack.resolve(eventBus.eventBusName),
    );
    expect(permissions('retry')).toContainEqual(
      expect.objectContaining({ actions: ['events:PutEvents'], on: ['bus'] }),
    );
  });

  it.each([
    ['another account', 'arn:aws:events:eu-west-1:444455556666:event-bus/shop'],
    ['another region', 'arn:aws:events:us-east-1:111122223333:event-bus/shop'],
  ])('refuses a bus of %s, whose events a rule of the stack would not receive', (_, arn) => {
    const stack = new Stack(createApp(), 'Shop', { env: { account: '111122223333', region: 'eu-west-1' } });
    const eventBus = EventBus.fromEventBusArn(stack, 'Bus', arn);

    expect(() => new WebhookFanout(stack, 'Fanout', { eventBus })).toThrow(
      `eventBus is ${arn}, but the stack is in account 111122223333 and region eu-west-1`,
    );
  });

  it('accepts a bus of its own account and region by ARN', () => {
    const arn = 'arn:aws:events:eu-west-1:111122223333:event-bus/shop';
    const stack = new Stack(createApp(), 'Shop', { env: { account: '111122223333', region: 'eu-west-1' } });
    const fanout = new WebhookFanout(stack, 'Fanout', {
      eventBus: EventBus.fromEventBusArn(stack, 'Bus', arn),
    });

    expect(fanout.eventBus.eventBusRef).toEqual({ eventBusArn: arn, eventBusName: 'shop' });
  });
});

describe('WebhookFanoutStack', () => {
  it('has the outputs that the commands read', () => {
    const stack = new WebhookFanoutStack(createApp(), 'WebhookFanout');

    expect(Object.keys(Template.fromStack(stack).findOutputs('*')).toSorted()).toEqual([
      'ApiUrl',
      'ConsoleUrl',
      'DeliveriesTableName',
      'EventBusName',
      'EventsQueueUrl',
      'ExhaustedQueueUrl',
      'FirstQueueUrl',
      'LaterQueueUrl',
      'PoisonQueueUrl',
      'PortalFunctionName',
      'RecoveriesQueueUrl',
      'Retry1QueueUrl',
      'Retry2QueueUrl',
      'Retry3QueueUrl',
      'SecretsKeyId',
      'SlowQueueUrl',
      'SystemEventSource',
      'UndispatchedQueueUrl',
      'UnreadableQueueUrl',
      'WebhooksTableName',
    ]);
  });

  it('does not contain an account or a region', () => {
    const stack = new WebhookFanoutStack(createApp(), 'WebhookFanout');

    expect(JSON.stringify(Template.fromStack(stack).toJSON())).not.toMatch(/us-east-1|\b\d{12}\b/);
  });
});
