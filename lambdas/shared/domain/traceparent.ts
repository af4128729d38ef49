import { createHash } from 'node:crypto';
import type { DeliveryId } from './ids.ts';

declare const brand: unique symbol;
/**
 * A valid `traceparent` of version 00: `00-<trace id>-<parent id>-<flags>`, in lower-case hex. Only `parseTraceparent` and
 * `traceparentOfAttempt` make one. https://www.w3.org/TR/trace-context/#traceparent-header
 */
export type Traceparent = string & { readonly [brand]: 'Traceparent' };

/** A later version may have more fields after another hyphen; version `ff` is not valid. */
const TRACEPARENT =
  /^(?!ff)([0-9a-f]{2})-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;
/** Longer ones are not valid in any version that exists. */
const MAX_CHARACTERS = 256;
/** `sampled` of Level 1, and `random` of Level 2. The other flags are reserved and must be sent as 0. */
const KNOWN_FLAGS = 0b11;

/** Undefined for any other value than a valid `traceparent`. A later version is read as version 00, as the standard says. */
export function parseTraceparent(value: unknown): Traceparent | undefined {
  if (typeof value !== 'string' || value.length > MAX_CHARACTERS) return undefined;
  const [, version, traceId, parentId, flags = '', more] = TRACEPARENT.exec(value) ?? [];
  if (version === undefined || (version === '00' && more !== undefined)) return undefined;
  const known = Number.parseInt(flags, 16) & KNOWN_FLAGS;
  return `00-${traceId}-${parentId}-${known.toString(16).padStart(2, '0')}` as Traceparent;
}

/** 32 characters of lower-case hex. */
export function traceIdOf(traceparent: Traceparent): string {
  return traceparent.slice(3, 35);
}

/** 16 characters of lower-case hex: a hash, so that every copy of an attempt has the same span. */
export function spanIdOf(deliveryId: DeliveryId, attempt: number): string {
  return createHash('sha256').update(`span\0${deliveryId}\0${attempt}`).digest('hex').slice(0, 16);
}

/** The trace of an event, with the span of one attempt as the parent. */
export function traceparentOfAttempt(
  traceparent: Traceparent,
  deliveryId: DeliveryId,
  attempt: number,
): Traceparent {
  return `00-${traceIdOf(traceparent)}-${spanIdOf(deliveryId, attempt)}-${traceparent.slice(-2)}` as Traceparent;
}
