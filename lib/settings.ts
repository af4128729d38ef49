import { EventBus } from 'aws-cdk-lib/aws-events';
import { type ITopic, Topic } from 'aws-cdk-lib/aws-sns';
import { Duration, type Stack } from 'aws-cdk-lib/core';
import type { AlarmProps } from './shared/alarm-props.ts';
import { toEventPattern } from './shared/events.ts';
import { InputError, show, withoutUndefined } from './shared/input.ts';
import {
  CHECKS_VARIABLE,
  CONTEXT_PREFIX,
  refuseUnknownNames,
  type SettingName,
  variableName,
} from './shared/setting-names.ts';
import { READERS } from './shared/setting-readers.ts';
import { quote } from './shared/shell.ts';
import { DEFAULT_THROTTLING } from './shared/throttling.ts';
import type { WebhookFanoutProps } from './webhook-fanout.ts';

/**
 * The settings that an operator can give without code, in one of three ways: the option `-c
 * webhook-fanout:<name>=<value>`, the same key in the context of cdk.json, or an environment variable such as
 * WEBHOOK_FANOUT_STACK_NAME. Context has precedence.
 */
export interface Settings {
  readonly stackName: string;
  /** Returns the construct's props. */
  readonly fanout: (stack: Stack) => WebhookFanoutProps;
}

const DEFAULT_STACK_NAME = READERS.stackName.example;

type ValueOf<Name extends SettingName> = Extract<
  ReturnType<(typeof READERS)[Name]['read']>,
  { readonly ok: true }
>['value'];

type Read = <Name extends SettingName>(name: Name) => ValueOf<Name> | undefined;

/** Throws on an invalid value and on an unknown name. The message states what is allowed. */
export function readSettings(context: Record<string, unknown>, variables: NodeJS.ProcessEnv): Settings {
  refuseUnknownNames(context, variables);
  const eventPattern = readSetting('eventPattern', context, variables);
  const recordRetentionDays = readSetting('recordRetentionDays', context, variables);
  const read: Read = (name) => readSetting(name, context, variables);
  const natGateways = read('staticAddresses');
  const props = withoutUndefined({
    eventCatalogue: read('eventCatalogue'),
    validateEvents: read('validateEvents'),
    retryDelays: read('retryDelays')?.map((seconds) => Duration.seconds(seconds)),
    maxRetryAfter: readDuration(read('maxRetryAfter')),
    successStatus: read('successStatus'),
    forwardTraceparent: read('forwardTraceparent'),
    xrayTracing: read('xrayTracing'),
    disableAfter: read('disableAfter'),
    eventPattern: eventPattern && toEventPattern(eventPattern),
    removalPolicy: read('removalPolicy'),
    tableProtection: read('tableProtection'),
    multiRegionKey: read('multiRegionKey'),
    primaryKeyArn: read('primaryKeyArn'),
    gradualDeployment: read('gradualDeployment'),
    senderNetwork: natGateways === undefined ? undefined : { natGateways },
    apiDomain: read('apiDomain'),
    apiWebAclArn: read('apiWebAclArn'),
    publishers: readPublishers(read('publisherAccounts'), read('publisherOrganization')),
    allowPrivateEndpoints: read('allowPrivateEndpoints'),
    corsOrigins: read('corsOrigins')?.slice(),
    logRetention: read('logRetentionDays'),
    recordRetention: recordRetentionDays === undefined ? undefined : Duration.days(recordRetentionDays),
    throttling: readThrottling(read('apiRequestsPerSecond'), read('apiBurst')),
    recoveryRate: read('recoveryRate'),
    concurrency: read('concurrency'),
    eventBatchingWindow: readDuration(read('eventBatchingWindow')),
    firstLanePollers: read('firstLanePollers'),
    console: read('console'),
    consoleEmbeddedBy: read('consoleEmbeddedBy')?.slice(),
    portal: read('portal'),
    consoleUrl: read('consoleUrl'),
    dashboard: read('dashboard'),
    canary: read('canary'),
  });
  const alarms: AlarmSettings = withoutUndefined({
    enabled: read('alarms'),
    thresholds: read('alarmThresholds'),
    disabled: read('disabledAlarms'),
    runbookUrl: read('runbookUrl'),
    pageTopicArn: read('pageTopicArn'),
    ticketTopicArn: read('ticketTopicArn'),
  });
  const eventBusName = read('eventBusName');
  return {
    stackName: read('stackName') ?? DEFAULT_STACK_NAME,
    fanout: (stack) => ({
      ...props,
      ...readAlarms(stack, alarms),
      ...(eventBusName === undefined
        ? {}
        : { eventBus: EventBus.fromEventBusName(stack, 'EventBus', eventBusName) }),
    }),
  };
}

