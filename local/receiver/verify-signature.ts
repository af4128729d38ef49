import { createHmac, timingSafeEqual } from 'node:crypto';

/** A request with an older timestamp may be a replay of a recorded request. */
const TOLERANCE_SECONDS = 300;

export interface SignedRequest {
  readonly secret: string;
  /** The header `X-Webhook-Timestamp`. */
  readonly timestamp: string;
  /** The header `X-Webhook-Signature`. */
  readonly signature: string;
  /** The received bytes. JSON that was parsed and serialized again may differ. */
  readonly body: Buffer;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** Whether a request is signed with the secret, unchanged and recent. An endpoint must check this first. */
export function verifySignature({ secret, timestamp, signature, body, now }: SignedRequest): boolean {
  const ageSeconds = Math.abs(now / 1000 - Number(timestamp));
  if (!(ageSeconds <= TOLERANCE_SECONDS)) return false;
  const expected = `sha256=${createHmac('sha256', secret).update(`${timestamp}.`).update(body).digest('hex')}`;
  return (
    expected.length === signature.length && timingSafeEqual(Buffer.from(expected), Buffer.from(signature))
  );
}
