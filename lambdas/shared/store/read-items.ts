import {
  type AttributeValue,
  BatchGetItemCommand,
  type BatchGetItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import { inChunks } from '../runtime/chunks.ts';
import type { Timer } from '../runtime/clock.ts';
import { allEnded } from '../runtime/parallel.ts';
import type { DynamoDB } from './client.ts';
import { decodeItem, encodeItem, type Item } from './items.ts';
import type { Key } from './keys.ts';

/** DynamoDB quota: items of one BatchGetItem. */
export const MAX_BATCH_KEYS = 100;
/** Waits before keys that DynamoDB left unprocessed are requested again. */
const RETRY_WAITS_MS = [25, 100];

export interface TableKey {
  readonly table: string;
  readonly key: Key;
}

export interface TableItem {
  readonly table: string;
  readonly item: Item;
}

type KeysByTable = NonNullable<BatchGetItemCommandInput['RequestItems']>;

/**
 * Reads items of one or several tables, strongly consistent, in one call for each `chunkSize` keys. Keys must not
 * repeat. Items that do not exist are left out. Throws when a key remains unprocessed in three calls.
 */
export async function readItems(
  dynamodb: DynamoDB,
  clock: Timer,
  keys: readonly TableKey[],
  chunkSize = MAX_BATCH_KEYS,
): Promise<TableItem[]> {
  const chunks = inChunks(keys, chunkSize);
  return (await allEnded(chunks.map((chunk) => readChunk(dynamodb, clock, chunk)))).flat();
}

async function readChunk(dynamodb: DynamoDB, clock: Timer, chunk: readonly TableKey[]): Promise<TableItem[]> {
  const items: TableItem[] = [];
  let pending = requestOf(chunk);
  for (const waitMs of [0, ...RETRY_WAITS_MS]) {
    if (waitMs > 0) await clock.sleep(waitMs);
    const answer = await dynamodb.send(new BatchGetItemCommand({ RequestItems: pending }));
    for (const [table, found] of Object.entries(answer.Responses ?? {})) {
      items.push(...found.map((item): TableItem => ({ table, item: decodeItem(item) })));
    }
    const unprocessed = Object.entries(answer.UnprocessedKeys ?? {});
    if (unprocessed.length === 0) return items;
    pending = Object.fromEntries(
      unprocessed.map(([table, keys]) => [table, { ...keys, ConsistentRead: true }]),
    );
  }
  throw new Error(
    `DynamoDB left keys of ${Object.keys(pending).join(' and ')} unprocessed in ${RETRY_WAITS_MS.length + 1} calls`,
  );
}

function requestOf(chunk: readonly TableKey[]): KeysByTable {
  const byTable = Object.entries(Object.groupBy(chunk, ({ table }) => table));
  return Object.fromEntries(
    byTable.map(([table, keys = []]) => [
      table,
      {
        ConsistentRead: true,
        Keys: keys.map(({ key }): Record<string, AttributeValue> => encodeItem({ ...key })),
      },
    ]),
  );
}
