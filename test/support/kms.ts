import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { DecryptCommand, GenerateDataKeyCommand, KMSServiceException } from '@aws-sdk/client-kms';
import type { Kms } from '../../lambdas/shared/secrets/key-ring.ts';

export interface TestKms {
  readonly kms: Kms;
  readonly keyId: string;
  /** Names of all commands, in order. */
  readonly calls: string[];
  /** While true, every call fails. */
  down: boolean;
}

/** One KMS key in memory. It decrypts only its own ciphertexts, under the same encryption context. */
export function startKms(): TestKms {
  const keyId = 'arn:aws:kms:us-east-1:000000000000:key/test';
  const masterKey = randomBytes(32);

  const wrap = (plaintext: Uint8Array, context: Record<string, string> | undefined): Uint8Array => {
    const nonce = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', masterKey, nonce, { authTagLength: 16 });
    cipher.setAAD(contextBytes(context));
    return Buffer.concat([nonce, cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
  };

  const unwrap = (blob: Uint8Array, context: Record<string, string> | undefined): Uint8Array => {
    try {
      const decipher = createDecipheriv('aes-256-gcm', masterKey, blob.subarray(0, 12), {
        authTagLength: 16,
      });
      decipher.setAAD(contextBytes(context));
      decipher.setAuthTag(blob.subarray(-16));
      return Buffer.concat([decipher.update(blob.subarray(12, -16)), decipher.final()]);
    } catch {
      throw refusal('InvalidCiphertextException');
    }
  };

  const answer = async (command: unknown): Promise<unknown> => {
    test.calls.push(command instanceof GenerateDataKeyCommand ? 'GenerateDataKey' : 'Decrypt');
    if (test.down) throw refusal('KMSInternalException');
    if (command instanceof GenerateDataKeyCommand) {
      const { KeyId, KeySpec, EncryptionContext } = command.input;
      if (KeyId !== keyId) throw refusal('NotFoundException');
      if (KeySpec !== 'AES_256') throw refusal('ValidationException');
      const plaintext = randomBytes(32);
      return { KeyId, Plaintext: plaintext, CiphertextBlob: wrap(plaintext, EncryptionContext) };
    }
    if (command instanceof DecryptCommand) {
      const { KeyId = keyId, CiphertextBlob, EncryptionContext } = command.input;
      if (KeyId !== keyId) throw refusal('IncorrectKeyException');
      return { KeyId, Plaintext: unwrap(CiphertextBlob ?? new Uint8Array(), EncryptionContext) };
    }
    throw refusal('UnknownOperationException');
  };

  const kms: Kms = { send: (command: unknown) => answer(command) as never };
  const test: TestKms = { kms, keyId, calls: [], down: false };
  return test;
}

function contextBytes(context: Record<string, string> = {}): Buffer {
  return Buffer.from(JSON.stringify(Object.entries(context).sort()));
}

function refusal(name: string): KMSServiceException {
  return new KMSServiceException({ name, $fault: 'client', $metadata: {}, message: name });
}
