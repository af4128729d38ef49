import type { DeliveryRecord } from '../domain/delivery.ts';
import type { AccountId, DeliveryId, WebhookId } from '../domain/ids.ts';
import type { Webhook } from '../domain/webhook.ts';
import type { Timer } from '../runtime/clock.ts';
import type { DynamoDB, Table } from './client.ts';
import { parseDeliveryItem } from './delivery-item.ts';
import { hasExpired } from './expiry.ts';
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
  /** `unreadable` when its item cannot be parsed. */
  readonly webhook: Webhook | 'unreadable' | undefined;
  /** Undefined also when its item cannot be parsed: the delivery continues as if no record existed. */
  readonly record: DeliveryRecord | undefined;
}

interface StateReader {
  readonly dynamodb: DynamoDB;
  readonly webhooksTable: string;
  readonly deliveriesTable: string;
  readonly clock: Timer;
}

/**
 * Reads deliveries and their webhooks, strongly consistent, with one call for every 100 keys. The result has an entry
 * for each requested delivery. Throws when DynamoDB fails, or leaves keys unprocessed in three calls.
 */
export async function readDeliveryStates(
  { dynamodb, clock, webhooksTable, deliveriesTable }: StateReader,
  requested: readonly DeliveryName[],
): Promise<Map<DeliveryId, DeliveryState>> {
  const keys = new Map<string, TableKey>();
  const request = (table: string, key: Key): string => {
    const name = nameOf(table, key);
    keys.set(name, { table, key });
    return name;
  };
  const names = requested.map(({ accountId, webhookId, deliveryId }) => ({
    deliveryId,
    webhook: request(webhooksTable, webhookKey(accountId, webhookId)),
    record: request(deliveriesTable, deliveryKey(accountId, webhookId, deliveryId)),
  }));

  const found = await readItems(dynamodb, clock, [...keys.values()]);
  const items = new Map(found.map(({ table, item }) => [nameOfItem(table, item), item]));
  return new Map(
    names.map(({ deliveryId, webhook, record }) => {
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

/** The records that exist and have not expired, strongly consistent. The names must not repeat. */
export async function readRecords(
  { dynamodb, tableName, clock }: Table & { readonly clock: Timer },
  names: readonly DeliveryName[],
): Promise<Map<DeliveryId, DeliveryRecord>> {
  const keys = names.map(({ accountId, webhookId, deliveryId }) => ({
    table: tableName,
    key: deliveryKey(accountId, webhookId, deliveryId),
  }));
  const now = clock.now();
  const records = (await readItems(dynamodb, clock, keys)).flatMap(({ item }) =>
    hasExpired(item, now) ? [] : (parseDeliveryItem(item) ?? []),
  );
  return new Map(records.map((record) => [record.deliveryId, record]));
}
