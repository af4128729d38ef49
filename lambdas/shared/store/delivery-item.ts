import {
  ATTEMPT_ERRORS,
  type Attempt,
  type AttemptError,
  type AttemptTiming,
  DELIVERY_KINDS,
  DELIVERY_TRIGGERS,
  type DeliveryRecord,
  parseDeliveryStatus,
} from '../domain/delivery.ts';
import { parseDeliveryControl } from '../domain/delivery-control.ts';
import { parseDeliveryId, parseEventId, parseRecoveryId } from '../domain/ids.ts';
import type { Traceparent } from '../domain/traceparent.ts';
import { TTL_ATTRIBUTE } from './iam-attributes.ts';
import { type Item, isMap, numberOf, present, textOf } from './items.ts';
import { parseDeliveryKey } from './keys.ts';
import { expiryOf } from './retention.ts';

/** The fields that every write of a delivery's record contains. */
export type DeliveryHeader = Pick<
  DeliveryRecord,
  | 'accountId'
  | 'webhookId'
  | 'deliveryId'
  | 'eventId'
  | 'eventType'
  | 'kind'
  | 'trigger'
  | 'resendOf'
  | 'startedAt'
> & {
  /** Milliseconds since 1970 at which the event was accepted. */
  readonly acceptedAt: number;
  /** Used for log lines only: it is stored with the event, not with the record. */
  readonly traceparent?: Traceparent;
};

const ATTEMPT_ATTRIBUTE = /^attempt_([1-9][0-9]{0,3})$/;

/** Each attempt is a separate top-level attribute, so that a condition can test whether it exists. */
export function attemptAttribute(number: number): string {
  return `attempt_${number}`;
}

export function isAttemptAttribute(name: string): boolean {
  return ATTEMPT_ATTRIBUTE.test(name);
}

/** The attributes of the header, without account, webhook and delivery id: the key contains these. */
export function headerAttributes(header: DeliveryHeader, retentionDays: number): Item {
  return {
    event_id: header.eventId,
    event_type: header.eventType,
    // Left out when they have their default value, as in the delivery of an event.
    kind: header.kind === 'event' ? undefined : header.kind,
    trigger: header.trigger === header.kind ? undefined : header.trigger,
    started_at: header.startedAt,
    resend_of: header.resendOf,
    [TTL_ATTRIBUTE]: expiryOf(header.startedAt ?? header.acceptedAt, retentionDays),
  };
}

export function attemptMap(attempt: Attempt): Item {
  return {
    at: attempt.at,
    duration_ms: attempt.durationMs,
    timestamp: attempt.timestamp,
    status: attempt.status,
    error: attempt.error,
    reason: attempt.reason,
    location: attempt.location,
    excerpt: attempt.excerpt,
    excerpt_cut: attempt.excerptCut,
    response_headers: attempt.responseHeaders,
    timing: attempt.timing && {
      dns_ms: attempt.timing.dnsMs,
      connect_ms: attempt.timing.connectMs,
      tls_ms: attempt.timing.tlsMs,
      first_byte_ms: attempt.timing.firstByteMs,
    },
    control: attempt.control,
    reconnected: attempt.reconnected,
    token: attempt.token,
    taken_at: attempt.takenAt,
  };
}

/** Returns undefined for an incomplete item. An attempt that cannot be parsed counts as not recorded. */
export function parseDeliveryItem(item: Item): DeliveryRecord | undefined {
  const key = parseDeliveryKey(item);
  const eventId = parseEventId(item.event_id);
  const eventType = textOf(item.event_type);
  const kind = DELIVERY_KINDS.find((known) => known === item.kind) ?? 'event';
  const status = parseDeliveryStatus(item.status);
  if (key === undefined || eventId === undefined || eventType === undefined || status === undefined) {
    return undefined;
  }
  return {
    ...key,
    eventId,
    eventType,
    status,
    kind,
    trigger: DELIVERY_TRIGGERS.find((known) => known === item.trigger) ?? kind,
    attempts: Object.entries(item)
      .flatMap(([attribute, value]) => parseAttempt(attribute, value) ?? [])
      .sort((one, other) => one.number - other.number),
    ...present({
      reason: textOf(item.reason),
      startedAt: numberOf(item.started_at),
      nextAttemptAt: numberOf(item.next_attempt_at),
      resendOf: parseDeliveryId(item.resend_of),
      resentAs: parseDeliveryId(item.resent_as),
      resentBy: parseRecoveryId(item.resent_by),
      claimedAt: isMap(item.claim) ? numberOf(item.claim.at) : undefined,
    }),
  };
}

function parseAttempt(attribute: string, value: unknown): Attempt | undefined {
  const number = ATTEMPT_ATTRIBUTE.exec(attribute)?.[1];
  if (number === undefined || !isMap(value)) return undefined;
  const at = numberOf(value.at);
  const durationMs = numberOf(value.duration_ms);
  if (at === undefined || durationMs === undefined) return undefined;
  return {
    number: Number(number),
    at,
    durationMs,
    ...present({
      timestamp: numberOf(value.timestamp),
      status: numberOf(value.status),
      error: parseError(value.error),
      reason: textOf(value.reason),
      location: textOf(value.location),
      excerpt: textOf(value.excerpt),
      excerptCut: value.excerpt_cut === true ? true : undefined,
      responseHeaders: parseHeaders(value.response_headers),
      timing: parseTiming(value.timing),
      control: parseDeliveryControl(value.control),
      reconnected: value.reconnected === true ? true : undefined,
      token: textOf(value.token),
      takenAt: numberOf(value.taken_at),
    }),
  };
}

function parseHeaders(value: unknown): Record<string, string> | undefined {
  if (!isMap(value)) return undefined;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, text]) => (typeof text === 'string' ? [[name, text]] : [])),
  );
}

function parseTiming(value: unknown): AttemptTiming | undefined {
  if (!isMap(value)) return undefined;
  return present({
    dnsMs: numberOf(value.dns_ms),
    connectMs: numberOf(value.connect_ms),
    tlsMs: numberOf(value.tls_ms),
    firstByteMs: numberOf(value.first_byte_ms),
  });
}

function parseError(value: unknown): AttemptError | undefined {
  return ATTEMPT_ERRORS.find((known) => known === value);
}
