import { Template } from 'aws-cdk-lib/assertions';
import { App, type IResolvable, Stack } from 'aws-cdk-lib/core';
import featureFlags from 'aws-cdk-lib/recommended-feature-flags.json' with { type: 'json' };
import { WebhookFanout, type WebhookFanoutProps } from '../../lib/webhook-fanout.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

/** The properties of a resource in the template. */
// biome-ignore lint/suspicious/noExplicitAny: a template's properties have no static type.
export type Properties = Record<string, any>;

/** Functions are identified by their environment variables, not by a generated id. */
export type FunctionName =
  | 'create-portal-link'
  | 'dispatch-event'
  | 'recover-deliveries'
  | 'serve-api'
  | 'serve-console'
  | 'first'
  | 'retry'
  | 'slow';

export interface Permission {
  readonly actions: readonly string[];
  /** Names of resources, as in `resourceNames` below. */
  readonly on: readonly string[];
  readonly when?: Properties;
}

export function createApp(): App {
  return new App({
    // Without bundling: these tests read only the template. The tests in `test/journeys` run the bundles.
    postCliContext: { ...featureFlags, 'aws:cdk:bundling-stacks': [] },
    outdir: temporaryDirectory(),
    analyticsReporting: false,
    builtinCloudFormationValidation: false,
  });
}

let defaultStack: Synthesized | undefined;

/** Synthesizes a stack with only the construct. With the default props it is synthesized once: no test changes it. */
export function synthesize(props?: WebhookFanoutProps | ((stack: Stack) => WebhookFanoutProps)): Synthesized {
  if (props === undefined && defaultStack !== undefined) return defaultStack;
  const stack = new Stack(createApp(), 'Shop');
  const fanout = new WebhookFanout(stack, 'Fanout', typeof props === 'function' ? props(stack) : props);
  const synthesized = inspect(stack, fanout);
  if (props === undefined) defaultStack = synthesized;
  return synthesized;
}

export type Synthesized = ReturnType<typeof inspect>;

export function inspect(stack: Stack, fanout: WebhookFanout) {
  const template = Template.fromStack(stack);
  const resolve = (value: string | IResolvable): string => JSON.stringify(stack.resolve(value));
  const names = resourceNames(fanout, resolve);

  const resources = (type: string): Properties[] =>
    Object.values(template.findResources(type)).map((resource) => resource.Properties ?? {});

  const functionProperties = (name: FunctionName): Properties =>
    only(functionsNamed(template, name)).properties;

  /** The statements of a function's role. Its log group has the name `logs`; an unknown resource has its reference. */
  const permissions = (name: FunctionName): Permission[] => {
    const { Role, LoggingConfig } = functionProperties(name);
    const role: Properties =
      template.findResources('AWS::IAM::Role')[Role['Fn::GetAtt'][0]]?.Properties ?? {};
    const logs = JSON.stringify({ 'Fn::GetAtt': [LoggingConfig.LogGroup.Ref, 'Arn'] });
    const statements: Properties[] = (role.Policies ?? []).flatMap(
      (policy: Properties) => policy.PolicyDocument.Statement,
    );
    return statements.map(({ Effect, Action, Resource, Condition, ...rest }) => {
      if (Effect !== 'Allow' || Object.keys(rest).length > 0)
        throw new Error('expected an Allow statement with actions, resources and conditions only');
      const on = listOf(Resource).map((resource) => {
        const reference = JSON.stringify(resource);
        return reference === logs ? 'logs' : (names.get(reference) ?? reference);
      });
      return {
        actions: listOf(Action).map(String),
        on,
        ...(Condition === undefined ? {} : { when: Condition }),
      };
    });
  };

  /** The event source mappings of a function, with the names of their queues. */
  const sources = (name: FunctionName): Properties[] => {
    const { id } = only(functionsNamed(template, name));
    return resources('AWS::Lambda::EventSourceMapping')
      .filter((mapping) => mapping.FunctionName.Ref === id)
      .map(({ FunctionName: _, EventSourceArn, ...rest }) => ({
        queue: names.get(JSON.stringify(EventSourceArn)),
        ...rest,
      }));
  };

  /** A queue's properties, with the name of its dead-letter queue. */
  const queue = (name: string): Properties => {
    const [reference] = [...names].find(([, known]) => known === name) ?? [];
    const id = JSON.parse(reference ?? 'null')?.['Fn::GetAtt']?.[0];
    const properties: Properties = template.findResources('AWS::SQS::Queue')[id]?.Properties ?? {};
    const { RedrivePolicy, ...rest } = properties;
    if (RedrivePolicy === undefined) return rest;
    const deadLetterQueue = names.get(JSON.stringify(RedrivePolicy.deadLetterTargetArn));
    return { ...rest, redrive: { to: deadLetterQueue, after: RedrivePolicy.maxReceiveCount } };
  };

  return {
    stack,
    fanout,
    template,
    resolve,
    names,
    resources,
    functionProperties,
    permissions,
    sources,
    queue,
  };
}

function resourceNames(fanout: WebhookFanout, resolve: (value: string) => string): Map<string, string> {
  const { storage, lanes, dispatchEvent, recoverDeliveries, eventBus } = fanout;
  const arns: Record<string, string> = {
    webhooks: storage.webhooks.tableArn,
    deliveries: storage.deliveries.tableArn,
    key: storage.secretsKey.keyArn,
    first: lanes.first.queueArn,
    later: lanes.later.queueArn,
    slow: lanes.slow.queueArn,
    exhausted: lanes.exhausted.queueArn,
    poison: lanes.poison.queueArn,
    unreadable: lanes.unreadable.queueArn,
    events: dispatchEvent.events.queueArn,
    recoveries: recoverDeliveries.recoveries.queueArn,
    undispatched: dispatchEvent.undispatched.queueArn,
    bus: eventBus.eventBusRef.eventBusArn,
    ...Object.fromEntries(lanes.retries.map((queue, index) => [`retry ${index + 1}`, queue.queueArn])),
  };
  return new Map(Object.entries(arns).map(([name, arn]) => [resolve(arn), name]));
}

function functionsNamed(template: Template, name: FunctionName): { id: string; properties: Properties }[] {
  return Object.entries(template.findResources('AWS::Lambda::Function'))
    .map(([id, resource]) => ({ id, properties: resource.Properties as Properties }))
    .filter(({ properties: { Environment } }) => {
      const { LANE, POWERTOOLS_SERVICE_NAME } = Environment?.Variables ?? {};
      return (LANE ?? POWERTOOLS_SERVICE_NAME) === name;
    });
}

function only<T>(found: readonly T[]): T {
  const [first, ...others] = found;
  if (first === undefined || others.length > 0) throw new Error(`expected one, found ${found.length}`);
  return first;
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [value];
}

/** The conditions of a statement that is restricted to partitions of a table. */
export function onPartitions(...patterns: string[]) {
  return {
    'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': patterns },
    Null: { 'dynamodb:LeadingKeys': 'false' },
  };
}
