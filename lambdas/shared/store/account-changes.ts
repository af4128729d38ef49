import { randomUUID } from 'node:crypto';
import { GetItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import type { AccountId } from '../domain/ids.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Table } from './client.ts';
import { type Update, updateExpressions } from './expressions.ts';
import { CHANGES_IN_PROGRESS, VERSION } from './iam-attributes.ts';
import { decodeItem, encodeItem, type Item, numberOf } from './items.ts';
import { accountVersionKey } from './keys.ts';

/** A change is not written later than this after it was announced. */
const MAX_START_MS = 30_000;

/**
 * An announced change that has not ended after this time has been written or never will be: its environment was killed.
 * Longer than `MAX_START_MS`, the SDK's tries of one call (about 7 s), and the differences between clocks together.
 */
export const CHANGE_LIFETIME_MS = 120_000;

/** The dependencies of the functions that announce changes of an account's webhooks. */
export interface ChangesTable extends Table {
  readonly clock: Clock;
}

/** How often the webhooks and listeners of an account were changed. */
export interface AccountVersion {
  /** Grows with each change, and never has an earlier value again. 0: no change was announced. */
  readonly version: number;
  /** False: a change of this version may still be written. Do not cache a list that is read now. */
  readonly isSettled: boolean;
}

/**
 * Makes a change of one of the account's webhooks or listeners, and resolves to its result. The version is raised
 * before and after the change, so that a list of webhooks that was read under the current version contains every
 * completed change, even when the environment is killed between the writes.
 *
 * Throws without a change when the version cannot be raised before it. A failure afterwards is ignored: the version is
 * then settled after `CHANGE_LIFETIME_MS`.
 */
export type AnnounceChange = <Result>(accountId: AccountId, change: () => Promise<Result>) => Promise<Result>;

export function createAnnounceChange({ dynamodb, tableName, clock }: ChangesTable): AnnounceChange {
  const update = async (accountId: AccountId, change: Update): Promise<Item> => {
    const { Attributes = {} } = await dynamodb.send(
      new UpdateItemCommand({
        TableName: tableName,
        Key: encodeItem({ ...accountVersionKey(accountId) }),
        ReturnValues: 'UPDATED_NEW',
        ...updateExpressions(change),
      }),
    );
    return decodeItem(Attributes);
  };

  return async (accountId, change) => {
    const startedAt = clock.now();
    const own = `${startedAt}-${randomUUID()}`;
    const begun = await update(accountId, { add: { [VERSION]: 1, [CHANGES_IN_PROGRESS]: new Set([own]) } });
    // An environment can be frozen in between, for minutes.
    const lateMs = clock.now() - startedAt;
    if (lateMs > MAX_START_MS) {
      throw new Error(`a webhook was not changed: announcing the change took ${lateMs} ms`);
    }
    // When `change` throws, its write may still take effect: the change stays announced.
    const result = await change();
    const abandoned = changesIn(begun).filter((one) => !isInProgress(one, startedAt));
    await update(accountId, {
      add: { [VERSION]: 1 },
      delete: { [CHANGES_IN_PROGRESS]: new Set([own, ...abandoned]) },
    }).catch(() => undefined);
    return result;
  };
}

/** Reads the version, strongly consistent. `now` is in milliseconds since 1970. */
export async function readAccountVersion(
  { dynamodb, tableName }: Table,
  accountId: AccountId,
  now: number,
): Promise<AccountVersion> {
  const { Item: item = {} } = await dynamodb.send(
    new GetItemCommand({
      TableName: tableName,
      Key: encodeItem({ ...accountVersionKey(accountId) }),
      ConsistentRead: true,
    }),
  );
  const found = decodeItem(item);
  return {
    version: numberOf(found[VERSION]) ?? 0,
    isSettled: !changesIn(found).some((change) => isInProgress(change, now)),
  };
}

/** The ids of changes. Each begins with the time of its announcement. */
function changesIn({ [CHANGES_IN_PROGRESS]: changes }: Item): string[] {
  return changes instanceof Set ? [...changes].map(String) : [];
}

function isInProgress(change: string, now: number): boolean {
  return Number.parseInt(change, 10) > now - CHANGE_LIFETIME_MS;
}
