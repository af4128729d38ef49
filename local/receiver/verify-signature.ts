import { createHmac, timingSafeEqual } from 'node:crypto';

/** A request with an older timestamp may be a replay: an attacker may have recorded it and sends it again. */
const TOLERANCE_SECONDS = 300;

export interface SignedRequest {
  readonly secret: string;
  /** The header `X-Webhook-Timestamp`. */
  readonly timestamp: string;
  /** The header `X-Webhook-Signature`. */
  readonly signature: string;
  /** The received bytes: JSON that is parsed and printed again can have other bytes. */
  readonly body: Buffer;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** Whether a request was signed with the secret, is unchanged and is recent. Customers' endpoints check this first. */
export function verifySignature({ secret, timestamp, signature, body, now }: SignedRequest): boolean {
  const ageSeconds = Math.abs(now / 1000 - Number(timestamp));
  if (!(ageSeconds <= TOLERANCE_SECONDS)) return false;
  const expected = `sha256=${createHmac('sha256', secret).update(`${timestamp}.`).update(body).digest('hex')}`;
  return (
    expected.length === signature.length && timingSafeEqual(Buffer.from(expected), Buffer.from(signature))
  );
}
