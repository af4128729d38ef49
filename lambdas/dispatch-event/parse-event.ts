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
import { isPlainObject, parseExactly } from './exact-json.ts';

/** An event that can be dispatched. */
export interface AcceptedEvent {
  readonly event: DomainEvent;
  /** The JSON text that is signed and sent. */
  readonly body: string;
  readonly busEventId: string;
  /** Milliseconds since 1970: the bus's time, or the time of this run where the bus's time is not plausible. */
  readonly acceptedAt: number;
  /** Whether the publisher gave `created`. */
  readonly hasOwnTime: boolean;
  /** The webhook that a system event is about. */
  readonly aboutWebhookId?: WebhookId;
}

/** The ids and the type of an event, as far as they can be read. They are not validated. */
export interface EventNames {
  readonly busEventId?: string;
  readonly accountId?: string;
  readonly eventId?: string;
  readonly eventType?: string;
}

export type ParsedEvent =
  | { readonly ok: true; readonly accepted: AcceptedEvent }
  /** This deployment can never dispatch it. */
  | { readonly ok: false; readonly reason: string; readonly names: EventNames };

/** What this deployment publishes. */
export interface KnownEvents {
  readonly eventTypes: ReadonlySet<string>;
  /** The bus source of this deployment's own system events. */
  readonly systemEventSource: string;
}

/**
 * The bus's time may be the publisher's own (`Time` of PutEvents) or an archive's. Delivery ids and expiries are made
 * of it, so it is used only within these limits: 14 days on the events queue, and clocks that differ.
 */
const MAX_AGE_MS = 15 * 86_400_000;
const MAX_AHEAD_MS = 5 * 60_000;

/** Longest text that is quoted in a reason, and longest name that is reported. */
const MAX_QUOTED_CHARACTERS = 128;

const TOO_DEEP = 'Detail.data is nested too deeply to be sent';

/** Reads the text of an event as EventBridge writes it. `now` is in milliseconds since 1970. */
export function parseEvent(text: string, known: KnownEvents, now: number): ParsedEvent {
  const json = parseExactly(text);
  if (!json.ok) {
    return { ok: false, reason: json.reason === 'too_deep' ? TOO_DEEP : 'it is not JSON', names: {} };
  }
  const read = readEvent(json.value, known, now);
  return typeof read === 'string'
    ? { ok: false, reason: read, names: readNames(json.value) }
    : { ok: true, accepted: read };
}

/** The event, or the reason why it can never be dispatched. */
function readEvent(raw: unknown, known: KnownEvents, now: number): AcceptedEvent | string {
  if (!isPlainObject(raw)) return 'it is not an EventBridge event';
  const { id: busEventId, time, source, detail, 'detail-type': type } = raw;
  if (typeof busEventId !== 'string' || typeof type !== 'string') {
    return 'it is not an EventBridge event: id and detail-type must be text';
  }
  const busTime = parseDateTime(time);
  if (busTime === undefined) return `it is not an EventBridge event: its time is ${quote(time)}`;
  const typeProblem = whyTypeRefused(type, source, known);
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
    return `Detail.created is ${quote(detail.created)}; it must be a date and time of RFC 3339, such as 2024-01-15T10:30:00Z`;
  }
  if (!isPlainObject(detail.data)) return 'Detail.data must be a JSON object';

  const event: DomainEvent = { id, accountId, type, created, data: detail.data };
  const body = serializeOrNot(event);
  if (body === undefined) return TOO_DEEP;
  const bytes = Buffer.byteLength(body);
  if (bytes > MAX_BODY_BYTES) {
    return `its body is ${bytes} bytes of UTF-8; at most ${MAX_BODY_BYTES} can be delivered`;
  }
  const aboutWebhookId = isSystemEventType(type) ? parseWebhookId(detail.about_webhook_id) : undefined;
  return {
    event,
    body,
    busEventId,
    acceptedAt: acceptanceOf(busTime, now),
    hasOwnTime,
    ...(aboutWebhookId === undefined ? {} : { aboutWebhookId }),
  };
}

function acceptanceOf(busTime: string, now: number): number {
  const time = Date.parse(busTime);
  return time > now - MAX_AGE_MS && time < now + MAX_AHEAD_MS ? time : now;
}

/** An optional field that is null is absent. */
function isAbsent(value: unknown): boolean {
  return value === undefined || value === null;
}

/** JSON.parse takes any depth of nesting; JSON.stringify takes only as much as the stack allows. */
function serializeOrNot(event: DomainEvent): string | undefined {
  try {
    return serializeBody(event);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function whyTypeRefused(type: string, source: unknown, known: KnownEvents): string | undefined {
  if (isReservedTypeName(type)) {
    if (isSystemEventType(type) && source === known.systemEventSource) return undefined;
    return `the event type ${quote(type)} is reserved: "webhook." is for this system's own events`;
  }
  if (known.eventTypes.has(type)) return undefined;
  return `the event type ${quote(type)} is not in the catalogue; add it there and deploy, or correct DetailType`;
}

function readNames(raw: unknown): EventNames {
  if (!isPlainObject(raw)) return {};
  const detail = isPlainObject(raw.detail) ? raw.detail : {};
  const names = {
    busEventId: raw.id,
    accountId: detail.account_id,
    eventId: detail.id,
    eventType: raw['detail-type'],
  };
  return Object.fromEntries(
    Object.entries(names).flatMap(([name, value]) =>
      typeof value === 'string' ? [[name, clip(value)]] : [],
    ),
  );
}

function quote(value: unknown): string {
  return typeof value === 'string' ? `"${clip(value)}"` : 'not text';
}

function clip(text: string): string {
  return text.length > MAX_QUOTED_CHARACTERS ? `${text.slice(0, MAX_QUOTED_CHARACTERS)}…` : text;
}
