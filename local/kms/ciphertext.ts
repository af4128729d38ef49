import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto';

/** A KMS ciphertext names the key that made it, so that Decrypt needs no key id. */
export interface Ciphertext {
  readonly keyArn: string;
  /** Nonce, encrypted bytes and tag. */
  readonly sealed: Buffer;
}

export type EncryptionContext = Readonly<Record<string, string>>;

const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const LENGTH_BYTES = 2;

/** Key arn with its length before it, then what was sealed; base64, as on the wire. */
export function encodeCiphertext({ keyArn, sealed }: Ciphertext): string {
  const arn = Buffer.from(keyArn);
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt16BE(arn.length);
  return Buffer.concat([length, arn, sealed]).toString('base64');
}

export function decodeCiphertext(base64: string): Ciphertext | undefined {
  const bytes = Buffer.from(base64, 'base64');
  if (bytes.length < LENGTH_BYTES) return undefined;
  const end = LENGTH_BYTES + bytes.readUInt16BE(0);
  if (bytes.length < end + NONCE_BYTES + TAG_BYTES) return undefined;
  return { keyArn: bytes.subarray(LENGTH_BYTES, end).toString(), sealed: bytes.subarray(end) };
}

export function seal(masterKey: Buffer, plaintext: Buffer, context: EncryptionContext): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', masterKey, nonce).setAAD(contextBytes(context));
  return Buffer.concat([nonce, cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
}

/** Undefined when the bytes were altered or sealed under another context. */
export function open(masterKey: Buffer, sealed: Buffer, context: EncryptionContext): Buffer | undefined {
  const nonce = sealed.subarray(0, NONCE_BYTES);
  const tag = sealed.subarray(-TAG_BYTES);
  const decipher = createDecipheriv('aes-256-gcm', masterKey, nonce)
    .setAAD(contextBytes(context))
    .setAuthTag(tag);
  try {
    return Buffer.concat([decipher.update(sealed.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]);
  } catch {
    return undefined;
  }
}

/** The master key of an arn: from a seed, so that a cloud that starts again on kept tables opens its secrets. */
export function masterKeyOf(seed: Buffer, keyArn: string): Buffer {
  return createHmac('sha256', seed).update(keyArn).digest();
}

/** The same for the same pairs in whatever order. */
function contextBytes(context: EncryptionContext): Buffer {
  return Buffer.from(JSON.stringify(Object.entries(context).sort(([a], [b]) => (a < b ? -1 : 1))));
}
