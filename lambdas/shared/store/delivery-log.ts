import { GetItemCommand, type QueryCommandInput } from '@aws-sdk/client-dynamodb';
import type { DeliveryRecord } from '../domain/delivery.ts';
import type { AccountId, DeliveryId, WebhookId } from '../domain/ids.ts';
import type { Table } from './client.ts';
import { parseDeliveryItem } from './delivery-item.ts';
import { hasExpired } from './expiry.ts';
import { allOf, equals, isBetween, readExpressions } from './expressions.ts';
import { PARTITION_KEY, SORT_KEY } from './iam-attributes.ts';
import { decodeItem, encodeItem, type Item } from './items.ts';
import {
  deliveryKey,
  deliverySortKey,
  deliverySortKeys,
  parseDeliveryKey,
  webhookPartition,
} from './keys.ts';
import { queryPages } from './pages.ts';

export interface DeliveryRange {
  /** Milliseconds since 1970: only deliveries whose ids have this time or a later one. */
  readonly since?: number;
  /** Milliseconds since 1970: only deliveries whose ids have an earlier time. */
  readonly until?: number;
  /** Only deliveries that come after this one in the chosen order. */
  readonly after?: DeliveryId;
  readonly order: 'newest_first' | 'oldest_first';
  /** Items that one call examines, 1 to 1,000. Default: the items that fit into DynamoDB's limit of 1 MB. */
  readonly pageSize?: number;
}

export interface DeliveryPage {
  /** The records of the page, without expired ones and ones that do not parse. */
  readonly records: readonly DeliveryRecord[];
  /** The last delivery that was examined. Absent: the range ends with this page. */
  readonly last?: DeliveryId;
}

/** The records of one webhook's deliveries, strongly consistent. `now` is in milliseconds since 1970. */
export interface DeliveryLog {
  get(
    accountId: AccountId,
    webhookId: WebhookId,
    deliveryId: DeliveryId,
    now: number,
  ): Promise<DeliveryRecord | undefined>;
  pages(
    accountId: AccountId,
    webhookId: WebhookId,
    range: DeliveryRange,
    now: number,
  ): AsyncGenerator<DeliveryPage>;
}

export function createDeliveryLog({ dynamodb, tableName }: Table): DeliveryLog {
  const parse = (item: Item, now: number): DeliveryRecord[] => {
    const record = hasExpired(item, now) ? undefined : parseDeliveryItem(item);
    return record === undefined ? [] : [record];
  };
  return {
    async get(accountId, webhookId, deliveryId, now) {
      const { Item } = await dynamodb.send(
        new GetItemCommand({
          TableName: tableName,
          Key: encodeItem({ ...deliveryKey(accountId, webhookId, deliveryId) }),
          ConsistentRead: true,
        }),
      );
      return Item === undefined ? undefined : parse(decodeItem(Item), now)[0];
    },
    async *pages(accountId, webhookId, range, now) {
      const { after, order, pageSize } = range;
      const { lowest, highest } = deliverySortKeys(range);
      // DynamoDB refuses such a range, and a start key outside of the range.
      const start = after === undefined ? 'first' : startIn(lowest, highest, order, after);
      if (lowest > highest || start === 'none_left') {
        yield { records: [] };
        return;
      }
      const query: QueryCommandInput = {
        TableName: tableName,
        ConsistentRead: true,
        ScanIndexForward: order === 'oldest_first',
        ...(pageSize === undefined ? {} : { Limit: pageSize }),
        ...readExpressions({
          keys: allOf(
            equals(PARTITION_KEY, webhookPartition(accountId, webhookId)),
            isBetween(SORT_KEY, lowest, highest),
          ),
        }),
        ...(after === undefined || start === 'first'
          ? {}
          : { ExclusiveStartKey: encodeItem({ ...deliveryKey(accountId, webhookId, after) }) }),
      };
      for await (const { Items = [], LastEvaluatedKey } of queryPages(dynamodb, query)) {
        const last = LastEvaluatedKey && parseDeliveryKey(decodeItem(LastEvaluatedKey))?.deliveryId;
        yield { records: Items.flatMap((item) => parse(decodeItem(item), now)), ...(last ? { last } : {}) };
      }
    },
  };
}

/** The start of a query for the deliveries of the range that follow `after`. */
function startIn(
  lowest: string,
  highest: string,
  order: DeliveryRange['order'],
  after: DeliveryId,
): 'first' | 'after' | 'none_left' {
  const key = deliverySortKey(after);
  if (key >= lowest && key <= highest) return 'after';
  return key < lowest === (order === 'oldest_first') ? 'first' : 'none_left';
}
