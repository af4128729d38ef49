import { statSync } from 'node:fs';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { RemovalPolicy } from 'aws-cdk-lib/core';
import { MAX_RETRY_DELAY_SECONDS } from '../../lambdas/shared/domain/retry-schedule.ts';
import { isAlarmName, isThresholds } from './alarm-props.ts';
import { API_DOMAIN_RULE, isWebAclArn, parseApiDomain, WEB_ACL_RULE } from './api-address.ts';
import { isMaxRetryAfter, isSchedule, MAX_RETRIES } from './check-retry-delays.ts';
import { CONCURRENCY_RULE, parseConcurrency } from './concurrency.ts';
import { CONSOLE_URL_RULE, isConsoleUrl } from './console-props.ts';
import { DISABLE_AFTER_RULE, parseDisableAfter } from './disable-after.ts';
import { EVENT_BATCHING_WINDOW_RULE, isEventBatchingWindow } from './event-batching-window.ts';
import { parseEventPattern } from './event-pattern.ts';
import { accept, type ParseResult, refuse } from './input.ts';
import { parseJson } from './json.ts';
import { isOrigin } from './origins.ts';
import { POLLERS_RULE, parsePollers } from './pollers.ts';
import { ACCOUNTS_RULE, isAccountIds, isOrganizationId, ORGANIZATION_RULE } from './publishers.ts';
import { isRecordRetention, RECORD_RETENTION_RULE } from './record-retention.ts';
import { isRecoveryRate, RECOVERY_RATE_RULE } from './recovery-rate.ts';
import { isMultiRegionKeyArn, PRIMARY_KEY_RULE } from './secrets-key.ts';
import { isNatGateways, NAT_GATEWAYS_RULE } from './sender-network.ts';
import type { SettingName } from './setting-names.ts';
import { parseTableProtection, TABLE_PROTECTION_RULE } from './table-protection.ts';
import { isLimit, LIMIT_RULE } from './throttling.ts';

interface Reader<Value> {
  /** The allowed values, in words. */
  readonly expected: string;
  /** An allowed value. */
  readonly example: string;
  /** @param given text from the command line or the environment, or any JSON value of a context file. */
  readonly read: (given: unknown) => ParseResult<Value>;
}

