import {
  type AttributeValue,
  DeleteItemCommand,
  GetItemCommand,
  type ScanCommandInput,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { CUSTOMER_SOURCES } from '../domain/audit.ts';
import type { AccountId, EventId } from '../domain/ids.ts';
import { AUDIT_ACTOR } from './audit-log.ts';
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
  auditPartition,
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
 * - `other`: an answer that is kept for an Idempotency-Key, a recovery, or a link or session of the console
 * - `audit`: an entry of the audit log that names a person or an API key of the account
 */
export type StoredKind = 'event' | 'copy' | 'record' | 'settings' | 'other' | 'audit';

export interface StoredItem {
  readonly kind: StoredKind;
  readonly table: string;
  readonly key: Key;
  /** Paths of what can be removed while the item stays: the endpoint's texts in a record, the actor of an audit entry. */
  readonly removable: readonly string[];
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
  AUDIT: 'audit',
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
 * The stored items of an account except its API keys, and the entries of its audit log that name a person or a key of
 * the account. Settings are first: without them no item is added. Audit entries are last: sessions can write them until
 * they are deleted.
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
  const [source, ...otherSources] = CUSTOMER_SOURCES;
  const isCustomer = anyOf(equals('source', source), ...otherSources.map((other) => equals('source', other)));
  const auditEntries = {
    TableName: tables.deliveriesTable,
    ConsistentRead: true,
    ...readExpressions({
      keys: equals(PARTITION_KEY, auditPartition(accountId)),
      filter: allOf(exists(AUDIT_ACTOR), isCustomer),
    }),
  };
  for await (const page of queryPages(tables.dynamodb, auditEntries)) {
    yield toFoundPage(tables.deliveriesTable, page);
  }
}

/** Deletes an item. */
export async function deleteStored({ dynamodb }: ErasureTables, { table, key }: StoredItem): Promise<void> {
  await dynamodb.send(new DeleteItemCommand({ TableName: table, Key: encodeItem({ ...key }) }));
}

/** Removes the attributes in `removable` from an item, and keeps its other attributes. */
export async function removeTexts(
  { dynamodb }: ErasureTables,
  { table, key, removable }: StoredItem,
): Promise<void> {
  if (removable.length === 0) return;
  const update = new UpdateItemCommand({
    TableName: table,
    Key: encodeItem({ ...key }),
    ...updateExpressions({ remove: removable, when: exists(PARTITION_KEY) }),
  });
  // The result is false when the item has expired meanwhile, which is no failure.
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
  const kind = KINDS[itemTypeOf(key)] ?? 'other';
  return { kind, table, key, removable: kind === 'audit' ? [AUDIT_ACTOR] : responseTextsOf(item) };
}

function responseTextsOf(item: Item): string[] {
  return Object.entries(item).flatMap(([name, attempt]) =>
    isAttemptAttribute(name) && isMap(attempt)
      ? RESPONSE_FIELDS.filter((field) => attempt[field] !== undefined).map((field) => `${name}.${field}`)
      : [],
  );
}
