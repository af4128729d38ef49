import { GetItemCommand, PutItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import type { AccountId, SessionId } from '../domain/ids.ts';
import { RIGHTS, type Session } from '../domain/session.ts';
import { type Table, writeIf } from './client.ts';
import {
  absent,
  allOf,
  conditionExpressions,
  equals,
  exists,
  readExpressions,
  updateExpressions,
} from './expressions.ts';
import { PARTITION_KEY, TTL_ATTRIBUTE } from './iam-attributes.ts';
import { decodeItem, encodeItem, type Item, numberOf, present, textOf } from './items.ts';
import { parseSessionKey, sessionKey, sessionPartition } from './keys.ts';
import { queryPages } from './pages.ts';
import { expiryOf } from './retention.ts';

/** A week longer than a session can be valid. Until then, the API states why an old link does not work. */
const SESSION_RETENTION_DAYS = 8;

/** Sessions, in the deliveries table. Every read is strongly consistent: a session that is revoked ends at once. */
export interface SessionStore {
  /** Throws when the id exists. */
  create(session: Session): Promise<void>;
  get(accountId: AccountId, sessionId: SessionId): Promise<Session | undefined>;
  /**
   * Exchanges the code for a token by one conditional write. Resolves to false when the code was used, or the session
   * was revoked, before.
   */
  begin(
    session: Pick<Session, 'accountId' | 'id'> & { readonly codeHash: string },
    token: { readonly tokenHash: string; readonly validUntil: number },
  ): Promise<boolean>;
  /** Ends it, or makes its link useless. `now` is in milliseconds since 1970. */
  revoke(
    accountId: AccountId,
    sessionId: SessionId,
    now: number,
  ): Promise<'revoked' | 'already_revoked' | 'not_found'>;
  /** Oldest first, also those that have ended. */
  list(accountId: AccountId): Promise<Session[]>;
}

const isNew = absent(PARTITION_KEY);
const isThere = exists(PARTITION_KEY);
const hasNotBegun = absent('token_hash');
const isNotRevoked = absent('revoked_at');

export function createSessionStore({ dynamodb, tableName }: Table): SessionStore {
  const keyOf = (accountId: AccountId, sessionId: SessionId) => ({
    TableName: tableName,
    Key: encodeItem({ ...sessionKey(accountId, sessionId) }),
  });
  const get = async (accountId: AccountId, sessionId: SessionId): Promise<Session | undefined> => {
    const { Item } = await dynamodb.send(
      new GetItemCommand({ ...keyOf(accountId, sessionId), ConsistentRead: true }),
    );
    return Item && parseSessionItem(decodeItem(Item));
  };
  return {
    async create(session) {
      await dynamodb.send(
        new PutItemCommand({
          TableName: tableName,
          Item: encodeItem(sessionItem(session)),
          ...conditionExpressions(isNew),
        }),
      );
    },
    get,
    begin({ accountId, id, codeHash }, { tokenHash, validUntil }) {
      const update = new UpdateItemCommand({
        ...keyOf(accountId, id),
        ...updateExpressions({
          set: { token_hash: tokenHash, valid_until: validUntil },
          when: allOf(equals('code_hash', codeHash), hasNotBegun, isNotRevoked),
        }),
      });
      return writeIf(dynamodb, update);
    },
    async revoke(accountId, sessionId, now) {
      const update = new UpdateItemCommand({
        ...keyOf(accountId, sessionId),
        ...updateExpressions({ set: { revoked_at: now }, when: allOf(isThere, isNotRevoked) }),
      });
      if (await writeIf(dynamodb, update)) return 'revoked';
      return (await get(accountId, sessionId)) === undefined ? 'not_found' : 'already_revoked';
    },
    async list(accountId) {
      const sessions: Session[] = [];
      const query = {
        TableName: tableName,
        ConsistentRead: true,
        ...readExpressions({ keys: equals(PARTITION_KEY, sessionPartition(accountId)) }),
      };
      for await (const { Items = [] } of queryPages(dynamodb, query)) {
        sessions.push(...Items.flatMap((item) => parseSessionItem(decodeItem(item)) ?? []));
      }
      return sessions;
    },
  };
}

function sessionItem(session: Session): Item {
  return {
    ...sessionKey(session.accountId, session.id),
    right: session.right,
    actor: session.actor,
    created_at: session.createdAt,
    ttl_seconds: session.ttlSeconds,
    return_url: session.returnUrl,
    code_hash: session.codeHash,
    code_valid_until: session.codeValidUntil,
    token_hash: session.tokenHash,
    valid_until: session.validUntil,
    key_hash: session.keyHash,
    [TTL_ATTRIBUTE]: expiryOf(session.createdAt, SESSION_RETENTION_DAYS),
  };
}

function parseSessionItem(item: Item): Session | undefined {
  const key = parseSessionKey(item);
  const right = RIGHTS.find((known) => known === item.right);
  const actor = textOf(item.actor);
  const createdAt = numberOf(item.created_at);
  const ttlSeconds = numberOf(item.ttl_seconds);
  if (key === undefined || right === undefined || actor === undefined) return undefined;
  if (createdAt === undefined || ttlSeconds === undefined) return undefined;
  return {
    id: key.sessionId,
    accountId: key.accountId,
    right,
    actor,
    createdAt,
    ttlSeconds,
    ...present({
      returnUrl: textOf(item.return_url),
      codeHash: textOf(item.code_hash),
      codeValidUntil: numberOf(item.code_valid_until),
      tokenHash: textOf(item.token_hash),
      validUntil: numberOf(item.valid_until),
      keyHash: textOf(item.key_hash),
      revokedAt: numberOf(item.revoked_at),
    }),
  };
}
