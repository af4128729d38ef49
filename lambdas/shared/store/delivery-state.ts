import {
  type AttributeValue,
  BatchGetItemCommand,
  type BatchGetItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import type { DeliveryRecord } from '../domain/delivery.ts';
import type { AccountId, DeliveryId, WebhookId } from '../domain/ids.ts';
import type { Webhook } from '../domain/webhook.ts';
import { inChunks } from '../runtime/chunks.ts';
import { sleep } from '../runtime/clock.ts';
import type { DynamoDB } from './client.ts';
import { parseDeliveryItem } from './delivery-item.ts';
import { decodeItem, encodeItem, type Item } from './items.ts';
import { deliveryKey, type Key, webhookKey } from './keys.ts';
import { parseWebhookItem } from './webhook-item.ts';

/** DynamoDB quota: items of one BatchGetItem. */
const MAX_BATCH_KEYS = 100;
/** Waits before keys that DynamoDB left unprocessed are asked for again. */
const RETRY_WAITS_MS = [25, 100];

export interface DeliveryName {
  readonly accountId: AccountId;
  readonly webhookId: WebhookId;
  readonly deliveryId: DeliveryId;
}

export interface DeliveryState {
  /** `unreadable` when its item does not parse. */
  readonly webhook: Webhook | 'unreadable' | undefined;
  /** One that does not parse counts as not written: the delivery goes on. */
  readonly record: DeliveryRecord | undefined;
}

interface StateTables {
  readonly dynamodb: DynamoDB;
  readonly webhooksTable: string;
  readonly deliveriesTable: string;
}

interface TableKey {
  readonly table: string;
  readonly key: Key;
}

type KeysByTable = NonNullable<BatchGetItemCommandInput['RequestItems']>;

/**
 * Deliveries and their webhooks as they are now, strongly consistent, in one call for each 100 keys. It
 * answers for all that was asked or throws.
 */
export async function readDeliveryStates(
  tables: StateTables,
  wanted: readonly DeliveryName[],
): Promise<Map<DeliveryId, DeliveryState>> {
  const { webhooksTable, deliveriesTable } = tables;
  const keys = new Map<string, TableKey>();
  const ask = (table: string, key: Key): string => {
    const name = nameOf(table, key);
    keys.set(name, { table, key });
    return name;
  };
  const asked = wanted.map(({ accountId, webhookId, deliveryId }) => ({
    deliveryId,
    webhook: ask(webhooksTable, webhookKey(accountId, webhookId)),
    record: ask(deliveriesTable, deliveryKey(accountId, webhookId, deliveryId)),
  }));

  const chunks = inChunks([...keys.values()], MAX_BATCH_KEYS);
  const items = new Map((await Promise.all(chunks.map((chunk) => readAll(tables.dynamodb, chunk)))).flat());
  return new Map(
    asked.map(({ deliveryId, webhook, record }) => {
      const webhookItem = items.get(webhook);
      const recordItem = items.get(record);
      return [
        deliveryId,
        {
          webhook: webhookItem && (parseWebhookItem(webhookItem) ?? 'unreadable'),
          record: recordItem && parseDeliveryItem(recordItem),
        },
      ];
    }),
  );
}

async function readAll(dynamodb: DynamoDB, chunk: readonly TableKey[]): Promise<[string, Item][]> {
  const items: [string, Item][] = [];
  let open = requestOf(chunk);
  for (const waitMs of [0, ...RETRY_WAITS_MS]) {
    if (waitMs > 0) await sleep(waitMs);
    const answer = await dynamodb.send(new BatchGetItemCommand({ RequestItems: open }));
    for (const [table, found] of Object.entries(answer.Responses ?? {})) {
      items.push(...found.map((item): [string, Item] => [nameOfItem(table, item), decodeItem(item)]));
    }
    const left = Object.entries(answer.UnprocessedKeys ?? {});
    if (left.length === 0) return items;
    open = Object.fromEntries(left.map(([table, keys]) => [table, { ...keys, ConsistentRead: true }]));
  }
  throw new Error(`DynamoDB left keys of ${Object.keys(open).join(' and ')} unprocessed, call after call`);
}

function requestOf(chunk: readonly TableKey[]): KeysByTable {
  const byTable = Object.entries(Object.groupBy(chunk, ({ table }) => table));
  return Object.fromEntries(
    byTable.map(([table, keys = []]) => [
      table,
      { ConsistentRead: true, Keys: keys.map(({ key }) => encodeItem({ ...key })) },
    ]),
  );
}

function nameOfItem(table: string, item: Record<string, AttributeValue>): string {
  return nameOf(table, { pk: item.pk?.S ?? '', sk: item.sk?.S ?? '' });
}

function nameOf(table: string, { pk, sk }: Key): string {
  return `${table} ${pk} ${sk}`;
}
