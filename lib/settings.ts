import { EventBus } from 'aws-cdk-lib/aws-events';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Duration, RemovalPolicy, type Stack } from 'aws-cdk-lib/core';
import { CONCURRENCY } from './shared/concurrency.ts';
import type { WebhookFanoutProps } from './webhook-fanout.ts';

/**
 * What an operator may set without touching code: `-c webhook-fanout:<name>=<value>`, the same in
 * cdk.json's context, or an environment variable such as WEBHOOK_FANOUT_STACK_NAME. Context wins.
 */
export const SETTING_NAMES = [
  'stackName',
  'eventCatalogue',
  'retryDelays',
  'successStatus',
  'eventBusName',
  'eventPattern',
  'removalPolicy',
  'allowPrivateEndpoints',
  'logRetentionDays',
  'apiRequestsPerSecond',
  'apiBurst',
  'concurrency',
] as const;
export type SettingName = (typeof SETTING_NAMES)[number];

const CONTEXT_PREFIX = 'webhook-fanout:';
const VARIABLE_PREFIX = 'WEBHOOK_FANOUT_';
const DEFAULT_STACK_NAME = 'WebhookFanout';

type Raw = { readonly [name in SettingName]?: string };

export interface Settings {
  readonly stackName: string;
  readonly fanout: (stack: Stack) => WebhookFanoutProps;
}

/** Throws on a value or a `webhook-fanout:` key that it does not know, and says what is allowed. */
export function readSettings(context: Record<string, unknown>, variables: NodeJS.ProcessEnv): Settings {
  refuseUnknownKeys(context);
  const raw: Raw = Object.fromEntries(
    SETTING_NAMES.map((name) => [name, context[CONTEXT_PREFIX + name] ?? variables[variableName(name)]])
      .filter(([, value]) => value !== undefined && value !== '')
      .map(([name, value]) => [name, typeof value === 'object' ? JSON.stringify(value) : String(value)]),
  );
  const props: WebhookFanoutProps = {
    ...(raw.eventCatalogue === undefined ? {} : { eventCatalogue: raw.eventCatalogue }),
    ...readDelays(raw.retryDelays),
    ...readSuccessStatus(raw.successStatus),
    ...readEventPattern(raw.eventPattern),
    ...readRemovalPolicy(raw.removalPolicy),
    ...readPrivateEndpoints(raw.allowPrivateEndpoints),
    ...readLogRetention(raw.logRetentionDays),
    ...readThrottling(raw),
    ...readConcurrencySetting(raw.concurrency),
  };
  const eventBusName = readBusName(raw.eventBusName);
  return {
    stackName: raw.stackName ?? DEFAULT_STACK_NAME,
    fanout: (stack) => ({
      ...props,
      ...(eventBusName === undefined
        ? {}
        : { eventBus: EventBus.fromEventBusName(stack, 'EventBus', eventBusName) }),
    }),
  };
}

