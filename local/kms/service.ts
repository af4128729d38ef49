import { createHash, randomBytes } from 'node:crypto';
import { AwsError, type AwsService, type Json } from '../aws-calls.ts';
import {
  decodeCiphertext,
  type EncryptionContext,
  encodeCiphertext,
  masterKeyOf,
  open,
  seal,
} from './ciphertext.ts';

/**
 * Every local key is derived from this text, so that a cloud can decrypt data in the tables of an earlier cloud. The text
 * is public, so this encryption protects nothing.
 */
const DEFAULT_SEED = createHash('sha256').update('the local cloud of webhook-fanout').digest();
/** KMS quota: the plaintext of one Encrypt call. */
const MAX_PLAINTEXT_BYTES = 4_096;
const AES_256_BYTES = 32;

export interface KmsKey {
  readonly arn: string;
  /** Such as `alias/webhook-fanout`. */
  readonly aliases?: readonly string[];
}

export interface Kms extends AwsService {
  addKey(key: KmsKey): void;
  /** The ARN of a key, by its ARN, id or alias; undefined if there is none. */
  keyArnOf(keyId: string): string | undefined;
}

/** KMS with GenerateDataKey, Encrypt and Decrypt. Keys are derived from a seed and their ARN. */
export function createKms(deps: { keys?: readonly KmsKey[]; seed?: Buffer } = {}): Kms {
  const seed = deps.seed ?? DEFAULT_SEED;
  const keys = new Map<string, KmsKey>();
  for (const key of deps.keys ?? []) keys.set(key.arn, key);

  const keyArnOf = (keyId: string): string | undefined => {
    const found = [...keys.values()].find(
      ({ arn, aliases = [] }) =>
        arn === keyId ||
        arn.endsWith(`:key/${keyId}`) ||
        aliases.some((alias) => alias === keyId || keyId.endsWith(`:${alias}`)),
    );
    return found?.arn;
  };
  const requireKey = (input: Json): string => {
    const keyId = readText(input, 'KeyId');
    const arn = keyArnOf(keyId);
    if (arn === undefined) throw notFound(keyId);
    return arn;
  };
  const encrypt = (keyArn: string, plaintext: Buffer, context: EncryptionContext): string =>
    encodeCiphertext({ keyArn, sealed: seal(masterKeyOf(seed, keyArn), plaintext, context) });

  const actions: Record<string, (input: Json) => Json> = {
    GenerateDataKey(input) {
      const keyArn = requireKey(input);
      const plaintext = randomBytes(dataKeyBytes(input));
      return {
        KeyId: keyArn,
        Plaintext: plaintext.toString('base64'),
        CiphertextBlob: encrypt(keyArn, plaintext, readContext(input)),
      };
    },
    Encrypt(input) {
      const keyArn = requireKey(input);
      const plaintext = Buffer.from(readText(input, 'Plaintext'), 'base64');
      if (plaintext.length > MAX_PLAINTEXT_BYTES) {
        throw invalid(`Plaintext must be at most ${MAX_PLAINTEXT_BYTES} bytes; it has ${plaintext.length}.`);
      }
      return {
        KeyId: keyArn,
        CiphertextBlob: encrypt(keyArn, plaintext, readContext(input)),
        EncryptionAlgorithm: 'SYMMETRIC_DEFAULT',
      };
    },
    Decrypt(input) {
      const ciphertext = decodeCiphertext(readText(input, 'CiphertextBlob'));
      const keyArn = ciphertext === undefined ? undefined : keyArnOf(ciphertext.keyArn);
      if (ciphertext === undefined || keyArn === undefined) throw invalidCiphertext();
      if (input.KeyId !== undefined && requireKey(input) !== keyArn) throw incorrectKey();
      const plaintext = open(masterKeyOf(seed, keyArn), ciphertext.sealed, readContext(input));
      if (plaintext === undefined) throw invalidCiphertext();
      return {
        KeyId: keyArn,
        Plaintext: plaintext.toString('base64'),
        EncryptionAlgorithm: 'SYMMETRIC_DEFAULT',
      };
    },
  };

  return {
    keyArnOf,
    addKey: (key) => keys.set(key.arn, key),
    async call(action, input) {
      const run = Object.hasOwn(actions, action) ? actions[action] : undefined;
      if (run === undefined) {
        throw new AwsError({
          code: 'UnsupportedOperationException',
          message: `The local cloud's KMS does not support ${action}; it supports ${Object.keys(actions).join(', ')}.`,
        });
      }
      return run(input);
    },
  };
}

function dataKeyBytes(input: Json): number {
  const { KeySpec: spec, NumberOfBytes: bytes } = input;
  if (spec === undefined && typeof bytes === 'number' && bytes >= 1 && bytes <= 1_024) return bytes;
  if (bytes === undefined && spec === 'AES_256') return AES_256_BYTES;
  if (bytes === undefined && spec === 'AES_128') return AES_256_BYTES / 2;
  throw invalid('Please specify either number of bytes or key spec.');
}

/** The encryption context of a request. Default: empty. */
export function readContext(input: Json): EncryptionContext {
  const context = input.EncryptionContext ?? {};
  if (typeof context !== 'object' || context === null)
    throw invalid('EncryptionContext must be a map of strings.');
  return Object.fromEntries(Object.entries(context).map(([name, value]) => [name, String(value)]));
}

function readText(input: Json, name: string): string {
  const value = input[name];
  if (typeof value === 'string' && value !== '') return value;
  throw invalid(
    `1 validation error detected: Value at '${name}' failed to satisfy constraint: Member must not be null`,
  );
}

function invalid(message: string): AwsError {
  return new AwsError({ code: 'ValidationException', message });
}

function notFound(keyId: string): AwsError {
  return new AwsError({ code: 'NotFoundException', message: `Key '${keyId}' does not exist` });
}

/** KMS returns the same error for a changed ciphertext, another context and an unknown key. */
function invalidCiphertext(): AwsError {
  return new AwsError({ code: 'InvalidCiphertextException', message: '' });
}

function incorrectKey(): AwsError {
  return new AwsError({
    code: 'IncorrectKeyException',
    message: 'The key ID in the request does not identify a CMK that can perform this operation.',
  });
}
