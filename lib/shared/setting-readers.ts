import { statSync } from 'node:fs';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { RemovalPolicy } from 'aws-cdk-lib/core';
import { MAX_RETRY_DELAY_SECONDS } from '../../lambdas/shared/domain/schedule.ts';
import { CONCURRENCY_RULE, parseConcurrency } from './concurrency.ts';
import { parseEventPattern } from './event-pattern.ts';
import { accept, type Reading, refuse } from './input.ts';
import { parseJson } from './json.ts';
import { POLLERS_RULE, parsePollers } from './pollers.ts';
import { isRecordRetention, RECORD_RETENTION_RULE } from './record-retention.ts';
import { isSchedule, MAX_RETRIES } from './retry-schedule.ts';
import type { SettingName } from './setting-names.ts';
import { isLimit, LIMIT_RULE } from './throttling.ts';

interface Reader<Value> {
  /** What is allowed, in words. */
  readonly expected: string;
  /** A value that is allowed. */
  readonly example: string;
  /** `given` is text from the command line or the environment, or any JSON value of a context file. */
  readonly read: (given: unknown) => Reading<Value>;
}

/** CloudFormation: letters, digits and hyphens, 128 at most. */
const STACK_NAME = /^[A-Za-z][A-Za-z0-9-]{0,127}$/;
/** EventBridge: 256 characters at most. An ARN has colons; the stack would look for a bus of that name. */
const BUS_NAME = /^[A-Za-z0-9_./-]{1,256}$/;
/** As JSON writes a whole number: not `1e3`, `0x10`, ` 1` or `01`, which Number() accepts. */
const WHOLE_NUMBER = /^(0|[1-9]\d*)$/;

const RETENTIONS = Object.values(RetentionDays).filter(
  (days): days is RetentionDays => typeof days === 'number' && days !== RetentionDays.INFINITE,
);

/** One reader for each setting; `docs/settings.md` says what they are for. */
export const READERS = {
  stackName: reader(
    'a letter, then letters, digits and hyphens, 128 characters at most',
    'WebhookFanout',
    (given) => textLike(STACK_NAME, given),
  ),
  eventCatalogue: reader('the path of a JSON file that exists', 'event-types.json', (given) =>
    typeof given === 'string' && isFile(given) ? accept(given) : refuse(''),
  ),
  retryDelays: reader(
    `1 to ${MAX_RETRIES} whole numbers of seconds from 0 to ${MAX_RETRY_DELAY_SECONDS}, joined by commas`,
    '1,5,30',
    readDelays,
  ),
  successStatus: reader('200 or 2xx', '200', (given) =>
    oneOf({ '200': '200' as const, '2xx': '2xx' as const }, given),
  ),
  eventBusName: reader(
    "the name, not the ARN, of an event bus in the stack's account and region",
    'default',
    (given) => textLike(BUS_NAME, given),
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
  allowPrivateEndpoints: reader('true or false', 'false', (given) =>
    oneOf({ true: true, false: false }, given),
  ),
  logRetentionDays: reader(`one of CloudWatch's ${RETENTIONS.join(', ')}, or infinite`, '30', readRetention),
  recordRetentionDays: reader(RECORD_RETENTION_RULE, '30', (given) => {
    const days = wholeNumber(given);
    return isRecordRetention(days) ? accept(days) : refuse('');
  }),
  apiRequestsPerSecond: reader(LIMIT_RULE, '100', readLimit),
  apiBurst: reader(LIMIT_RULE, '100', readLimit),
  concurrency: reader(`JSON with ${CONCURRENCY_RULE}`, '{"first":600}', (given) =>
    readJson(given, parseConcurrency),
  ),
  firstLanePollers: reader(`JSON with ${POLLERS_RULE}`, '{"minimum":2,"maximum":30}', (given) =>
    readJson(given, parsePollers),
  ),
} as const satisfies Readonly<Record<SettingName, Reader<unknown>>>;

function reader<Value>(
  expected: string,
  example: string,
  read: (given: unknown) => Reading<Value>,
): Reader<Value> {
  return { expected, example, read };
}

function textLike(pattern: RegExp, given: unknown): Reading<string> {
  return typeof given === 'string' && pattern.test(given) ? accept(given) : refuse('');
}

/** A text, or the number or boolean that JSON has for it. */
function oneOf<Value>(values: Readonly<Record<string, Value>>, given: unknown): Reading<Value> {
  const text = ['string', 'number', 'boolean'].includes(typeof given) ? String(given) : '';
  const value = Object.hasOwn(values, text) ? values[text] : undefined;
  return value === undefined ? refuse('') : accept(value);
}

function readDelays(given: unknown): Reading<readonly number[]> {
  const entries: unknown[] =
    typeof given === 'string' ? given.split(',').map((entry) => wholeNumber(entry.trim())) : listOf(given);
  return isSchedule(entries) ? accept(entries) : refuse('');
}

function readRetention(given: unknown): Reading<RetentionDays> {
  if (given === 'infinite') return accept(RetentionDays.INFINITE);
  const days = RETENTIONS.find((allowed) => allowed === wholeNumber(given));
  return days === undefined ? refuse('') : accept(days);
}

function readLimit(given: unknown): Reading<number> {
  const limit = wholeNumber(given);
  return isLimit(limit) ? accept(limit) : refuse('');
}

/** A JSON text, or the value that a context file has for it. */
function readJson<Value>(given: unknown, parse: (value: unknown) => Reading<Value>): Reading<Value> {
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
