import { GetItemCommand, type QueryCommandInput } from '@aws-sdk/client-dynamodb';
import type { AccountId, WebhookId } from '../domain/ids.ts';
import type { Listener } from '../domain/listener.ts';
import type { Webhook } from '../domain/webhook.ts';
import type { Table } from './client.ts';
import { allOf, beginsWith, equals, readExpressions } from './expressions.ts';
import { PARTITION_KEY, SORT_KEY } from './iam-attributes.ts';
import { decodeItem, encodeItem } from './items.ts';
import {
  accountPartition,
  isListenerKey,
  SUBSCRIBER_SORT_KEYS,
  WEBHOOK_SORT_KEYS,
  webhookKey,
} from './keys.ts';
import { parseListenerItem } from './listener-item.ts';
import { queryPages } from './pages.ts';
import { parseWebhookItem } from './webhook-item.ts';

/** Every read is strongly consistent: it sees all earlier writes. */
export interface WebhookReads {
  /** All of an account's webhooks. An item that cannot be parsed is skipped and counted. */
  list(accountId: AccountId): Promise<{ webhooks: Webhook[]; unreadable: number }>;
  /** As `list`, and the listeners, expired ones included. A listener that cannot be parsed is not counted. */
  listSubscribers(accountId: AccountId): Promise<Subscribers>;
  /**
   * Newest first: in descending order of their ids, and only those before `before`. Items that cannot be parsed are
   * skipped. `next` is present when more webhooks follow.
   */
  page(
    accountId: AccountId,
    range: { limit: number; before?: WebhookId },
  ): Promise<{ webhooks: Webhook[]; next?: WebhookId }>;
  /** Includes items that cannot be parsed. */
  count(accountId: AccountId): Promise<number>;
  /** Throws when the item cannot be parsed. */
  get(accountId: AccountId, webhookId: WebhookId): Promise<Webhook | undefined>;
}

export interface Subscribers {
  readonly webhooks: Webhook[];
  /** Sort keys of the webhooks whose items do not parse. */
  readonly unreadable: readonly string[];
  readonly listeners: Listener[];
}

export function createWebhookReads({ dynamodb, tableName }: Table): WebhookReads {
  const queryOf = (accountId: AccountId, prefix = WEBHOOK_SORT_KEYS): QueryCommandInput => ({
    TableName: tableName,
    ConsistentRead: true,
    ...readExpressions({
      keys: allOf(equals(PARTITION_KEY, accountPartition(accountId)), beginsWith(SORT_KEY, prefix)),
    }),
  });

  const readAll = async (query: QueryCommandInput): Promise<Subscribers> => {
    const webhooks: Webhook[] = [];
    const listeners: Listener[] = [];
    const unreadable: string[] = [];
    for await (const { Items = [] } of queryPages(dynamodb, query)) {
      for (const item of Items.map(decodeItem)) {
        const listener = parseListenerItem(item);
        const webhook = parseWebhookItem(item);
        if (listener !== undefined) listeners.push(listener);
        else if (webhook !== undefined) webhooks.push(webhook);
        else if (!isListenerKey(item)) unreadable.push(String(item[SORT_KEY]));
      }
    }
    return { webhooks, unreadable, listeners };
  };

  return {
    async list(accountId) {
      const { webhooks, unreadable } = await readAll(queryOf(accountId));
      return { webhooks, unreadable: unreadable.length };
    },
    listSubscribers: (accountId) => readAll(queryOf(accountId, SUBSCRIBER_SORT_KEYS)),
    async page(accountId, { limit, before }) {
      const readable: Webhook[] = [];
      const query: QueryCommandInput = {
        ...queryOf(accountId),
        ScanIndexForward: false,
        // One more than requested shows whether more follow.
        Limit: limit + 1,
        ...(before === undefined
          ? {}
          : { ExclusiveStartKey: encodeItem({ ...webhookKey(accountId, before) }) }),
      };
      for await (const { Items = [] } of queryPages(dynamodb, query)) {
        for (const item of Items) {
          const webhook = parseWebhookItem(decodeItem(item));
          if (webhook !== undefined) readable.push(webhook);
        }
        if (readable.length > limit) break;
      }
      const webhooks = readable.slice(0, limit);
      const last = webhooks.at(-1);
      const more = readable.length > limit && last !== undefined;
      return { webhooks, ...(more ? { next: last.id } : {}) };
    },
    async count(accountId) {
      let count = 0;
      for await (const page of queryPages(dynamodb, { ...queryOf(accountId), Select: 'COUNT' })) {
        count += page.Count ?? 0;
      }
      return count;
    },
    async get(accountId, webhookId) {
      const { Item } = await dynamodb.send(
        new GetItemCommand({
          TableName: tableName,
          Key: encodeItem({ ...webhookKey(accountId, webhookId) }),
          ConsistentRead: true,
        }),
      );
      if (Item === undefined) return undefined;
      const webhook = parseWebhookItem(decodeItem(Item));
      if (webhook === undefined) throw new Error(`the item of webhook ${webhookId} is incomplete or invalid`);
      return webhook;
    },
  };
}
