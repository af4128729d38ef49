import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { Json } from '../local/calls.ts';
import type { History, Item } from './history.ts';

const WRITES = new Set(['PutItem', 'UpdateItem', 'DeleteItem', 'BatchWriteItem']);

export interface Observing {
  readonly history: History;
  readonly now: () => number;
  readonly webhooksTable: string | undefined;
  /** `GetItem`, strongly consistent, of the tables themselves. */
  readonly get: (input: Json) => Promise<Json>;
}

/** Watches DynamoDB: what each write made of a webhook, and the first time that something was recorded. */
export function createObserver(observing: Observing): (action: string, input: Json) => Promise<void> {
  const { history, now } = observing;
  const read = async (TableName: string, { pk, sk }: Json): Promise<Item | undefined> => {
    const { Item: item } = await observing.get({ TableName, Key: { pk, sk }, ConsistentRead: true });
    return isItem(item) ? unmarshall(asAttributes(item)) : undefined;
  };

  return async (action, input) => {
    if (!WRITES.has(action)) return;
    for (const { table, key } of writtenKeys(action, input)) {
      const [pk, sk] = [text(key.pk), text(key.sk)];
      if (table === observing.webhooksTable) {
        if (!sk.startsWith('WEBHOOK#')) continue;
        const id = sk.slice('WEBHOOK#'.length);
        const states = history.webhookStates.get(id) ?? [];
        states.push({ at: now(), item: await read(table, key) });
        history.webhookStates.set(id, states);
      } else if (sk === 'EVENT') {
        const [, account, event] = pk.split('#');
        const name = `${account} ${event}`;
        if (!history.storedAt.has(name)) history.storedAt.set(name, now());
      } else if (sk.startsWith('DELIVERY#')) {
        const id = sk.slice('DELIVERY#'.length);
        if (history.deliveredAt.has(id)) continue;
        const record = await read(table, key);
        if (record?.status === 'delivered') history.deliveredAt.set(id, now());
      }
    }
  };
}

function* writtenKeys(action: string, input: Json): Generator<{ table: string; key: Json }> {
  if (action === 'BatchWriteItem') {
    for (const [table, requests] of Object.entries(asJson(input.RequestItems))) {
      for (const request of Array.isArray(requests) ? requests : []) {
        yield { table, key: asJson(asJson(asJson(request).PutRequest).Item) };
      }
    }
    return;
  }
  yield { table: String(input.TableName), key: asJson(action === 'PutItem' ? input.Item : input.Key) };
}

function text(attribute: unknown): string {
  return String(asJson(attribute).S ?? '');
}

function asJson(value: unknown): Json {
  return typeof value === 'object' && value !== null ? (value as Json) : {};
}

function isItem(value: unknown): value is Json {
  return typeof value === 'object' && value !== null;
}

/** DynamoDB's own typed values, as the service hands them over. */
export function asAttributes(item: Json): Parameters<typeof unmarshall>[0] {
  return item as Parameters<typeof unmarshall>[0];
}
