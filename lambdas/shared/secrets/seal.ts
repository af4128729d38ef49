import { createCipheriv, createDecipheriv, type KeyObject, randomBytes } from 'node:crypto';
import type { AccountId, ListenerId, WebhookId } from '../domain/ids.ts';
import type { OpenedSecret } from './live-secrets.ts';

/** The owner of a secret. It is authenticated with the secret, which cannot be opened for another webhook. */
export interface SecretOwner {
  readonly accountId: AccountId;
  readonly webhookId: WebhookId | ListenerId;
  /**
   * Names of the custom headers whose values are sealed. Absent: a signing secret is sealed. Neither opens as the
   * other, and values do not open under other names.
   */
  readonly headerNames?: readonly string[];
}

const CIPHER = 'aes-256-gcm';
/** NIST SP 800-38D: a random nonce of 96 bits, and the full tag of 128 bits. */
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Encrypts a secret. Returns the base64 of nonce, ciphertext and tag. */
export function sealWith(key: KeyObject, secret: string, owner: SecretOwner): string {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(ownerBytes(owner));
  return Buffer.concat([nonce, cipher.update(secret, 'utf8'), cipher.final(), cipher.getAuthTag()]).toString(
    'base64',
  );
}

/** Decrypts a secret. Never throws: not `ok` when the text was not sealed with this key for this owner. */
export function openWith(key: KeyObject, sealed: string, owner: SecretOwner): OpenedSecret {
  const bytes = Buffer.from(sealed, 'base64');
  if (bytes.length < NONCE_BYTES + TAG_BYTES) {
    return {
      ok: false,
      reason: `the sealed secret has ${bytes.length} bytes, too few for a nonce and a tag`,
    };
  }
  const nonce = bytes.subarray(0, NONCE_BYTES);
  const text = bytes.subarray(NONCE_BYTES, -TAG_BYTES);
  try {
    const decipher = createDecipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES });
    decipher.setAAD(ownerBytes(owner));
    decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
    return { ok: true, secret: Buffer.concat([decipher.update(text), decipher.final()]).toString('utf8') };
  } catch {
    // Node's error says only that the tag is wrong.
    return { ok: false, reason: 'the secret was not sealed for this webhook with this data key' };
  }
}

function ownerBytes({ accountId, webhookId, headerNames }: SecretOwner): Buffer {
  const purpose = headerNames === undefined ? [] : ['custom_headers', ...headerNames];
  return Buffer.from(JSON.stringify([accountId, webhookId, ...purpose]));
}
