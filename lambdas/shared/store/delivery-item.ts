import {
  ATTEMPT_ERRORS,
  type Attempt,
  type AttemptError,
  type DeliveryRecord,
  parseDeliveryStatus,
} from '../domain/delivery.ts';
import { parseDeliveryId, parseEventId } from '../domain/ids.ts';
import { TTL_ATTRIBUTE } from './iam-attributes.ts';
import { type Item, isMap, numberOf, present, textOf } from './items.ts';
import { parseDeliveryKey } from './keys.ts';
import { expiryOf } from './retention.ts';

/** The fields that every write of a delivery's record contains. */
export type DeliveryHeader = Pick<
  DeliveryRecord,
  'accountId' | 'webhookId' | 'deliveryId' | 'eventId' | 'eventType' | 'redriveOf'
> & {
  /** Milliseconds since 1970 at which the event was accepted. */
  readonly acceptedAt: number;
  /** Milliseconds since 1970 at which a repeated delivery began. Absent: it began when the event was accepted. */
  readonly startedAt?: number;
};

const ATTEMPT_ATTRIBUTE = /^attempt_([1-9][0-9]{0,3})$/;

/** Each attempt is a separate top-level attribute, so that a condition can test whether it exists. */
export function attemptAttribute(number: number): string {
  return `attempt_${number}`;
}

/** Without account, webhook and delivery id: the key contains them. */
export function headerAttributes(header: DeliveryHeader): Item {
  return {
    event_id: header.eventId,
    event_type: header.eventType,
    redrive_of: header.redriveOf,
    [TTL_ATTRIBUTE]: expiryOf(header.startedAt ?? header.acceptedAt),
  };
}

export function attemptMap(attempt: Attempt): Item {
  return {
    at: attempt.at,
    duration_ms: attempt.durationMs,
    status: attempt.status,
    error: attempt.error,
    reason: attempt.reason,
    location: attempt.location,
    excerpt: attempt.excerpt,
    excerpt_cut: attempt.excerptCut,
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
  const status = parseDeliveryStatus(item.status);
  if (key === undefined || eventId === undefined || eventType === undefined || status === undefined) {
    return undefined;
  }
  return {
    ...key,
    eventId,
    eventType,
    status,
    attempts: Object.entries(item)
      .flatMap(([attribute, value]) => parseAttempt(attribute, value) ?? [])
      .sort((one, other) => one.number - other.number),
    ...present({
      reason: textOf(item.reason),
      heldAt: numberOf(item.held_at),
      redriveOf: parseDeliveryId(item.redrive_of),
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
      status: numberOf(value.status),
      error: parseError(value.error),
      reason: textOf(value.reason),
      location: textOf(value.location),
      excerpt: textOf(value.excerpt),
      excerptCut: value.excerpt_cut === true ? true : undefined,
      reconnected: value.reconnected === true ? true : undefined,
      token: textOf(value.token),
      takenAt: numberOf(value.taken_at),
    }),
  };
}

function parseError(value: unknown): AttemptError | undefined {
  return ATTEMPT_ERRORS.find((known) => known === value);
}
