import { createHash, randomBytes } from 'node:crypto';
import { GetItemCommand, PutItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { type AccountId, parseAccountId } from '../domain/ids.ts';
import { type Table, writeIf } from './client.ts';
import {
  absent,
  allOf,
  beginsWith,
  conditionExpressions,
  equals,
  exists,
  readExpressions,
  updateExpressions,
} from './expressions.ts';
import { PARTITION_KEY } from './iam-attributes.ts';
import { decodeItem, encodeItem, type Item, present, textOf } from './items.ts';
import { API_KEY_PARTITIONS, apiKeyKey, parseApiKeyKey } from './keys.ts';
import { scanPages } from './pages.ts';

/** 24 random bytes are 32 characters of base64url: 192 bits. */
const KEY_BYTES = 24;
const KEY = /^whk_[A-Za-z0-9_-]{32}$/;
/** An id contains this many characters of the hash: enough to distinguish keys, too few to look one up. */
const ID_HASH_CHARACTERS = 16;
const ID = new RegExp(`^key_[0-9a-f]{${ID_HASH_CHARACTERS}}$`);

/** The stored data of an API key. The key itself is not stored, only its SHA-256. */
export interface ApiKey {
  readonly id: string;
  readonly accountId: AccountId;
  readonly name: string;
  /** ISO 8601. */
  readonly createdAt: string;
  /** ISO 8601. Absent while the key is valid. */
  readonly revokedAt?: string;
  /** ISO 8601: the key is refused from then on. Absent for a key that does not expire. */
  readonly validUntil?: string;
  /** Whether an operator's command made the key for itself. */
  readonly ofCommand?: boolean;
}

export interface FoundKey extends ApiKey {
  readonly revoked: boolean;
  /** SHA-256 of the key, in lower-case hex. */
  readonly hash: string;
}

export interface ApiKeyStore {
  /** Only this result contains the key: it is not stored. `now` is in milliseconds since 1970. */
  create(
    accountId: AccountId,
    name: string,
    now: number,
    options?: {
      /** Milliseconds since 1970. Default: the key does not expire. */
      readonly validUntil?: number;
      readonly ofCommand?: boolean;
    },
  ): Promise<ApiKey & { readonly key: string }>;
  /** Strongly consistent, so that a revoked key is refused at once. Accepts any text. An expired key is revoked, too. */
  find(key: string, now: number): Promise<FoundKey | undefined>;
  /** As `find`, by the hash that `find` returned. */
  findByHash(hash: string, now: number): Promise<FoundKey | undefined>;
  /** Oldest first. Reads the whole table: for operators. */
  list(accountId?: AccountId): Promise<ApiKey[]>;
  /** The key of this text, or of this id. An id that no scan has found before needs a scan of the whole table: for operators. */
  get(idOrKey: string): Promise<ApiKey | undefined>;
  /** Removes the label. Accepts what `get` accepts. */
  removeName(idOrKey: string): Promise<void>;
  /** Accepts what `get` accepts. */
  revoke(idOrKey: string, now: number): Promise<'revoked' | 'already_revoked' | 'not_found'>;
}

const isNew = absent(PARTITION_KEY);
const isThere = exists(PARTITION_KEY);
const isNotRevoked = absent('revoked_at');

/** `onScanned`: receives how many items a scan has read so far, after each page. */
export function createApiKeyStore(
  { dynamodb, tableName }: Table,
  onScanned: (items: number) => void = () => undefined,
): ApiKeyStore {
  const find = async (hash: string): Promise<ApiKey | undefined> => {
    const { Item } = await dynamodb.send(
      new GetItemCommand({
        TableName: tableName,
        Key: encodeItem({ ...apiKeyKey(hash) }),
        ConsistentRead: true,
      }),
    );
    return Item && parseApiKey(decodeItem(Item));
  };

  const findByHash = async (hash: string, now: number): Promise<FoundKey | undefined> => {
    const found = await find(hash);
    return found && { ...found, hash, revoked: found.revokedAt !== undefined || isExpired(found, now) };
  };

  /** By id, of the keys that a scan has found: a scan for each listed key would read the whole table each time. */
  const scannedHashes = new Map<string, string>();

  const scan = async (hashPrefix: string, accountId?: AccountId): Promise<Item[]> => {
    const isApiKey = beginsWith(PARTITION_KEY, `${API_KEY_PARTITIONS}${hashPrefix}`);
    const filter = accountId === undefined ? isApiKey : allOf(isApiKey, equals('account_id', accountId));
    const items: Item[] = [];
    let scanned = 0;
    for await (const { Items = [], ScannedCount = Items.length } of scanPages(dynamodb, {
      TableName: tableName,
      ConsistentRead: true,
      ...readExpressions({ filter }),
    })) {
      for (const item of Items.map(decodeItem)) {
        items.push(item);
        const hash = parseApiKeyKey(item);
        if (hash !== undefined) scannedHashes.set(idOf(hash), hash);
      }
      scanned += ScannedCount;
      onScanned(scanned);
    }
    return items;
  };

  const hashOf = async (idOrKey: string): Promise<string | undefined> => {
    if (KEY.test(idOrKey)) return sha256(idOrKey);
    if (!ID.test(idOrKey)) return undefined;
    if (!scannedHashes.has(idOrKey)) await scan(idOrKey.slice('key_'.length));
    return scannedHashes.get(idOrKey);
  };

  return {
    async create(accountId, name, now, { validUntil: validUntilMs, ofCommand } = {}) {
      const key = `whk_${randomBytes(KEY_BYTES).toString('base64url')}`;
      const hash = sha256(key);
      const createdAt = new Date(now).toISOString();
      const validUntil = validUntilMs === undefined ? undefined : new Date(validUntilMs).toISOString();
      await dynamodb.send(
        new PutItemCommand({
          TableName: tableName,
          Item: encodeItem({
            ...apiKeyKey(hash),
            account_id: accountId,
            name,
            created_at: createdAt,
            ...present({ valid_until: validUntil, of_command: ofCommand }),
          }),
          ...conditionExpressions(isNew),
        }),
      );
      return { key, id: idOf(hash), accountId, name, createdAt, ...present({ validUntil, ofCommand }) };
    },
    async find(key, now) {
      return KEY.test(key) ? findByHash(sha256(key), now) : undefined;
    },
    findByHash,
    async list(accountId) {
      const keys = (await scan('', accountId)).flatMap((item) => parseApiKey(item) ?? []);
      return keys.sort((one, other) => (one.createdAt < other.createdAt ? -1 : 1));
    },
    async get(idOrKey) {
      const hash = await hashOf(idOrKey);
      return hash === undefined ? undefined : find(hash);
    },
    async removeName(idOrKey) {
      const hash = await hashOf(idOrKey);
      if (hash === undefined) return;
      const update = new UpdateItemCommand({
        TableName: tableName,
        Key: encodeItem({ ...apiKeyKey(hash) }),
        ...updateExpressions({ set: { name: '' }, when: isThere }),
      });
      await writeIf(dynamodb, update);
    },
    async revoke(idOrKey, now) {
      const hash = await hashOf(idOrKey);
      if (hash === undefined) return 'not_found';
      const revocation = new UpdateItemCommand({
        TableName: tableName,
        Key: encodeItem({ ...apiKeyKey(hash) }),
        ...updateExpressions({
          set: { revoked_at: new Date(now).toISOString() },
          when: allOf(isThere, isNotRevoked),
        }),
      });
      const revoked = await writeIf(dynamodb, revocation);
      if (revoked) return 'revoked';
      return (await find(hash)) === undefined ? 'not_found' : 'already_revoked';
    },
  };
}

function parseApiKey(item: Item): ApiKey | undefined {
  const hash = parseApiKeyKey(item);
  const accountId = parseAccountId(item.account_id);
  const name = textOf(item.name);
  const createdAt = textOf(item.created_at);
  if (hash === undefined || accountId === undefined || name === undefined || createdAt === undefined) {
    return undefined;
  }
  const others = {
    revokedAt: textOf(item.revoked_at),
    validUntil: textOf(item.valid_until),
    ofCommand: item.of_command === true ? true : undefined,
  };
  return { id: idOf(hash), accountId, name, createdAt, ...present(others) };
}

/** A time that cannot be read counts as past. */
function isExpired({ validUntil }: ApiKey, now: number): boolean {
  return validUntil !== undefined && !(now < Date.parse(validUntil));
}

function idOf(hash: string): string {
  return `key_${hash.slice(0, ID_HASH_CHARACTERS)}`;
}

function sha256(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}
