import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto';

/** A KMS ciphertext contains the ARN of its key, so that Decrypt needs no key id. */
export interface Ciphertext {
  readonly keyArn: string;
  /** Nonce, ciphertext and authentication tag. */
  readonly sealed: Buffer;
}

export type EncryptionContext = Readonly<Record<string, string>>;

const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const LENGTH_BYTES = 2;

/** Base64 of the length of the ARN, the ARN and the sealed bytes. */
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

/** Undefined if the bytes were changed or sealed under another context. */
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

/** Derives a key from a seed, so that a cloud can decrypt the secrets in tables of an earlier cloud. */
export function masterKeyOf(seed: Buffer, keyArn: string): Buffer {
  return createHmac('sha256', seed).update(keyArn).digest();
}

/** Independent of the order of the pairs. */
function contextBytes(context: EncryptionContext): Buffer {
  return Buffer.from(JSON.stringify(Object.entries(context).sort(([a], [b]) => (a < b ? -1 : 1))));
}
