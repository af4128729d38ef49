import { createSecretKey, type KeyObject } from 'node:crypto';
import { GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { DecryptCommand, GenerateDataKeyCommand, type KMSClient } from '@aws-sdk/client-kms';
import type { SealedSecret } from '../domain/webhook.ts';
import { type Table, unlessRefused } from '../store/client.ts';
import { absent, conditionExpressions } from '../store/expressions.ts';
import { PARTITION_KEY } from '../store/iam-attributes.ts';
import { decodeItem, encodeItem } from '../store/items.ts';
import { dataKeyKey } from '../store/keys.ts';
import { type OpenedSecret, openWith, type SecretOwner, sealWith } from './seal.ts';

export type Kms = Pick<KMSClient, 'send'>;

/** The data key that seals new secrets. */
const CURRENT_DATA_KEY = 1;

export interface Keyring {
  /** Makes the data key when nobody has yet. Throws when KMS or DynamoDB cannot be reached. */
  seal(secret: string, owner: SecretOwner, createdAt: string): Promise<SealedSecret>;
  /**
   * Not `ok`: this secret does not open, now or later. Throws when KMS or DynamoDB cannot be reached; the
   * next call tries again.
   */
  open(sealed: SealedSecret, owner: SecretOwner): Promise<OpenedSecret>;
}

const isNew = absent(PARTITION_KEY);

/**
 * Seals and opens the secrets of webhooks with a data key that KMS wrapped. A data key is unwrapped once in
 * the life of this object, so that a warm function needs no KMS.
 */
export function createKeyring(
  deps: Table & {
    readonly kms: Kms;
    /** Needed to make the first data key; without it this keyring only uses what is there. */
    readonly kmsKeyId?: string;
  },
): Keyring {
  const { dynamodb, kms, tableName, kmsKeyId } = deps;
  const loaded = new Map<string, Promise<KeyObject | undefined>>();

  /** Loads once: uses that begin meanwhile share the call, and only a key is remembered. */
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
      throw new Error(`the item of data key ${number} holds no wrapped key`);
    const { Plaintext } = await kms.send(
      new DecryptCommand({
        CiphertextBlob: wrapped,
        EncryptionContext: encryptionContext(number),
        ...(kmsKeyId === undefined ? {} : { KeyId: kmsKeyId }),
      }),
    );
    return keyOf(Plaintext);
  };

  const make = async (number: number, createdAt: string): Promise<KeyObject | undefined> => {
    if (kmsKeyId === undefined) {
      throw new Error('there is no data key yet, and this keyring may not make one: give it a KMS key id');
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
    const made = await unlessRefused(
      dynamodb.send(put).then(() => true),
      false,
    );
    // Somebody else was first: what is sealed from here on is sealed with theirs.
    return made ? keyOf(Plaintext) : read(number);
  };

  const readOnce = (number: number): Promise<KeyObject | undefined> =>
    once(`read ${number}`, () => read(number));

  return {
    async seal(secret, owner, createdAt) {
      const key =
        (await readOnce(CURRENT_DATA_KEY)) ??
        (await once(`make ${CURRENT_DATA_KEY}`, () => make(CURRENT_DATA_KEY, createdAt)));
      if (key === undefined) throw new Error(`data key ${CURRENT_DATA_KEY} vanished while it was read`);
      return { dataKey: CURRENT_DATA_KEY, sealed: sealWith(key, secret, owner), createdAt };
    },
    async open({ dataKey: number, sealed }, owner) {
      const key = await readOnce(number);
      if (key === undefined) return { ok: false, reason: `there is no data key ${number}` };
      return openWith(key, sealed, owner);
    },
  };
}

/** Bound to the wrapped key by KMS: it unwraps as the data key of that number alone. */
function encryptionContext(dataKey: number): Record<string, string> {
  return { purpose: 'webhook-fanout-keyring', data_key: String(dataKey) };
}

function keyOf(plaintext: Uint8Array | undefined): KeyObject {
  if (plaintext?.byteLength !== 32) throw new Error('KMS gave no 256-bit data key');
  const key = createSecretKey(plaintext);
  plaintext.fill(0);
  return key;
}
