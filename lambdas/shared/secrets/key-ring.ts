import { createSecretKey, type KeyObject } from 'node:crypto';
import { GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { DecryptCommand, GenerateDataKeyCommand, type KMSClient } from '@aws-sdk/client-kms';
import type { SealedSecret } from '../domain/webhook.ts';
import { type Table, unlessRefused } from '../store/client.ts';
import { absent, conditionExpressions } from '../store/expressions.ts';
import { PARTITION_KEY } from '../store/iam-attributes.ts';
import { decodeItem, encodeItem } from '../store/items.ts';
import { dataKeyKey } from '../store/keys.ts';
import type { OpenedSecret } from './live-secrets.ts';
import { openWith, type SecretOwner, sealWith } from './seal.ts';

export type Kms = Pick<KMSClient, 'send'>;

/** The data key that seals new secrets. */
const CURRENT_DATA_KEY = 1;

export interface Keyring {
  /** Creates the data key if none exists. Throws when KMS or DynamoDB cannot be reached. */
  seal(secret: string, owner: SecretOwner, createdAt: string): Promise<SealedSecret>;
  /**
   * Not `ok`: this secret can never be opened. Throws when KMS or DynamoDB cannot be reached; the next call tries
   * again.
   */
  open(sealed: SealedSecret, owner: SecretOwner): Promise<OpenedSecret>;
}

const isNew = absent(PARTITION_KEY);

/**
 * Encrypts and decrypts the secrets of webhooks with a data key that KMS encrypted. This object decrypts each data key
 * only once, so that a warm function does not call KMS.
 */
export function createKeyring(
  deps: Table & {
    readonly kms: Kms;
    /** Needed to create the first data key. Without it, this keyring only uses existing keys. */
    readonly kmsKeyId?: string;
  },
): Keyring {
  const { dynamodb, kms, tableName, kmsKeyId } = deps;
  const loaded = new Map<string, Promise<KeyObject | undefined>>();

  /** Loads a key once: concurrent uses share the call. A failure is not kept. */
  const once = (name: string, load: () => Promise<KeyObject | undefined>): Promise<KeyObject | undefined> => {
    const known = loaded.get(name);
    if (known !== undefined) return known;
    const loading = load();
    loaded.set(name, loading);
    const forget = (): boolean => loaded.delete(name);
    loading.then((key) => key ?? forget(), forget);
    return loading;
  };

  /** Undefined when there is no such data key. */
  const read = async (number: number): Promise<KeyObject | undefined> => {
    const { Item } = await dynamodb.send(
      new GetItemCommand({
        TableName: tableName,
        Key: encodeItem({ ...dataKeyKey(number) }),
        ConsistentRead: true,
      }),
    );
    if (Item === undefined) return undefined;
    const { wrapped } = decodeItem(Item);
    if (!(wrapped instanceof Uint8Array))
      throw new Error(`the item of data key ${number} contains no wrapped key`);
    const { Plaintext } = await kms.send(
      new DecryptCommand({
        CiphertextBlob: wrapped,
        EncryptionContext: encryptionContext(number),
        ...(kmsKeyId === undefined ? {} : { KeyId: kmsKeyId }),
      }),
    );
    return keyOf(Plaintext);
  };

  const create = async (number: number, createdAt: string): Promise<KeyObject | undefined> => {
    if (kmsKeyId === undefined) {
      throw new Error('there is no data key yet, and this keyring cannot create one: give it a KMS key id');
    }
    const { Plaintext, CiphertextBlob } = await kms.send(
      new GenerateDataKeyCommand({
        KeyId: kmsKeyId,
        KeySpec: 'AES_256',
        EncryptionContext: encryptionContext(number),
      }),
    );
    const put = new PutItemCommand({
      TableName: tableName,
      Item: encodeItem({ ...dataKeyKey(number), wrapped: CiphertextBlob, created_at: createdAt }),
      ...conditionExpressions(isNew),
    });
    const created = await unlessRefused(
      dynamodb.send(put).then(() => true),
      false,
    );
    // If another environment was first, its key is used.
    return created ? keyOf(Plaintext) : read(number);
  };

  const readOnce = (number: number): Promise<KeyObject | undefined> =>
    once(`read ${number}`, () => read(number));

  return {
    async seal(secret, owner, createdAt) {
      const key =
        (await readOnce(CURRENT_DATA_KEY)) ??
        (await once(`create ${CURRENT_DATA_KEY}`, () => create(CURRENT_DATA_KEY, createdAt)));
      if (key === undefined) throw new Error(`data key ${CURRENT_DATA_KEY} was deleted while it was read`);
      return { dataKey: CURRENT_DATA_KEY, sealed: sealWith(key, secret, owner), createdAt };
    },
    async open({ dataKey: number, sealed }, owner) {
      const key = await readOnce(number);
      if (key === undefined) return { ok: false, reason: `there is no data key ${number}` };
      return openWith(key, sealed, owner);
    },
  };
}

/** KMS binds this to the encrypted key: it can be decrypted only as the data key of this number. */
function encryptionContext(dataKey: number): Record<string, string> {
  return { purpose: 'webhook-fanout-keyring', data_key: String(dataKey) };
}

function keyOf(plaintext: Uint8Array | undefined): KeyObject {
  if (plaintext?.byteLength !== 32) throw new Error('KMS returned no 256-bit data key');
  const key = createSecretKey(plaintext);
  plaintext.fill(0);
  return key;
}
