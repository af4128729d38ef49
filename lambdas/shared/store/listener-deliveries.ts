import { BatchWriteItemCommand, QueryCommand, type WriteRequest } from '@aws-sdk/client-dynamodb';
import type { AccountId, DeliveryId, ListenerId } from '../domain/ids.ts';
import { parseEventId } from '../domain/ids.ts';
import { LISTENER_DELIVERY_SECONDS, type ListenerDelivery } from '../domain/listener.ts';
import { inChunks } from '../runtime/chunks.ts';
import { allEnded } from '../runtime/parallel.ts';
import { encodeWithBody, parseBody } from './body-attribute.ts';
import type { Table } from './client.ts';
import { hasExpired } from './expiry.ts';
import { equals, readExpressions } from './expressions.ts';
import { PARTITION_KEY, TTL_ATTRIBUTE } from './iam-attributes.ts';
import { decodeItem, encodeItem, type Item, numberOf, textOf } from './items.ts';
import { listenerDeliveryKey, listenerPartition, parseListenerDeliveryKey } from './keys.ts';
import { secondsOf } from './retention.ts';

/** DynamoDB quota: items of one BatchWriteItem. */
const MAX_BATCH_ITEMS = 25;

/** Deliveries of one page: the next poll confirms them in one BatchWriteItem. */
export const MAX_LISTENED_PAGE = MAX_BATCH_ITEMS;

export interface ListenerPage {
  readonly deliveries: readonly ListenerDelivery[];
  /** The ids of `deliveries` and of expired deliveries. The next poll confirms all of them. */
  readonly examined: readonly DeliveryId[];
}

/** The deliveries that listeners have not confirmed yet, in the deliveries table. */
export interface ListenerDeliveries {
  /**
   * Stores deliveries, each for an hour from `now` (milliseconds since 1970). A delivery that is stored is replaced.
   * Resolves to the deliveries that DynamoDB left unprocessed.
   */
  put(deliveries: readonly ListenerDelivery[], now: number): Promise<readonly ListenerDelivery[]>;
  /**
   * The oldest deliveries: at most MAX_LISTENED_PAGE, with at most `maxBodyBytes` of bodies after the first one.
   * Strongly consistent. `now` is in milliseconds since 1970.
   */
  page(
    accountId: AccountId,
    listenerId: ListenerId,
    maxBodyBytes: number,
    now: number,
  ): Promise<ListenerPage>;
  /** Deletes at most MAX_LISTENED_PAGE deliveries. One that DynamoDB leaves unprocessed is in the next page again. */
  confirm(accountId: AccountId, listenerId: ListenerId, deliveryIds: readonly DeliveryId[]): Promise<void>;
}

export function createListenerDeliveries({ dynamodb, tableName }: Table): ListenerDeliveries {
  const write = async (requests: WriteRequest[]): Promise<WriteRequest[]> => {
    const command = new BatchWriteItemCommand({ RequestItems: { [tableName]: requests } });
    const { UnprocessedItems } = await dynamodb.send(command);
    return UnprocessedItems?.[tableName] ?? [];
  };
  const putBatch = async (batch: readonly ListenerDelivery[], now: number): Promise<ListenerDelivery[]> => {
    const unprocessed = await write(
      batch.map((delivery) => ({ PutRequest: { Item: deliveryItem(delivery, now) } })),
    );
    const ids = new Set(
      unprocessed.map(
        ({ PutRequest: { Item = {} } = {} }) => parseListenerDeliveryKey(decodeItem(Item))?.deliveryId,
      ),
    );
    return batch.filter(({ deliveryId }) => ids.has(deliveryId));
  };
  return {
    async put(deliveries, now) {
      // DynamoDB refuses a batch that contains a key twice. The delivery id is different for each listener.
      const unique = [...new Map(deliveries.map((given) => [given.deliveryId, given])).values()];
      const batches = inChunks(unique, MAX_BATCH_ITEMS);
      return (await allEnded(batches.map((batch) => putBatch(batch, now)))).flat();
    },
    async page(accountId, listenerId, maxBodyBytes, now) {
      const { Items = [] } = await dynamodb.send(
        new QueryCommand({
          TableName: tableName,
          ConsistentRead: true,
          Limit: MAX_LISTENED_PAGE,
          ...readExpressions({ keys: equals(PARTITION_KEY, listenerPartition(accountId, listenerId)) }),
        }),
      );
      const deliveries: ListenerDelivery[] = [];
      const examined: DeliveryId[] = [];
      let bytes = 0;
      for (const item of Items.map(decodeItem)) {
        const key = parseListenerDeliveryKey(item);
        if (key === undefined) continue;
        const delivery = hasExpired(item, now) ? undefined : parseDelivery(item, key);
        bytes += Buffer.byteLength(delivery?.body ?? '');
        if (deliveries.length > 0 && bytes > maxBodyBytes) break;
        examined.push(key.deliveryId);
        if (delivery !== undefined) deliveries.push(delivery);
      }
      return { deliveries, examined };
    },
    async confirm(accountId, listenerId, deliveryIds) {
      const keys = [...new Set(deliveryIds)].map((id) => listenerDeliveryKey(accountId, listenerId, id));
      if (keys.length > 0)
        await write(keys.map((key) => ({ DeleteRequest: { Key: encodeItem({ ...key }) } })));
    },
  };
}

function deliveryItem(delivery: ListenerDelivery, now: number) {
  const { accountId, listenerId, deliveryId } = delivery;
  const attributes: Item = {
    ...listenerDeliveryKey(accountId, listenerId, deliveryId),
    event_id: delivery.eventId,
    event_type: delivery.eventType,
    accepted_at: delivery.acceptedAt,
    limit_reached: delivery.limitReached || undefined,
    [TTL_ATTRIBUTE]: secondsOf(now) + LISTENER_DELIVERY_SECONDS,
  };
  return encodeWithBody(attributes, delivery.body);
}

/** Returns undefined for an incomplete or invalid item. */
function parseDelivery(
  item: Item,
  key: Pick<ListenerDelivery, 'accountId' | 'listenerId' | 'deliveryId'>,
): ListenerDelivery | undefined {
  const eventId = parseEventId(item.event_id);
  const eventType = textOf(item.event_type);
  const acceptedAt = numberOf(item.accepted_at);
  const body = parseBody(item);
  if (eventId === undefined || eventType === undefined) return undefined;
  if (acceptedAt === undefined || body === undefined) return undefined;
  return { ...key, eventId, eventType, acceptedAt, body, limitReached: item.limit_reached === true };
}
