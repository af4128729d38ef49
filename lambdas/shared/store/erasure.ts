import {
  type AttributeValue,
  DeleteItemCommand,
  GetItemCommand,
  type ScanCommandInput,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { AccountId, EventId } from '../domain/ids.ts';
import { type DynamoDB, writeIf } from './client.ts';
import { isAttemptAttribute } from './delivery-item.ts';
import { parseEventItem } from './event-item.ts';
import {
  allOf,
  anyOf,
  beginsWith,
  type Clause,
  equals,
  exists,
  isBetween,
  readExpressions,
  updateExpressions,
} from './expressions.ts';
import { PARTITION_KEY, SORT_KEY } from './iam-attributes.ts';
import { decodeItem, encodeItem, type Item, isMap, numberOf } from './items.ts';
import {
  accountPartition,
  deliverySortKeys,
  eventKey,
  itemTypeOf,
  type Key,
  listenerPartition,
  parseListenerKey,
  parseWebhookKey,
  partitionsOfAccount,
  webhookPartition,
} from './keys.ts';
import { queryPages, scanPages } from './pages.ts';

// For operators: finds and removes the stored items of an event or of an account.

export interface ErasureTables {
  readonly dynamodb: DynamoDB;
  readonly webhooksTable: string;
  readonly deliveriesTable: string;
}

/**
 * - `event`: the body of an event
 * - `copy`: the copy of an event for a listener
 * - `record`: a delivery's record, with or without texts of the endpoint's responses
 * - `settings`: a webhook, a listener or a limit of an account, with URLs, secrets and headers
 * - `other`: an answer that is kept for an Idempotency-Key, or a recovery
 */
export type StoredKind = 'event' | 'copy' | 'record' | 'settings' | 'other';

export interface StoredItem {
  readonly kind: StoredKind;
  readonly table: string;
  readonly key: Key;
  /** Paths of the texts of a record that came from the endpoint. */
  readonly responseTexts: readonly string[];
}

/** The items that a page of a search found. `examined` is the number of items that it read. */
export interface FoundPage {
  readonly items: readonly StoredItem[];
  readonly examined: number;
}

const KINDS: Readonly<Record<string, StoredKind>> = {
  EVENT: 'event',
  LISTENER: 'copy',
  WEBHOOK: 'record',
  ACCOUNT: 'settings',
};

/** The fields of an attempt that the endpoint chose. */
const RESPONSE_FIELDS = ['excerpt', 'excerpt_cut', 'response_headers', 'location'] as const;

/**
 * The stored items of an event. The event's own item is last: a repeated erasure needs it to find the other items. When
 * the event is not stored, the records of all webhooks of the account are searched.
 *
 * `everywhere` reads the whole table, which also finds copies for deleted listeners.
 */
export async function* findOfEvent(
  tables: ErasureTables,
  accountId: AccountId,
  eventId: EventId,
  everywhere: boolean,
): AsyncGenerator<FoundPage> {
  const { dynamodb, deliveriesTable: TableName } = tables;
  const isOfEvent = equals('event_id', eventId);
  const { Item: stored } = await dynamodb.send(
    new GetItemCommand({
      TableName,
      Key: encodeItem({ ...eventKey(accountId, eventId) }),
      ConsistentRead: true,
    }),
  );
  if (everywhere) {
    const { prefixes } = partitionsOfAccount(accountId);
    const [first, ...others] = prefixes.map((prefix) => beginsWith(PARTITION_KEY, prefix));
    if (first === undefined) throw new TypeError('an account has partitions');
    yield* scan(tables, allOf(anyOf(first, ...others), isOfEvent));
  } else {
    const event = stored && parseEventItem(decodeItem(stored));
    const settings = await readAll(tables.dynamodb, {
      TableName: tables.webhooksTable,
      ...readExpressions({ keys: equals(PARTITION_KEY, accountPartition(accountId)) }),
    });
    const webhookIds =
      event?.webhookIds ?? settings.flatMap((item) => parseWebhookKey(item)?.webhookId ?? []);
    const { lowest, highest } = deliverySortKeys(event === undefined ? {} : { since: event.acceptedAt });
    const partitions: [string, Clause][] = [
      ...webhookIds.map((id): [string, Clause] => [
        webhookPartition(accountId, id),
        isBetween(SORT_KEY, lowest, highest),
      ]),
      ...settings.flatMap((item): [string, Clause][] => {
        const listener = parseListenerKey(item);
        const all = isBetween(SORT_KEY, deliverySortKeys({}).lowest, deliverySortKeys({}).highest);
        return listener === undefined ? [] : [[listenerPartition(accountId, listener.listenerId), all]];
      }),
    ];
    for (const [partition, sortKeys] of partitions) {
      const query = {
        TableName,
        ConsistentRead: true,
        ...readExpressions({ keys: allOf(equals(PARTITION_KEY, partition), sortKeys), filter: isOfEvent }),
      };
      for await (const page of queryPages(dynamodb, query)) yield toFoundPage(TableName, page);
    }
  }
  if (stored !== undefined) yield toFoundPage(TableName, { Items: [stored], ScannedCount: 1 });
}

/**
 * The stored items of an account, except its API keys and its audit log. Settings are first: without them no item is
 * added.
 */
export async function* findOfAccount(tables: ErasureTables, accountId: AccountId): AsyncGenerator<FoundPage> {
  const settings = {
    TableName: tables.webhooksTable,
    ConsistentRead: true,
    ...readExpressions({ keys: equals(PARTITION_KEY, accountPartition(accountId)) }),
  };
  for await (const page of queryPages(tables.dynamodb, settings)) {
    yield toFoundPage(tables.webhooksTable, page);
  }
  const { equal, prefixes } = partitionsOfAccount(accountId);
  const [first, ...others] = [
    ...equal.map((partition) => equals(PARTITION_KEY, partition)),
    ...prefixes.map((prefix) => beginsWith(PARTITION_KEY, prefix)),
  ];
  if (first === undefined) throw new TypeError('an account has partitions');
  yield* scan(tables, anyOf(first, ...others));
}

/** Deletes an item. */
export async function deleteStored({ dynamodb }: ErasureTables, { table, key }: StoredItem): Promise<void> {
  await dynamodb.send(new DeleteItemCommand({ TableName: table, Key: encodeItem({ ...key }) }));
}

/** Removes the texts of the endpoint's responses from a record, and keeps its other attributes. */
export async function removeResponseTexts(
  { dynamodb }: ErasureTables,
  { table, key, responseTexts }: StoredItem,
): Promise<void> {
  if (responseTexts.length === 0) return;
  const update = new UpdateItemCommand({
    TableName: table,
    Key: encodeItem({ ...key }),
    ...updateExpressions({ remove: responseTexts, when: exists(PARTITION_KEY) }),
  });
  // The result is false when the record has expired meanwhile, which is no failure.
  await writeIf(dynamodb, update);
}

async function* scan(
  { dynamodb, deliveriesTable }: ErasureTables,
  filter: Clause,
): AsyncGenerator<FoundPage> {
  const input: ScanCommandInput = {
    TableName: deliveriesTable,
    ConsistentRead: true,
    ...readExpressions({ filter }),
  };
  for await (const page of scanPages(dynamodb, input)) yield toFoundPage(deliveriesTable, page);
}

async function readAll(dynamodb: DynamoDB, query: Parameters<typeof queryPages>[1]): Promise<Item[]> {
  const items: Item[] = [];
  for await (const { Items = [] } of queryPages(dynamodb, { ...query, ConsistentRead: true })) {
    items.push(...Items.map(decodeItem));
  }
  return items;
}

function toFoundPage(
  table: string,
  page: { Items?: Record<string, AttributeValue>[] | undefined; ScannedCount?: number | undefined },
): FoundPage {
  const items = (page.Items ?? []).map(decodeItem).map((item) => toStoredItem(table, item));
  return { items, examined: numberOf(page.ScannedCount) ?? items.length };
}

function toStoredItem(table: string, item: Item): StoredItem {
  const key = { pk: String(item[PARTITION_KEY]), sk: String(item[SORT_KEY]) };
  return { kind: KINDS[itemTypeOf(key)] ?? 'other', table, key, responseTexts: responseTextsOf(item) };
}

function responseTextsOf(item: Item): string[] {
  return Object.entries(item).flatMap(([name, attempt]) =>
    isAttemptAttribute(name) && isMap(attempt)
      ? RESPONSE_FIELDS.filter((field) => attempt[field] !== undefined).map((field) => `${name}.${field}`)
      : [],
  );
}