/** `allowPrivateEndpoints` is WEBHOOK_FANOUT_ALLOW_PRIVATE_ENDPOINTS. */
export function variableName(name: SettingName): string {
  return VARIABLE_PREFIX + name.replaceAll(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
}

function refuseUnknownKeys(context: Record<string, unknown>): void {
  const known: readonly string[] = SETTING_NAMES;
  const unknown = Object.keys(context).find(
    (key) => key.startsWith(CONTEXT_PREFIX) && !known.includes(key.slice(CONTEXT_PREFIX.length)),
  );
  if (unknown === undefined) return;
  throw new Error(
    `The context key ${unknown} is unknown; allowed after "${CONTEXT_PREFIX}" are ${known.join(', ')}.`,
  );
}

function readDelays(text: string | undefined): WebhookFanoutProps {
  if (text === undefined) return {};
  // A list in a context file arrives as JSON.
  const list = text.replaceAll(/[[\]\s]/g, '');
  if (!/^\d+(,\d+)*$/.test(list)) {
    throw refusal('retryDelays', text, 'whole seconds joined by commas', '1,5,30');
  }
  return { retryDelays: list.split(',').map((seconds) => Duration.seconds(Number(seconds))) };
}

function readSuccessStatus(text: string | undefined): WebhookFanoutProps {
  if (text === undefined) return {};
  if (text === '200' || text === '2xx') return { successStatus: text };
  throw refusal('successStatus', text, '200 or 2xx', '200');
}

/** An ARN is refused, too: the stack would look for a bus of that name. */
function readBusName(text: string | undefined): string | undefined {
  if (text === undefined || /^[\w./-]{1,256}$/.test(text)) return text;
  throw refusal('eventBusName', text, "the name of a bus in the stack's own account and region", 'default');
}

function readEventPattern(text: string | undefined): WebhookFanoutProps {
  if (text === undefined) return {};
  try {
    const pattern: unknown = JSON.parse(text);
    if (typeof pattern === 'object' && pattern !== null && !Array.isArray(pattern)) {
      const { 'detail-type': detailType, ...rest } = pattern as Record<string, unknown>;
      return { eventPattern: { ...rest, ...(Array.isArray(detailType) ? { detailType } : {}) } };
    }
  } catch {
    // Said below, like any other value that is no pattern.
  }
  throw refusal('eventPattern', text, 'an EventBridge pattern in JSON', '{"source":["shop"]}');
}

function readRemovalPolicy(text: string | undefined): WebhookFanoutProps {
  if (text === undefined) return {};
  if (text.toLowerCase() === 'retain') return { removalPolicy: RemovalPolicy.RETAIN };
  if (text.toLowerCase() === 'destroy') return { removalPolicy: RemovalPolicy.DESTROY };
  throw refusal('removalPolicy', text, 'retain or destroy', 'retain');
}

function readPrivateEndpoints(text: string | undefined): WebhookFanoutProps {
  if (text === undefined) return {};
  if (text === 'true' || text === 'false') return { allowPrivateEndpoints: text === 'true' };
  throw refusal('allowPrivateEndpoints', text, 'true or false', 'false');
}

function readLogRetention(text: string | undefined): WebhookFanoutProps {
  if (text === undefined) return {};
  const allowed = Object.values(RetentionDays).filter((days) => typeof days === 'number');
  const days = allowed.find((value) => String(value) === text);
  if (days !== undefined) return { logRetention: days };
  throw refusal('logRetentionDays', text, `one of CloudWatch's ${allowed.join(', ')}`, '30');
}

function readThrottling(raw: Raw): WebhookFanoutProps {
  const { apiRequestsPerSecond, apiBurst } = raw;
  if (apiRequestsPerSecond === undefined && apiBurst === undefined) return {};
  const requestsPerSecond = readCount('apiRequestsPerSecond', apiRequestsPerSecond ?? apiBurst ?? '');
  return {
    throttling: { requestsPerSecond, burst: readCount('apiBurst', apiBurst ?? apiRequestsPerSecond ?? '') },
  };
}

function readConcurrencySetting(text: string | undefined): WebhookFanoutProps {
  if (text === undefined) return {};
  const refused = refusal(
    'concurrency',
    text,
    'JSON with numbers for first, retry, slow or dispatch',
    '{"first":600}',
  );
  let chosen: unknown;
  try {
    chosen = JSON.parse(text);
  } catch {
    throw refused;
  }
  if (typeof chosen !== 'object' || chosen === null) throw refused;
  const known = Object.entries(chosen).every(
    ([name, value]) => name in CONCURRENCY && typeof value === 'number',
  );
  if (!known) throw refused;
  return { concurrency: chosen };
}

function readCount(name: SettingName, text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count > 0) return count;
  throw refusal(name, text, 'a whole number above 0', '100');
}

function refusal(name: SettingName, got: string, expected: string, example: string): Error {
  return new Error(
    `${name} is "${got}"; expected is ${expected}. Use -c ${CONTEXT_PREFIX}${name}=${example} or ${variableName(name)}=${example}.`,
  );
}
