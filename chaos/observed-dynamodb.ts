import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { AwsService, CallContext, Json } from '../local/calls.ts';
import type { DynamoDb } from '../local/dynamodb/service.ts';
import type { History, Item } from './history.ts';
import type { VirtualTime } from './virtual-time.ts';

const WRITES = new Set(['PutItem', 'UpdateItem', 'DeleteItem', 'BatchWriteItem']);
const NO_CONTEXT: CallContext = { principal: 'observer', useUnits: () => undefined };

/** DynamoDB itself, watched: what a write made of a webhook, and the first time that something was recorded. */
export function observeDynamoDb(
  dynamodb: DynamoDb,
  history: History,
  time: VirtualTime,
  isWebhooksTable: (name: string) => boolean,
): AwsService {
  const read = async (table: string, key: Json): Promise<Item | undefined> => {
    const output = await dynamodb.call(
      'GetItem',
      { TableName: table, Key: key, ConsistentRead: true },
      NO_CONTEXT,
    );
    return isItem(output.Item) ? unmarshall(asAttributes(output.Item)) : undefined;
  };

  const observe = async (action: string, input: Json): Promise<void> => {
    for (const { table, key } of writtenKeys(action, input)) {
      const [pk, sk] = [text(key.pk), text(key.sk)];
      const keys = { pk: key.pk, sk: key.sk };
      if (isWebhooksTable(table)) {
        if (!sk.startsWith('WEBHOOK#')) continue;
        const id = sk.slice('WEBHOOK#'.length);
        const states = history.webhookStates.get(id) ?? [];
        states.push({ at: time.now(), item: await read(table, keys) });
        history.webhookStates.set(id, states);
      } else if (sk === 'EVENT') {
        const [, account, event] = pk.split('#');
        const name = `${account} ${event}`;
        if (!history.storedAt.has(name)) history.storedAt.set(name, time.now());
      } else if (sk.startsWith('DELIVERY#')) {
        const id = sk.slice('DELIVERY#'.length);
        if (history.deliveredAt.has(id)) continue;
        const record = await read(table, keys);
        if (record?.status === 'delivered') history.deliveredAt.set(id, time.now());
      }
    }
  };

  return {
    call: (action, input, context) =>
      time.track(
        (async () => {
          const output = await dynamodb.call(action, input, context);
          if (WRITES.has(action)) await observe(action, input);
          return output;
        })(),
      ),
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
