import { createSecretKey, type KeyObject } from 'node:crypto';
import { GetItemCommand, PutItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { DecryptCommand, GenerateDataKeyCommand, type KMSClient } from '@aws-sdk/client-kms';
import { type Table, writeIf } from '../store/client.ts';
import { absent, conditionExpressions, equals, updateExpressions } from '../store/expressions.ts';
import { PARTITION_KEY } from '../store/iam-attributes.ts';
import { decodeItem, encodeItem, numberOf } from '../store/items.ts';
import { currentDataKeyKey, dataKeyKey } from '../store/keys.ts';

export type Kms = Pick<KMSClient, 'send'>;

/** The current data key until the first rotation, when no item names the current one. */
export const FIRST_DATA_KEY = 1;

/**
 * The data keys, each wrapped by KMS in an item of its own. They are numbered from 1 and never deleted or replaced.
 * One item holds the number of the current one, so there is exactly one. Every method throws when DynamoDB or KMS
 * cannot be reached.
 */
export interface DataKeys {
  /** Number of the data key that seals. */
  current(): Promise<number>;
  /** Undefined when there is no such data key. */
  unwrap(number: number): Promise<KeyObject | undefined>;
  /** Creates a data key. When it exists already, that one is unwrapped. `createdAt` is ISO 8601. */
  create(number: number, createdAt: string): Promise<KeyObject>;
  /**
   * Creates the next data key and makes it the current one. Of several rotations at the same time one succeeds, and the others
   * resolve to `lost`. A rotation that was interrupted is completed by the next one.
   */
  rotate(createdAt: string): Promise<
    | { readonly kind: 'rotated'; readonly from: number; readonly to: number }
    /** There was no data key yet: this is the first. */
    | { readonly kind: 'first' }
    | { readonly kind: 'lost'; readonly current: number }
  >;
}

const isNew = absent(PARTITION_KEY);

export function createDataKeys({
  dynamodb,
  kms,
  tableName,
  kmsKeyId,
}: Table & {
  readonly kms: Kms;
  /** Needed to create data keys. */
  readonly kmsKeyId?: string;
}): DataKeys {
  const read = async (key: { pk: string; sk: string }) => {
    const { Item } = await dynamodb.send(
      new GetItemCommand({ TableName: tableName, Key: encodeItem({ ...key }), ConsistentRead: true }),
    );
    return Item === undefined ? undefined : decodeItem(Item);
  };

  /** Undefined before the first rotation. */
  const readPointer = async (): Promise<number | undefined> => {
    const item = await read(currentDataKeyKey());
    if (item === undefined) return undefined;
    const number = numberOf(item.data_key);
    if (number === undefined) throw new Error('the item of the current data key holds no number');
    return number;
  };

  const dataKeys: DataKeys = {
    current: async () => (await readPointer()) ?? FIRST_DATA_KEY,

    async unwrap(number) {
      const item = await read(dataKeyKey(number));
      if (item === undefined) return undefined;
      const { wrapped } = item;
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
    },

    async create(number, createdAt) {
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
      const created = await writeIf(dynamodb, put);
      // Another environment was first: its key is used.
      const key = created ? keyOf(Plaintext) : await dataKeys.unwrap(number);
      if (key === undefined) throw new Error(`data key ${number} was deleted while it was read`);
      return key;
    },

    async rotate(createdAt) {
      const pointer = await readPointer();
      const from = pointer ?? FIRST_DATA_KEY;
      if (pointer === undefined && (await read(dataKeyKey(from))) === undefined) {
        await dataKeys.create(from, createdAt);
        return { kind: 'first' };
      }
      // Created before its number is published, so that the current data key always exists.
      const to = from + 1;
      await dataKeys.create(to, createdAt);
      const publish = new UpdateItemCommand({
        TableName: tableName,
        Key: encodeItem({ ...currentDataKeyKey() }),
        ...updateExpressions({
          set: { data_key: to, created_at: createdAt },
          when: pointer === undefined ? isNew : equals('data_key', pointer),
        }),
      });
      const published = await writeIf(dynamodb, publish);
      return published ? { kind: 'rotated', from, to } : { kind: 'lost', current: await dataKeys.current() };
    },
  };
  return dataKeys;
}

/** KMS binds the context to the wrapped key: the key can be unwrapped only as the data key of this number. */
function encryptionContext(dataKey: number): Record<string, string> {
  return { purpose: 'webhook-fanout-keyring', data_key: String(dataKey) };
}

function keyOf(plaintext: Uint8Array | undefined): KeyObject {
  if (plaintext?.byteLength !== 32) throw new Error('KMS returned no 256-bit data key');
  const key = createSecretKey(plaintext);
  plaintext.fill(0);
  return key;
}
