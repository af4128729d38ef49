import { isReservedTypeName, isSystemEventType } from '../shared/domain/catalogue.ts';
import { type DomainEvent, MAX_BODY_BYTES, serializeBody } from '../shared/domain/event.ts';
import {
  eventIdFromBus,
  parseAccountId,
  parseEventId,
  parseWebhookId,
  type WebhookId,
} from '../shared/domain/ids.ts';
import { isJsonObject } from '../shared/domain/json-object.ts';

/** An event that can be dispatched, and what only the bus knows of it. */
export interface AcceptedEvent {
  readonly event: DomainEvent;
  /** The JSON text that is signed and sent. */
  readonly body: string;
  readonly busEventId: string;
  /** Milliseconds since 1970: the bus's time, or the time of this run where that cannot be. */
  readonly acceptedAt: number;
  /** Whether the publisher said when it was created. */
  readonly hasOwnTime: boolean;
  /** The webhook that a system event speaks of. */
  readonly aboutWebhookId?: WebhookId;
}

export type ParsedEvent =
  | { readonly ok: true; readonly accepted: AcceptedEvent }
  /** It can never be dispatched, however often it is tried. */
  | { readonly ok: false; readonly reason: string };

/** What this deployment publishes. */
export interface KnownEvents {
  readonly eventTypes: ReadonlySet<string>;
  /** The bus source of this deployment's own system events. */
  readonly systemEventSource: string;
}

/**
 * The bus's time may be the publisher's own (`Time` of PutEvents), or an archive's. Delivery ids and expiries are
 * made of it, so it counts only where an event can come from by itself: 14 days on the parked queue, and clocks
 * that differ.
 */
const MAX_AGE_MS = 15 * 86_400_000;
const MAX_AHEAD_MS = 5 * 60_000;

/** A date and time with a zone, as in RFC 3339. */
const ISO_8601 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2})$/;

/** Reads an event as EventBridge hands it over. `now` is in milliseconds since 1970. */
export function parseEvent(raw: unknown, known: KnownEvents, now: number): ParsedEvent {
  if (!isJsonObject(raw)) return refuse('it is not an EventBridge event');
  const { id: busEventId, time, source, detail, 'detail-type': type } = raw;
  if (typeof busEventId !== 'string' || typeof time !== 'string' || typeof type !== 'string') {
    return refuse('it is not an EventBridge event: id, time and detail-type must be text');
  }
  const busTime = Date.parse(time);
  if (Number.isNaN(busTime)) return refuse(`its time "${clip(time)}" is not a date`);
  const acceptedAt = busTime > now - MAX_AGE_MS && busTime < now + MAX_AHEAD_MS ? busTime : now;
  const typeProblem = whyTypeRefused(type, source, known);
  if (typeProblem !== undefined) return refuse(typeProblem);
  if (!isJsonObject(detail)) return refuse('Detail must be a JSON object {"account_id": …, "data": {…}}');

  const accountId = parseAccountId(detail.account_id);
  if (accountId === undefined) {
    return refuse('Detail.account_id must be 1-64 characters of A-Z, a-z, 0-9, "_" and "-"');
  }
  const id = detail.id === undefined ? eventIdFromBus(busEventId) : parseEventId(detail.id);
  if (id === undefined) return refuse('Detail.id must be 1-64 characters of A-Z, a-z, 0-9, "_" and "-"');
  const created = detail.created ?? time;
  if (!isIsoTime(created)) {
    return refuse(
      'Detail.created must be an ISO 8601 date and time with a zone, such as 2024-01-15T10:30:00Z',
    );
  }
  if (!isJsonObject(detail.data)) return refuse('Detail.data must be a JSON object');

  const event: DomainEvent = { id, accountId, type, created, data: detail.data };
  const body = serializeOrNot(event);
  if (body === undefined) return refuse('Detail.data is nested too deeply to be sent');
  const bytes = Buffer.byteLength(body);
  if (bytes > MAX_BODY_BYTES) {
    return refuse(`its body is ${bytes} bytes of UTF-8; at most ${MAX_BODY_BYTES} can be delivered`);
  }
  const aboutWebhookId = isSystemEventType(type) ? parseWebhookId(detail.about_webhook_id) : undefined;
  return {
    ok: true,
    accepted: {
      event,
      body,
      busEventId,
      acceptedAt,
      hasOwnTime: detail.created !== undefined,
      ...(aboutWebhookId === undefined ? {} : { aboutWebhookId }),
    },
  };
}

/** JSON is parsed to any depth, and written only as deep as the stack. */
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
    return `the event type "${clip(type)}" is reserved: "webhook." is for this system's own events`;
  }
  if (known.eventTypes.has(type)) return undefined;
  return `the event type "${clip(type)}" is not in the catalogue; add it there and deploy, or correct DetailType`;
}

function isIsoTime(value: unknown): value is string {
  return typeof value === 'string' && ISO_8601.test(value) && !Number.isNaN(Date.parse(value));
}

function refuse(reason: string): ParsedEvent {
  return { ok: false, reason };
}

function clip(text: string): string {
  return text.length > 128 ? `${text.slice(0, 128)}…` : text;
}
