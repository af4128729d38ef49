import { createHmac } from 'node:crypto';
import type { Item } from '../history.ts';
import type { Evidence } from './evidence.ts';
import type { Post } from './post.ts';
import { type SecretState, secretsIn } from './webhook-items.ts';

/** A first attempt is sent with the signature from its message up to this age. */
const MAX_AGE_MS = 3_500;
/** The signature's time is in whole seconds. */
const SECOND_MS = 1_000;

/**
 * A request is signed in both schemes, with exactly the secrets that were valid at its time in one of `states`: the
 * newest first, and no secret that had been removed. `delayMs`: how long a fault may have delayed it.
 */
export function* checkSignature(
  evidence: Evidence,
  post: Post,
  states: readonly (Item | undefined)[],
  delayMs: number,
): Generator<string> {
  const { headers, at } = post;
  const signedAt = Number(headers['X-Webhook-Timestamp']) * 1_000;
  const candidates = states.flatMap((item) =>
    signersBetween(secretsIn(evidence, item), signedAt, signedAt + SECOND_MS + delayMs),
  );
  const expected = candidates.map((secrets) => signaturesOf(post, secrets));
  const previous = headers['X-Webhook-Signature-Previous'];
  if (!expected.some(({ plain }) => plain[0] === headers['X-Webhook-Signature'] && plain[1] === previous))
    yield 'its signature is wrong';
  const hasTime = headers['webhook-timestamp'] === headers['X-Webhook-Timestamp'];
  if (!hasTime || !expected.some(({ standard }) => standard === headers['webhook-signature']))
    yield 'its signature in the standard scheme is wrong';
  const ageMs = at - signedAt;
  if (!(ageMs >= 0 && ageMs <= MAX_AGE_MS + delayMs)) yield `its signature is ${ageMs} ms old`;
}

/**
 * The texts of the valid secrets: at `from`, and after each expiry until `to`. A list is left out when one of its
 * secrets cannot be decrypted.
 */
function signersBetween(secrets: readonly SecretState[], from: number, to: number): string[][] {
  const ends = secrets.map(({ expiresAt }) => expiresAt).filter((time) => time > from && time <= to);
  return [from, ...ends].flatMap((time) => {
    const live = secrets.filter(({ expiresAt }) => expiresAt > time);
    const texts = live.flatMap(({ text }) => text ?? []);
    return texts.length === 0 || texts.length < live.length ? [] : [texts];
  });
}

function signaturesOf({ headers, body, eventId }: Post, secrets: readonly string[]) {
  const text = `${headers['X-Webhook-Timestamp']}.${body}`;
  return {
    /** The signatures with the newest secret and with the one before it. */
    plain: secrets.slice(0, 2).map((secret) => `sha256=${hmac(secret, text, 'hex')}`),
    standard: secrets
      .map((secret) => `v1,${hmac(standardKey(secret), `${eventId}.${text}`, 'base64')}`)
      .join(' '),
  };
}

function hmac(key: string | Buffer, text: string, encoding: 'hex' | 'base64'): string {
  return createHmac('sha256', key).update(text).digest(encoding);
}

/** Standard Webhooks: the key is the decoded base64 text after the prefix. */
function standardKey(secret: string): string | Buffer {
  return secret.startsWith('whsec_') ? Buffer.from(secret.slice('whsec_'.length), 'base64') : secret;
}
