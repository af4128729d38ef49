import { CANARY_TYPE, canarySourceOf } from '../shared/domain/canary.ts';
import { isReservedTypeName, isSystemEventType } from '../shared/domain/catalogue.ts';
import { parseDateTime } from '../shared/domain/date-time.ts';
import { type DomainEvent, MAX_BODY_BYTES, serializeBody } from '../shared/domain/event.ts';
import {
  eventIdFromBus,
  parseAccountId,
  parseEventId,
  parseWebhookId,
  type WebhookId,
} from '../shared/domain/ids.ts';
import { parseTraceparent, type Traceparent, traceIdOf } from '../shared/domain/traceparent.ts';
import { isPlainObject, parseExactly } from './exact-json.ts';

/** An event that can be dispatched. */
export interface AcceptedEvent {
  readonly event: DomainEvent;
  /** The JSON text that is signed and sent. */
  readonly body: string;
  /** Whether numbers of `event.data` may be objects of JSON.rawJSON, which keep their digits. */
  readonly hasRawNumbers: boolean;
  readonly busEventId: string;
  /** Milliseconds since 1970: the bus's time, or the time of this run where the bus's time is not plausible. */
  readonly acceptedAt: number;
  /** Whether the publisher gave `created`. */
  readonly hasOwnTime: boolean;
  /** The webhook that a system event is about. */
  readonly aboutWebhookId?: WebhookId;
  readonly traceparent?: Traceparent;
  /** Whether the publisher gave a `traceparent` that is not valid. It is ignored. */
  readonly hasInvalidTraceparent: boolean;
}

/**
 * The ids and the type of an event, named as in log lines and message attributes. Of an event that is refused: as far
 * as they can be read, not validated, at most 128 characters each.
 */
export interface EventIds {
  readonly event_id?: string;
  readonly account_id?: string;
  readonly event_type?: string;
  readonly bus_event_id?: string;
  readonly trace_id?: string;
}

export function eventIdsOf({ event, busEventId, traceparent }: AcceptedEvent): EventIds {
  return {
    event_id: event.id,
    account_id: event.accountId,
    event_type: event.type,
    bus_event_id: busEventId,
    ...(traceparent === undefined ? {} : { trace_id: traceIdOf(traceparent) }),
  };
}

export type ParsedEvent =
  | { readonly ok: true; readonly accepted: AcceptedEvent }
  /** This deployment can never dispatch it. */
  | { readonly ok: false; readonly reason: string; readonly ids: EventIds };

/** The events that this deployment can dispatch. */
export interface KnownEvents {
  /** Names of the catalogue's event types. */
  readonly eventTypes: ReadonlySet<string>;
  /** The bus source of this deployment's own system events. */
  readonly systemEventSource: string;
}

/**
 * Reject implausible event times. The bus's time may be the publisher's own (`Time` of PutEvents) or that of an
 * archive, and delivery ids and expiries are derived from it. An event is up to 14 days on the events queue, and clocks
 * differ.
 */
const MAX_AGE_MS = 15 * 86_400_000;
const MAX_AHEAD_MS = 5 * 60_000;

/** The longest text that is quoted in a reason or reported as an id. */
const MAX_QUOTED_CHARACTERS = 128;

const TOO_DEEP = 'Detail.data is nested too deeply to be sent';

/** Reads the text of an event as EventBridge writes it. `now` is in milliseconds since 1970. */
export function parseEvent(text: string, known: KnownEvents, now: number): ParsedEvent {
  const json = parseExactly(text);
  if (!json.ok) {
    return { ok: false, reason: json.reason === 'too_deep' ? TOO_DEEP : 'the event is not JSON', ids: {} };
  }
  const read = readEvent(json, known, now);
  return typeof read === 'string'
    ? { ok: false, reason: read, ids: readIds(json.value) }
    : { ok: true, accepted: read };
}

