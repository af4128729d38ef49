import {
  DeleteItemCommand,
  GetItemCommand,
  PutItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { AccountId, ListenerId } from '../domain/ids.ts';
import type { Listener } from '../domain/listener.ts';
import { type ChangesTable, createAnnounceChange } from './account-changes.ts';
import { unlessRefused, writeIf } from './client.ts';
import {
  absent,
  allOf,
  beginsWith,
  conditionExpressions,
  equals,
  exists,
  readExpressions,
  updateExpressions,
} from './expressions.ts';
import { PARTITION_KEY, SORT_KEY } from './iam-attributes.ts';
import { decodeItem, encodeItem } from './items.ts';
import { accountPartition, LISTENER_SORT_KEYS, listenerKey } from './keys.ts';
import { listenerItem, POLLED_AT, parseListenerItem } from './listener-item.ts';
import { queryPages } from './pages.ts';

/** Every read is strongly consistent. Expired listeners are included: check them with `isListening`. */
export interface ListenerStore {
  /** Never replaces an existing one. Raises the account's version: it gets the next event. */
  create(listener: Listener): Promise<'created' | 'exists'>;
  /** Items that cannot be parsed are skipped. */
  list(accountId: AccountId): Promise<Listener[]>;
  get(accountId: AccountId, listenerId: ListenerId): Promise<Listener | undefined>;
  /** Records a poll (milliseconds since 1970). Resolves to whether the listener existed. */
  recordPoll(listener: Listener, polledAt: number): Promise<boolean>;
  /** Resolves to whether it existed, and had this `polledAt` when one is given. */
  remove(accountId: AccountId, listenerId: ListenerId, polledAt?: number): Promise<boolean>;
}

const isNew = absent(PARTITION_KEY);
const isThere = exists(PARTITION_KEY);

export function createListenerStore(table: ChangesTable): ListenerStore {
  const { dynamodb, tableName } = table;
  const announceChange = createAnnounceChange(table);
  const keyOf = (accountId: AccountId, listenerId: ListenerId) => ({
    TableName: tableName,
    Key: encodeItem({ ...listenerKey(accountId, listenerId) }),
  });
  return {
    create(listener) {
      const put = new PutItemCommand({
        TableName: tableName,
        Item: encodeItem(listenerItem(listener)),
        ...conditionExpressions(isNew),
      });
      return announceChange(listener.accountId, () =>
        unlessRefused(
          dynamodb.send(put).then(() => 'created'),
          'exists',
        ),
      );
    },
    async list(accountId) {
      const listeners: Listener[] = [];
      const query = {
        TableName: tableName,
        ConsistentRead: true,
        ...readExpressions({
          keys: allOf(
            equals(PARTITION_KEY, accountPartition(accountId)),
            beginsWith(SORT_KEY, LISTENER_SORT_KEYS),
          ),
        }),
      };
      for await (const { Items = [] } of queryPages(dynamodb, query)) {
        listeners.push(...Items.flatMap((item) => parseListenerItem(decodeItem(item)) ?? []));
      }
      return listeners;
    },
    async get(accountId, listenerId) {
      const { Item } = await dynamodb.send(
        new GetItemCommand({ ...keyOf(accountId, listenerId), ConsistentRead: true }),
      );
      return Item && parseListenerItem(decodeItem(Item));
    },
    recordPoll({ accountId, id }, polledAt) {
      const update = new UpdateItemCommand({
        ...keyOf(accountId, id),
        ...updateExpressions({ set: { [POLLED_AT]: polledAt }, when: isThere }),
      });
      return writeIf(dynamodb, update);
    },
    remove(accountId, listenerId, polledAt) {
      const isAsExpected = polledAt === undefined ? [] : [equals(POLLED_AT, polledAt)];
      const removal = new DeleteItemCommand({
        ...keyOf(accountId, listenerId),
        ...conditionExpressions(allOf(isThere, ...isAsExpected)),
      });
      return writeIf(dynamodb, removal);
    },
  };
}
