import { DecryptCommand, EncryptCommand, GenerateDataKeyCommand } from '@aws-sdk/client-kms';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createKms } from '../../local/kms/service.ts';
import { type Services, startServices } from './endpoint-builder.ts';

const KEY = 'arn:aws:kms:eu-west-1:000000000000:key/secrets';
const EncryptionContext = { purpose: 'keyring', data_key: '1' };

let services: Services;
beforeEach(async () => {
  services = await startServices();
  services.kms.addKey({ arn: KEY, aliases: ['alias/webhooks'] });
});
afterEach(() => services.close());

describe('data keys', () => {
  it.each([KEY, 'secrets', 'alias/webhooks'])(
    'are encrypted under the key named %s, and can be decrypted',
    async (KeyId) => {
      const kms = services.kmsOf();
      const made = await kms.send(
        new GenerateDataKeyCommand({ KeyId, KeySpec: 'AES_256', EncryptionContext }),
      );

      const opened = await kms.send(
        new DecryptCommand({
          CiphertextBlob: made.CiphertextBlob,
          // The order of the pairs does not matter.
          EncryptionContext: { data_key: '1', purpose: 'keyring' },
        }),
      );

      expect(made.Plaintext).toHaveLength(32);
      expect({ key: opened.KeyId, plaintext: opened.Plaintext }).toEqual({
        key: KEY,
        plaintext: made.Plaintext,
      });
    },
  );

  it('differ each time', async () => {
    const make = () => services.kmsOf().send(new GenerateDataKeyCommand({ KeyId: KEY, KeySpec: 'AES_256' }));

    expect((await make()).Plaintext).not.toEqual((await make()).Plaintext);
  });

  it('cannot be decrypted under another context, or after one bit was changed', async () => {
    const kms = services.kmsOf();
    const { CiphertextBlob = new Uint8Array() } = await kms.send(
      new GenerateDataKeyCommand({ KeyId: KEY, KeySpec: 'AES_256', EncryptionContext }),
    );
    const altered = Uint8Array.from(CiphertextBlob);
    altered[altered.length - 20] = (altered.at(-20) ?? 0) ^ 1;

    const elsewhere = kms.send(
      new DecryptCommand({ CiphertextBlob, EncryptionContext: { ...EncryptionContext, data_key: '2' } }),
    );
    await expect(elsewhere).rejects.toMatchObject({ name: 'InvalidCiphertextException' });

    const broken = kms.send(new DecryptCommand({ CiphertextBlob: altered, EncryptionContext }));
    await expect(broken).rejects.toMatchObject({ name: 'InvalidCiphertextException' });
  });
});

describe('a KMS that restarts', () => {
  it('decrypts the ciphertexts of the previous one', async () => {
    const before = createKms({ keys: [{ arn: KEY }] });
    const after = createKms({ keys: [{ arn: KEY }] });
    const context = { principal: 'local', useUnits: () => undefined };

    const { Plaintext, CiphertextBlob } = await before.call(
      'GenerateDataKey',
      { KeyId: KEY, KeySpec: 'AES_256', EncryptionContext },
      context,
    );
    const opened = await after.call('Decrypt', { CiphertextBlob, EncryptionContext }, context);

    expect(opened.Plaintext).toBe(Plaintext);
  });
});

describe('keys', () => {
  it('cause an error if they do not exist', async () => {
    const making = services
      .kmsOf()
      .send(new GenerateDataKeyCommand({ KeyId: 'nowhere', KeySpec: 'AES_256' }));

    await expect(making).rejects.toMatchObject({ name: 'NotFoundException' });
  });

  it('cause an error if the ciphertext has another key', async () => {
    const other = `${KEY}-2`;
    services.kms.addKey({ arn: other });
    const kms = services.kmsOf();
    const { CiphertextBlob } = await kms.send(
      new EncryptCommand({ KeyId: KEY, Plaintext: new TextEncoder().encode('secret') }),
    );

    const opening = kms.send(new DecryptCommand({ CiphertextBlob, KeyId: other }));

    await expect(opening).rejects.toMatchObject({ name: 'IncorrectKeyException' });
  });
});
