import { isJsonObject } from '../../lambdas/shared/domain/json-object.ts';
import { AwsError, type Json } from '../aws-calls.ts';
import type { AcceptedEvent, Bus, BusEvent } from './event.ts';

/** EventBridge quotas: entries of one call, and their total size, which must be below 1 MiB. */
const MAX_ENTRIES = 10;
const ENTRIES_BYTES_LIMIT = 1_048_576;
const MAX_DETAIL_TYPE_CHARACTERS = 128;
/** EventBridge counts this fixed size for an entry's time. */
const TIME_BYTES = 14;

/** An accepted entry, or the error of this entry. */
export type EntryResult =
  | ({ readonly ok: true; readonly bus: Bus } & AcceptedEvent)
  | { readonly ok: false; readonly code: string; readonly message: string };

export interface EntryDependencies {
  readonly account: string;
  readonly region: string;
  readonly now: () => number;
  readonly newId: () => string;
  readonly busOf: (nameOrArn: string) => Bus | undefined;
}

/** The entries of a call. Throws `AwsError` if the call as a whole is invalid. */
export function readPutEvents(input: Json): Json[] {
  const entries = input.Entries;
  if (!Array.isArray(entries) || !entries.every(isJsonObject))
    throw invalid("Value at 'entries' must not be null");
  if (entries.length === 0 || entries.length > MAX_ENTRIES) {
    throw invalid(
      `Value at 'entries' failed to satisfy constraint: Member must have length between 1 and ${MAX_ENTRIES}`,
    );
  }
  const bytes = entries.reduce((sum, entry) => sum + entryBytes(entry), 0);
  if (bytes >= ENTRIES_BYTES_LIMIT) {
    throw new AwsError({
      code: 'ValidationException',
      message: 'Total size of the entries in the request is over the limit.',
    });
  }
  return entries;
}

/** The size of an entry for the quota and for billing. */
export function entryBytes(entry: Json): number {
  const texts = [
    entry.Source,
    entry.DetailType,
    entry.Detail,
    ...(Array.isArray(entry.Resources) ? entry.Resources : []),
  ];
  const bytes = texts.reduce<number>(
    (sum, text) => sum + (typeof text === 'string' ? Buffer.byteLength(text) : 0),
    0,
  );
  return bytes + (entry.Time === undefined ? 0 : TIME_BYTES);
}

export function readEntry(entry: Json, deps: EntryDependencies): EntryResult {
  const { Source: source, DetailType: detailType, Detail: text } = entry;
  for (const name of ['Source', 'DetailType', 'Detail']) {
    if (typeof entry[name] !== 'string' || entry[name] === '') {
      return refuse(
        'InvalidArgument',
        `Parameter ${name} is not valid. Reason: ${name} is a required argument.`,
      );
    }
  }
  if (String(detailType).length > MAX_DETAIL_TYPE_CHARACTERS) {
    return refuse(
      'InvalidArgument',
      `Parameter DetailType is not valid. Reason: it has more than ${MAX_DETAIL_TYPE_CHARACTERS} characters.`,
    );
  }
  const detail = parseDetail(text);
  if (detail === undefined) return refuse('MalformedDetail', 'Detail is malformed.');
  if (String(source).startsWith('aws.'))
    return refuse('NotAuthorizedForSource', 'Not authorized for the source.');
  const busName = typeof entry.EventBusName === 'string' ? entry.EventBusName : 'default';
  const bus = deps.busOf(busName);
  if (bus === undefined) return refuse('InvalidArgument', `Event bus ${busName} does not exist.`);
  const event: BusEvent = {
    version: '0',
    id: deps.newId(),
    'detail-type': String(detailType),
    source: String(source),
    account: deps.account,
    time: new Date(timeOf(entry.Time) ?? deps.now()).toISOString().replace(/\.\d+Z$/, 'Z'),
    region: deps.region,
    resources: Array.isArray(entry.Resources) ? entry.Resources.map(String) : [],
    detail,
  };
  return { ok: true, bus, event, text: textOf(event, String(text)) };
}

function parseDetail(text: unknown): Readonly<Record<string, unknown>> | undefined {
  try {
    const detail: unknown = JSON.parse(String(text));
    return isJsonObject(detail) ? detail : undefined;
  } catch {
    return undefined;
  }
}

/** JSON with the fields in EventBridge's order; the detail is last and unchanged. */
function textOf({ detail: _, ...envelope }: BusEvent, detailText: string): string {
  return `${JSON.stringify(envelope).slice(0, -1)},"detail":${detailText}}`;
}

/** Parses seconds since 1970, as in the JSON protocol, or ISO 8601. Milliseconds since 1970; undefined if invalid. */
function timeOf(time: unknown): number | undefined {
  const milliseconds = typeof time === 'number' ? time * 1000 : Date.parse(String(time));
  return Number.isFinite(milliseconds) ? milliseconds : undefined;
}

function refuse(code: string, message: string): EntryResult {
  return { ok: false, code, message };
}

function invalid(message: string): AwsError {
  return new AwsError({ code: 'ValidationException', message: `1 validation error detected: ${message}` });
}