/** The event, or the reason why it can never be dispatched. */
function readEvent(
  { value: raw, hasRawNumbers }: { readonly value: unknown; readonly hasRawNumbers: boolean },
  known: KnownEvents,
  now: number,
): AcceptedEvent | string {
  if (!isPlainObject(raw)) return 'the event is not an EventBridge event';
  const { id: busEventId, time, source, detail, 'detail-type': type } = raw;
  if (typeof busEventId !== 'string' || typeof type !== 'string') {
    return 'the event is not an EventBridge event: id and detail-type must be strings';
  }
  const busTime = parseDateTime(time);
  if (busTime === undefined) return `the event is not an EventBridge event: its time is ${quote(time)}`;
  const typeProblem = findTypeProblem(type, source, known);
  if (typeProblem !== undefined) return typeProblem;
  if (!isPlainObject(detail)) return 'Detail must be a JSON object {"account_id": …, "data": {…}}';

  const accountId = parseAccountId(detail.account_id);
  if (accountId === undefined) {
    return 'Detail.account_id must be 1-64 characters of A-Z, a-z, 0-9, "_" and "-"';
  }
  const id = isAbsent(detail.id) ? eventIdFromBus(busEventId) : parseEventId(detail.id);
  if (id === undefined) return 'Detail.id must be 1-64 characters of A-Z, a-z, 0-9, "_" and "-"';
  const hasOwnTime = !isAbsent(detail.created);
  const created = hasOwnTime ? parseDateTime(detail.created) : busTime;
  if (created === undefined) {
    return `Detail.created is ${quote(detail.created)}; it must be an RFC 3339 date-time such as 2024-01-15T10:30:00Z`;
  }
  if (!isPlainObject(detail.data)) return 'Detail.data must be a JSON object';

  const event: DomainEvent = { id, accountId, type, created, data: detail.data };
  const body = serializeIfPossible(event);
  if (body === undefined) return TOO_DEEP;
  const bytes = Buffer.byteLength(body);
  if (bytes > MAX_BODY_BYTES) {
    return `the body is ${bytes} bytes of UTF-8; at most ${MAX_BODY_BYTES} can be delivered`;
  }
  const aboutWebhookId = isSystemEventType(type) ? parseWebhookId(detail.about_webhook_id) : undefined;
  const traceparent = parseTraceparent(detail.traceparent);
  return {
    event,
    body,
    hasInvalidTraceparent: traceparent === undefined && !isAbsent(detail.traceparent),
    ...(traceparent === undefined ? {} : { traceparent }),
    hasRawNumbers,
    busEventId,
    acceptedAt: acceptedAtOf(busTime, now),
    hasOwnTime,
    ...(aboutWebhookId === undefined ? {} : { aboutWebhookId }),
  };
}

function acceptedAtOf(busTime: string, now: number): number {
  const time = Date.parse(busTime);
  return time > now - MAX_AGE_MS && time < now + MAX_AHEAD_MS ? time : now;
}

/** An optional field with the value null counts as absent. */
function isAbsent(value: unknown): boolean {
  return value === undefined || value === null;
}

/** JSON.parse accepts any depth of nesting; JSON.stringify throws a RangeError when the stack is used up. */
function serializeIfPossible(event: DomainEvent): string | undefined {
  try {
    return serializeBody(event);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** Why an event of this type is refused; undefined when it is not. */
function findTypeProblem(type: string, source: unknown, known: KnownEvents): string | undefined {
  if (isReservedTypeName(type)) {
    if (isSystemEventType(type) && source === known.systemEventSource) return undefined;
    if (type === CANARY_TYPE && source === canarySourceOf(known.systemEventSource)) return undefined;
    return `the event type ${quote(type)} is reserved: "webhook." is for this system's own events`;
  }
  if (known.eventTypes.has(type)) return undefined;
  return `the event type ${quote(type)} is not in the catalogue; add it there and deploy, or correct DetailType`;
}

function readIds(raw: unknown): EventIds {
  if (!isPlainObject(raw)) return {};
  const detail = isPlainObject(raw.detail) ? raw.detail : {};
  const traceparent = parseTraceparent(detail.traceparent);
  const ids: Record<keyof EventIds, unknown> = {
    event_id: detail.id,
    account_id: detail.account_id,
    event_type: raw['detail-type'],
    bus_event_id: raw.id,
    trace_id: traceparent && traceIdOf(traceparent),
  };
  return Object.fromEntries(
    Object.entries(ids).flatMap(([name, value]) => (typeof value === 'string' ? [[name, clip(value)]] : [])),
  );
}

function quote(value: unknown): string {
  return typeof value === 'string' ? `"${clip(value)}"` : 'not a string';
}

function clip(text: string): string {
  return text.length > MAX_QUOTED_CHARACTERS ? `${text.slice(0, MAX_QUOTED_CHARACTERS)}…` : text;
}