/** CloudFormation: letters, digits and hyphens, at most 128 characters. */
const STACK_NAME = /^[A-Za-z][A-Za-z0-9-]{0,127}$/;
/** EventBridge: at most 256 characters. Colons are refused, so that an ARN is not used as a name. */
const BUS_NAME = /^[A-Za-z0-9_./-]{1,256}$/;
/** SNS: names of up to 256 letters, digits, hyphens and underscores, and `.fifo`. */
const TOPIC_ARN = /^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[\w.-]{1,256}$/;
const HTTPS_URL = /^https:\/\/[^\s#]+$/;
/** A whole number as in JSON. Number() also accepts `1e3`, `0x10`, ` 1` and `01`, which are refused. */
const WHOLE_NUMBER = /^(0|[1-9]\d*)$/;

const RETENTIONS = Object.values(RetentionDays).filter(
  (days): days is RetentionDays => typeof days === 'number' && days !== RetentionDays.INFINITE,
);

/** One reader for each setting. `docs/settings.md` describes the settings. */
export const READERS = {
  stackName: reader(
    'a letter, then letters, digits and hyphens, 128 characters at most',
    'WebhookFanout',
    (given) => textMatching(STACK_NAME, given),
  ),
  eventCatalogue: reader('the path of a JSON file that exists', 'event-types.json', (given) =>
    typeof given === 'string' && isFile(given) ? accept(given) : refuse(''),
  ),
  validateEvents: reader('off, warn or refuse', 'warn', (given) =>
    oneOf({ off: 'off' as const, warn: 'warn' as const, refuse: 'refuse' as const }, given),
  ),
  retryDelays: reader(
    `1 to ${MAX_RETRIES} whole numbers of seconds from 0 to ${MAX_RETRY_DELAY_SECONDS}, joined by commas`,
    '1,5,30',
    readDelays,
  ),
  maxRetryAfter: reader(
    `a whole number of seconds from 0 to ${MAX_RETRY_DELAY_SECONDS}`,
    '900',
    readMaxRetryAfter,
  ),
  successStatus: reader('200 or 2xx', '200', (given) =>
    oneOf({ '200': '200' as const, '2xx': '2xx' as const }, given),
  ),
  disableAfter: reader(`JSON with ${DISABLE_AFTER_RULE}, or false`, '{"exhausted":20,"hours":1}', (given) =>
    readJson(given, parseDisableAfter),
  ),
  eventBusName: reader(
    "the name, not the ARN, of an event bus in the stack's account and region",
    'default',
    (given) => textMatching(BUS_NAME, given),
  ),
  eventPattern: reader('an EventBridge event pattern in JSON', '{"source":["shop"]}', (given) =>
    readJson(given, parseEventPattern),
  ),
  removalPolicy: reader('retain or destroy', 'retain', (given) =>
    oneOf(
      { retain: RemovalPolicy.RETAIN, destroy: RemovalPolicy.DESTROY },
      typeof given === 'string' ? given.toLowerCase() : given,
    ),
  ),
  tableProtection: reader(
    `JSON with ${TABLE_PROTECTION_RULE}`,
    '{"deliveries":{"pointInTimeRecovery":true}}',
    (given) => readJson(given, parseTableProtection),
  ),
  multiRegionKey: reader('true or false', 'true', readFlag),
  primaryKeyArn: reader(
    PRIMARY_KEY_RULE,
    'arn:aws:kms:us-east-1:111122223333:key/mrk-1234567890abcdef1234567890abcdef',
    (given) => (isMultiRegionKeyArn(given) ? accept(given) : refuse('')),
  ),
  gradualDeployment: reader('true or false', 'true', readFlag),
  staticAddresses: reader(NAT_GATEWAYS_RULE, '2', (given) => {
    const addresses = wholeNumber(given);
    return isNatGateways(addresses) ? accept(addresses) : refuse('');
  }),
  apiDomain: reader(
    `JSON with ${API_DOMAIN_RULE}`,
    '{"name":"hooks.example.com","certificateArn":"arn:aws:acm:eu-west-1:111122223333:certificate/1234"}',
    (given) => readJson(given, parseApiDomain),
  ),
  apiWebAclArn: reader(
    WEB_ACL_RULE,
    'arn:aws:wafv2:us-east-1:111122223333:global/webacl/hooks/1234',
    (given) => (isWebAclArn(given) ? accept(given) : refuse('')),
  ),
  publisherAccounts: reader(`${ACCOUNTS_RULE}, joined by commas`, '111122223333', (given) => {
    const ids = typeof given === 'string' ? given.split(',').map((id) => id.trim()) : listOf(given);
    return isAccountIds(ids) ? accept(ids) : refuse('');
  }),
  publisherOrganization: reader(ORGANIZATION_RULE, 'o-a1b2c3d4e5', (given) =>
    isOrganizationId(given) ? accept(given) : refuse(''),
  ),
  forwardTraceparent: reader('true or false', 'true', readFlag),
  xrayTracing: reader('true or false', 'true', readFlag),
  allowPrivateEndpoints: reader('true or false', 'false', readFlag),
  corsOrigins: reader(
    'origins joined by commas, each a scheme and a host without a path',
    'https://console.example.com',
    readOrigins,
  ),
  logRetentionDays: reader(`one of CloudWatch's ${RETENTIONS.join(', ')}, or infinite`, '30', readRetention),
  recordRetentionDays: reader(RECORD_RETENTION_RULE, '30', (given) => {
    const days = wholeNumber(given);
    return isRecordRetention(days) ? accept(days) : refuse('');
  }),
  apiRequestsPerSecond: reader(LIMIT_RULE, '100', readLimit),
  apiBurst: reader(LIMIT_RULE, '100', readLimit),
  recoveryRate: reader(RECOVERY_RATE_RULE, '50', (given) => {
    const rate = wholeNumber(given);
    return isRecoveryRate(rate) ? accept(rate) : refuse('');
  }),
  concurrency: reader(`JSON with ${CONCURRENCY_RULE}`, '{"first":600}', (given) =>
    readJson(given, parseConcurrency),
  ),
  eventBatchingWindow: reader(EVENT_BATCHING_WINDOW_RULE, '1', (given) => {
    const seconds = wholeNumber(given);
    return isEventBatchingWindow(seconds) ? accept(seconds) : refuse('');
  }),
  firstLanePollers: reader(`JSON with ${POLLERS_RULE}`, '{"minimum":2,"maximum":30}', (given) =>
    readJson(given, parsePollers),
  ),
  alarms: reader('true or false', 'false', readFlag),
  pageTopicArn: reader('the ARN of an SNS topic', 'arn:aws:sns:eu-west-1:111122223333:on-call', (given) =>
    textMatching(TOPIC_ARN, given),
  ),
  ticketTopicArn: reader('the ARN of an SNS topic', 'arn:aws:sns:eu-west-1:111122223333:tickets', (given) =>
    textMatching(TOPIC_ARN, given),
  ),
  alarmThresholds: reader(
    'JSON with a number from 0 for each name of an alarm',
    '{"late-events":300}',
    (given) => readJson(given, (value) => (isThresholds(value) ? accept(value) : refuse(''))),
  ),
  disabledAlarms: reader('names of alarms joined by commas', 'api-latency', (given) => {
    const names = typeof given === 'string' ? given.split(',').map((name) => name.trim()) : listOf(given);
    return names.length > 0 && names.every(isAlarmName) ? accept(names) : refuse('');
  }),
  runbookUrl: reader('an https address', 'https://wiki.example.com/webhooks', (given) =>
    textMatching(HTTPS_URL, given),
  ),
  console: reader('true or false', 'false', readFlag),
  consoleEmbeddedBy: reader(
    'origins joined by commas, each a scheme and a host without a path',
    'https://app.example.com',
    readOrigins,
  ),
  portal: reader('true or false', 'true', readFlag),
  consoleUrl: reader(CONSOLE_URL_RULE, 'https://webhooks.example.com', (given) =>
    isConsoleUrl(given) ? accept(given) : refuse(''),
  ),
  dashboard: reader('true or false', 'false', readFlag),
  canary: reader('true or false', 'true', readFlag),
} as const satisfies Readonly<Record<SettingName, Reader<unknown>>>;

function reader<Value>(
  expected: string,
  example: string,
  read: (given: unknown) => ParseResult<Value>,
): Reader<Value> {
  return { expected, example, read };
}

function textMatching(pattern: RegExp, given: unknown): ParseResult<string> {
  return typeof given === 'string' && pattern.test(given) ? accept(given) : refuse('');
}

/** The value of a text, or of the number or boolean that is written the same in JSON. */
function oneOf<Value>(values: Readonly<Record<string, Value>>, given: unknown): ParseResult<Value> {
  const text = ['string', 'number', 'boolean'].includes(typeof given) ? String(given) : '';
  const value = Object.hasOwn(values, text) ? values[text] : undefined;
  return value === undefined ? refuse('') : accept(value);
}

function readDelays(given: unknown): ParseResult<readonly number[]> {
  const entries: unknown[] =
    typeof given === 'string' ? given.split(',').map((entry) => wholeNumber(entry.trim())) : listOf(given);
  return isSchedule(entries) ? accept(entries) : refuse('');
}

function readMaxRetryAfter(given: unknown): ParseResult<number> {
  const seconds = wholeNumber(given);
  return isMaxRetryAfter(seconds) ? accept(seconds) : refuse('');
}

function readFlag(given: unknown): ParseResult<boolean> {
  return oneOf({ true: true, false: false }, given);
}

/** The construct checks them together with `allowPrivateEndpoints`. */
function readOrigins(given: unknown): ParseResult<readonly string[]> {
  const origins = typeof given === 'string' ? given.split(',').map((origin) => origin.trim()) : listOf(given);
  return origins.length > 0 && origins.every(isOrigin) ? accept(origins) : refuse('');
}

function readRetention(given: unknown): ParseResult<RetentionDays> {
  if (given === 'infinite') return accept(RetentionDays.INFINITE);
  const days = RETENTIONS.find((allowed) => allowed === wholeNumber(given));
  return days === undefined ? refuse('') : accept(days);
}

function readLimit(given: unknown): ParseResult<number> {
  const limit = wholeNumber(given);
  return isLimit(limit) ? accept(limit) : refuse('');
}

/** Parses a JSON text. A context file can have the value itself instead. */
function readJson<Value>(given: unknown, parse: (value: unknown) => ParseResult<Value>): ParseResult<Value> {
  if (typeof given !== 'string') return parse(given);
  const json = parseJson(given);
  return json.ok ? parse(json.value) : json;
}

function wholeNumber(given: unknown): unknown {
  return typeof given === 'string' && WHOLE_NUMBER.test(given) ? Number(given) : given;
}

function listOf(given: unknown): unknown[] {
  return Array.isArray(given) ? given : [given];
}

function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
