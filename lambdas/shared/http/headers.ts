import type { HeaderEntries } from '../domain/custom-headers.ts';
import type { DeliveryMessage, Signed } from '../domain/delivery.ts';
import type { Traceparent } from '../domain/traceparent.ts';
import { timestampOf } from '../signing/sign.ts';

/** The version in the User-Agent header. A test compares it with package.json. */
export const VERSION = '0.1.0';

/** The exchange sets them itself. */
const EXCHANGE_HEADERS = ['host', 'content-length', 'connection'];

/**
 * All headers of a delivery, apart from `host`, `content-length` and `connection`. The names are an allow-list: only the
 * webhook's own headers add others. They come last and replace none of the list.
 */
export function deliveryHeaders(
  message: Pick<DeliveryMessage, 'kind' | 'eventId' | 'eventType' | 'deliveryId'>,
  signed: Signed,
  /** The number of this attempt, from 1. */
  attempt: number,
  /** The webhook's own headers, opened. */
  custom: HeaderEntries = [],
  /** Undefined: none is sent. `tracestate` is never sent. */
  traceparent?: Traceparent,
): Record<string, string> {
  const timestamp = String(timestampOf(signed.signedAt));
  const headers: Record<string, string> = {
    'Content-Type': 'application/json',
    'User-Agent': `webhook-fanout/${VERSION}`,
    // Some web application firewalls refuse requests without it.
    Accept: '*/*',
    // Responses are never decompressed: a small compressed body could become very large.
    'Accept-Encoding': 'identity',
    'X-Webhook-Event': message.eventType,
    'X-Webhook-Timestamp': timestamp,
    'X-Webhook-Signature': `sha256=${signed.hex}`,
    'X-Webhook-Delivery': message.deliveryId,
    'X-Webhook-Attempt': String(attempt),
    'webhook-id': message.eventId,
    'webhook-timestamp': timestamp,
    'webhook-signature': signed.standard,
  };
  if (signed.previousHex !== undefined)
    headers['X-Webhook-Signature-Previous'] = `sha256=${signed.previousHex}`;
  if (traceparent !== undefined) headers.traceparent = traceparent;
  if (message.kind === 'test') headers['X-Webhook-Test'] = 'true';
  if (custom.length === 0) return headers;
  const taken = new Set([...Object.keys(headers).map((name) => name.toLowerCase()), ...EXCHANGE_HEADERS]);
  for (const [name, value] of custom) if (!taken.has(name.toLowerCase())) headers[name] = value;
  return headers;
}
