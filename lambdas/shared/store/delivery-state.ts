import type { DeliveryRecord } from '../domain/delivery.ts';
import type { AccountId, DeliveryId, WebhookId } from '../domain/ids.ts';
import type { Webhook } from '../domain/webhook.ts';
import type { DynamoDB, Table } from './client.ts';
import { parseDeliveryItem } from './delivery-item.ts';
import { type Item, textOf } from './items.ts';
import { deliveryKey, type Key, webhookKey } from './keys.ts';
import { readItems, type TableKey } from './read-items.ts';
import { parseWebhookItem } from './webhook-item.ts';

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

  const found = await readItems(tables.dynamodb, [...keys.values()]);
  const items = new Map(found.map(({ table, item }) => [nameOfItem(table, item), item]));
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

function nameOfItem(table: string, item: Item): string {
  return nameOf(table, { pk: textOf(item.pk) ?? '', sk: textOf(item.sk) ?? '' });
}

function nameOf(table: string, { pk, sk }: Key): string {
  return `${table} ${pk} ${sk}`;
}

/** The records of deliveries that exist, strongly consistent. */
export async function readRecords(
  { dynamodb, tableName }: Table,
  names: readonly DeliveryName[],
): Promise<Map<DeliveryId, DeliveryRecord>> {
  const keys = names.map(({ accountId, webhookId, deliveryId }) => ({
    table: tableName,
    key: deliveryKey(accountId, webhookId, deliveryId),
  }));
  const records = (await readItems(dynamodb, keys)).flatMap(({ item }) => parseDeliveryItem(item) ?? []);
  return new Map(records.map((record) => [record.deliveryId, record]));
}
