import {
  type AttributeValue,
  BatchGetItemCommand,
  type BatchGetItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import type { DeliveryRecord } from '../domain/delivery.ts';
import type { AccountId, DeliveryId, WebhookId } from '../domain/ids.ts';
import type { Webhook } from '../domain/webhook.ts';
import { inChunks } from '../runtime/chunks.ts';
import type { Timer } from '../runtime/clock.ts';
import type { DynamoDB } from './client.ts';
import { parseDeliveryItem } from './delivery-item.ts';
import { decodeItem, encodeItem, type Item } from './items.ts';
import { deliveryKey, type Key, webhookKey } from './keys.ts';
import { parseWebhookItem } from './webhook-item.ts';

/** DynamoDB quota: items of one BatchGetItem. */
const MAX_BATCH_KEYS = 100;
/** Waits before keys that DynamoDB left unprocessed are requested again. */
const RETRY_WAITS_MS = [25, 100];

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

interface TableKey {
  readonly table: string;
  readonly key: Key;
}

type KeysByTable = NonNullable<BatchGetItemCommandInput['RequestItems']>;

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

  const chunks = inChunks([...keys.values()], MAX_BATCH_KEYS);
  const items = new Map((await Promise.all(chunks.map((chunk) => readAll(dynamodb, clock, chunk)))).flat());
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

async function readAll(
  dynamodb: DynamoDB,
  clock: Timer,
  chunk: readonly TableKey[],
): Promise<[string, Item][]> {
  const items: [string, Item][] = [];
  let unread = requestOf(chunk);
  for (const waitMs of [0, ...RETRY_WAITS_MS]) {
    if (waitMs > 0) await clock.sleep(waitMs);
    const answer = await dynamodb.send(new BatchGetItemCommand({ RequestItems: unread }));
    for (const [table, found] of Object.entries(answer.Responses ?? {})) {
      items.push(...found.map((item): [string, Item] => [nameOfItem(table, item), decodeItem(item)]));
    }
    const unprocessed = Object.entries(answer.UnprocessedKeys ?? {});
    if (unprocessed.length === 0) return items;
    unread = Object.fromEntries(
      unprocessed.map(([table, keys]) => [table, { ...keys, ConsistentRead: true }]),
    );
  }
  throw new Error(
    `DynamoDB left keys of ${Object.keys(unread).join(' and ')} unprocessed in ${RETRY_WAITS_MS.length + 1} calls`,
  );
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
