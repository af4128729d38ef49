import { randomBytes } from 'node:crypto';
import { VERIFICATION_TYPE } from '../../shared/domain/catalogue.ts';
import type { DeliveryMessage } from '../../shared/domain/delivery.ts';
import { newEventId } from '../../shared/domain/ids.ts';
import type { Verification, Webhook } from '../../shared/domain/webhook.ts';
import { makeFirstDelivery } from './first-delivery.ts';

/** 192 bits: only a receiver of the challenge can answer with it. */
const CHALLENGE_BYTES = 24;

/** `now` is ms since 1970. */
export function newVerification(url: string, now: number): Verification {
  return { id: newEventId(), url, startedAt: new Date(now).toISOString() };
}

/** The delivery with the challenge. The challenge is not stored: only the message contains it. */
export function makeChallenge(input: {
  webhook: Webhook;
  verification: Verification;
  /** Newest first. */
  secrets: readonly string[];
  /** Milliseconds since 1970. */
  now: number;
  retryDelaysSeconds: readonly number[];
}): DeliveryMessage {
  const challenge = randomBytes(CHALLENGE_BYTES).toString('base64url');
  return makeFirstDelivery({
    kind: 'verification',
    webhook: input.webhook,
    url: input.verification.url,
    eventId: input.verification.id,
    eventType: VERIFICATION_TYPE,
    body: JSON.stringify({ type: VERIFICATION_TYPE, data: { challenge } }),
    secrets: input.secrets,
    now: input.now,
    retryDelaysSeconds: input.retryDelaysSeconds,
  });
}