/**
 * Whether `cdk synth` runs its checks. The app is created with this value, and the settings are read from the app's
 * context: this cannot be a setting.
 */
export function readChecks(variables: NodeJS.ProcessEnv): boolean {
  const given = variables[CHECKS_VARIABLE] || 'true';
  if (given === 'true' || given === 'false') return given === 'true';
  throw new InputError(
    `${CHECKS_VARIABLE} is ${show(given)}; expected: true or false. For example:\n  export ${CHECKS_VARIABLE}=false`,
  );
}

function readSetting<Name extends SettingName>(
  name: Name,
  context: Record<string, unknown>,
  variables: NodeJS.ProcessEnv,
): ValueOf<Name> | undefined {
  // null in a context file and an empty variable count as not set.
  const given = context[CONTEXT_PREFIX + name] ?? (variables[variableName(name)] || undefined);
  if (given === undefined) return undefined;
  const { expected, example, read } = READERS[name];
  const result = read(given);
  if (result.ok) return result.value as ValueOf<Name>;
  const why = result.problem === '' ? '' : ` Problem: ${result.problem}.`;
  throw new InputError(
    `${name} is ${show(given)}; expected: ${expected}.${why} For example, one of:\n${linesFor(name, example)}`,
  );
}

/** Example lines for a POSIX shell. */
function linesFor(name: SettingName, example: string): string {
  return [
    `  npx cdk deploy -c ${quote(`${CONTEXT_PREFIX}${name}=${example}`)}`,
    `  export ${variableName(name)}=${quote(example)}`,
  ].join('\n');
}

function readDuration(seconds: number | undefined): Duration | undefined {
  return seconds === undefined ? undefined : Duration.seconds(seconds);
}

interface AlarmSettings extends Pick<AlarmProps, 'enabled' | 'thresholds' | 'disabled' | 'runbookUrl'> {
  readonly pageTopicArn?: string;
  readonly ticketTopicArn?: string;
}

/** Empty when no setting of the alarms is given. */
function readAlarms(stack: Stack, alarms: AlarmSettings): Pick<WebhookFanoutProps, 'alarms'> {
  const { pageTopicArn, ticketTopicArn, ...others } = alarms;
  if (Object.keys(alarms).length === 0) return {};
  const topic = (id: string, arn: string | undefined): ITopic | undefined =>
    arn === undefined ? undefined : Topic.fromTopicArn(stack, id, arn);
  const topics = withoutUndefined({
    pageTopic: topic('PageTopic', pageTopicArn),
    ticketTopic: topic('TicketTopic', ticketTopicArn),
  });
  return { alarms: { ...others, ...topics } };
}

function readThrottling(
  requestsPerSecond: number | undefined,
  burst: number | undefined,
): WebhookFanoutProps['throttling'] {
  if (requestsPerSecond === undefined && burst === undefined) return undefined;
  return { ...DEFAULT_THROTTLING, ...withoutUndefined({ requestsPerSecond, burst }) };
}

function readPublishers(
  accounts: string[] | undefined,
  organizationId: string | undefined,
): WebhookFanoutProps['publishers'] {
  if (accounts === undefined && organizationId === undefined) return undefined;
  return withoutUndefined({ accounts, organizationId });
}
