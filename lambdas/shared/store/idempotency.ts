import { createHash, randomBytes } from 'node:crypto';
import { GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { AccountId } from '../domain/ids.ts';
import { type Table, writeIf } from './client.ts';
import { hasExpired, isNewOrExpired } from './expiry.ts';
import { type Clause, conditionExpressions, equals } from './expressions.ts';
import { TTL_ATTRIBUTE } from './iam-attributes.ts';
import { decodeItem, encodeItem, type Item, isMap, numberOf, textOf } from './items.ts';
import { idempotencyKey } from './keys.ts';
import { expiryOf, secondsOf } from './retention.ts';

/** How long the answer to a request with an Idempotency-Key is kept, from the beginning of the first request. */
export const IDEMPOTENCY_DAYS = 1;

/**
 * A request that has neither been answered nor failed after this time has crashed: it is longer than the function may
 * run. A later request with the same key then takes over.
 */
export const IDEMPOTENCY_LOCK_MS = 30_000;

/** A further try is made only when another request changed the item between the calls of this one. */
const MAX_TRIES = 5;

/** An answer without secrets: it is stored as plain text. */
export interface KeptAnswer {
  readonly status: number;
  /** JSON text. Absent: no body. */
  readonly body?: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** A request that holds its key until it ends. */
export interface IdempotentRun {
  readonly accountId: AccountId;
  /** SHA-256 of the key, hex. */
  readonly keyHash: string;
  readonly fingerprint: string;
  /** Identifies this request among all requests with the key. */
  readonly token: string;
  /** The seed of the first request with the key. The ids of new items are derived from `seed` and `startedAt`. */
  readonly seed: string;
  /** ms since 1970. */
  readonly startedAt: number;
}

export type Begun =
  /** `isFirst` is false when an earlier request with the key crashed or failed: it may have created something. */
  | { readonly kind: 'begun'; readonly run: IdempotentRun; readonly isFirst: boolean }
  | { readonly kind: 'answered'; readonly answer: KeptAnswer }
  /** Another request with the key has not ended yet. */
  | { readonly kind: 'running' }
  /** The key was used for a request with another fingerprint. */
  | { readonly kind: 'other_request' };

export interface IdempotencyStore {
  /** Of several requests at the same time with one key, one begins. `now` is ms since 1970. */
  begin(
    request: { readonly accountId: AccountId; readonly key: string; readonly fingerprint: string },
    now: number,
  ): Promise<Begun>;
  /** Keeps the answer for later requests with the key. No effect when another request has taken over. */
  keep(run: IdempotentRun, answer: KeptAnswer): Promise<void>;
  /** Lets the next request with the key begin at once, with the same seed: this one may have created something. */
  release(run: IdempotentRun): Promise<void>;
  /** Forgets the key: the request created nothing. */
  forget(run: IdempotentRun, now: number): Promise<void>;
}

export function newSeed(): string {
  return randomBytes(16).toString('hex');
}

interface IdempotencyItem extends IdempotentRun {
  /** ms since 1970; 0 when no request holds the key. */
  readonly lockedUntil: number;
  /** Seconds since 1970. */
  readonly expiresAt: number;
  readonly answer?: KeptAnswer;
}

/** One item for each key. Every write replaces the whole item, on condition that its token is the expected one. */
export function createIdempotencyStore({ dynamodb, tableName }: Table): IdempotencyStore {
  const put = (item: IdempotencyItem, when: Clause): Promise<boolean> => {
    const command = new PutItemCommand({
      TableName: tableName,
      Item: encodeItem(toItem(item)),
      ...conditionExpressions(when),
    });
    return writeIf(dynamodb, command);
  };
  const read = async (accountId: AccountId, keyHash: string, now: number) => {
    const Key = encodeItem({ ...idempotencyKey(accountId, keyHash) });
    const { Item } = await dynamodb.send(
      new GetItemCommand({ TableName: tableName, Key, ConsistentRead: true }),
    );
    if (Item === undefined) return undefined;
    const item = decodeItem(Item);
    if (hasExpired(item, now)) return undefined;
    const parsed = parseItem(item, accountId, keyHash);
    if (parsed === undefined) throw new Error('the item of an Idempotency-Key is incomplete or invalid');
    return parsed;
  };
  const isHeldBy = ({ token }: IdempotentRun): Clause => equals('token', token);
  const change = async (run: IdempotentRun, changed: Partial<IdempotencyItem>): Promise<void> => {
    const item = { ...run, lockedUntil: 0, expiresAt: expiryOf(run.startedAt, IDEMPOTENCY_DAYS), ...changed };
    await put(item, isHeldBy(run));
  };

  return {
    async begin({ accountId, key, fingerprint }, now) {
      const keyHash = createHash('sha256').update(key).digest('hex');
      const token = newSeed();
      const lockedUntil = now + IDEMPOTENCY_LOCK_MS;
      const fresh: IdempotencyItem = {
        ...{ accountId, keyHash, fingerprint, token, seed: newSeed(), startedAt: now },
        lockedUntil,
        expiresAt: expiryOf(now, IDEMPOTENCY_DAYS),
      };
      const isFree = isNewOrExpired(now);
      for (let tries = 0; tries < MAX_TRIES; tries++) {
        if (await put(fresh, isFree)) return { kind: 'begun', run: fresh, isFirst: true };
        const found = await read(accountId, keyHash, now);
        if (found === undefined) continue;
        // The SDK repeats a write whose response was lost. The first one was made, so the condition does not hold.
        if (found.token === token) return { kind: 'begun', run: found, isFirst: found.seed === fresh.seed };
        if (found.fingerprint !== fingerprint) return { kind: 'other_request' };
        if (found.answer !== undefined) return { kind: 'answered', answer: found.answer };
        if (found.lockedUntil > now) return { kind: 'running' };
        const takenOver = { ...found, token, lockedUntil };
        if (await put(takenOver, isHeldBy(found))) return { kind: 'begun', run: takenOver, isFirst: false };
      }
      return { kind: 'running' };
    },
    keep: (run, answer) => change(run, { answer }),
    release: (run) => change(run, {}),
    forget: (run, now) => change(run, { expiresAt: secondsOf(now) - 1 }),
  };
}

function toItem(item: IdempotencyItem): Item {
  return {
    ...idempotencyKey(item.accountId, item.keyHash),
    fingerprint: item.fingerprint,
    token: item.token,
    seed: item.seed,
    started_at: item.startedAt,
    locked_until: item.lockedUntil,
    answer: item.answer,
    [TTL_ATTRIBUTE]: item.expiresAt,
  };
}

function parseItem(item: Item, accountId: AccountId, keyHash: string): IdempotencyItem | undefined {
  const fingerprint = textOf(item.fingerprint);
  const token = textOf(item.token);
  const seed = textOf(item.seed);
  const startedAt = numberOf(item.started_at);
  const lockedUntil = numberOf(item.locked_until);
  const expiresAt = numberOf(item[TTL_ATTRIBUTE]);
  const answer = parseAnswer(item.answer);
  if (fingerprint === undefined || token === undefined || seed === undefined) return undefined;
  if (startedAt === undefined || lockedUntil === undefined || expiresAt === undefined) return undefined;
  if (item.answer !== undefined && answer === undefined) return undefined;
  return {
    ...{ accountId, keyHash, fingerprint, token, seed, startedAt, lockedUntil, expiresAt },
    ...(answer === undefined ? {} : { answer }),
  };
}

function parseAnswer(value: unknown): KeptAnswer | undefined {
  if (!isMap(value) || !isMap(value.headers)) return undefined;
  const status = numberOf(value.status);
  const body = textOf(value.body);
  if (status === undefined) return undefined;
  const headers = Object.entries(value.headers).map(([name, text]): [string, string] => [name, String(text)]);
  return { status, headers: Object.fromEntries(headers), ...(body === undefined ? {} : { body }) };
}
