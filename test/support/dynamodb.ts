import { DeleteItemCommand, DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import type { DynamoDB } from '../../lambdas/shared/store/client.ts';
import type { Item } from '../../lambdas/shared/store/items.ts';
import type { Key } from '../../lambdas/shared/store/keys.ts';
import { startDynamoDbServer } from './dynamodb-server.ts';

const [WEBHOOKS_TABLE, DELIVERIES_TABLE] = ['webhooks', 'deliveries'];

export interface TestDynamoDB {
  readonly dynamodb: DynamoDBClient;
  readonly webhooksTable: string;
  readonly deliveriesTable: string;
  readonly endpoint: string;
  /** Reads an item directly, without a store. */
  getRaw(table: string, key: Key): Promise<Item | undefined>;
  putRaw(table: string, item: Item): Promise<void>;
  deleteRaw(table: string, key: Key): Promise<void>;
  stop(): Promise<void>;
}

/** Starts a DynamoDB with both tables on a free loopback port, and creates the SDK's client for it. */
export async function startDynamoDB(): Promise<TestDynamoDB> {
  const { endpoint, close } = await startDynamoDbServer([WEBHOOKS_TABLE, DELIVERIES_TABLE]);
  const dynamodb = new DynamoDBClient({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  });
  return {
    dynamodb,
    webhooksTable: WEBHOOKS_TABLE,
    deliveriesTable: DELIVERIES_TABLE,
    endpoint,
    async getRaw(table, key) {
      const { Item } = await dynamodb.send(
        new GetItemCommand({ TableName: table, Key: marshall({ ...key }), ConsistentRead: true }),
      );
      return Item && unmarshall(Item);
    },
    async putRaw(table, item) {
      await dynamodb.send(new PutItemCommand({ TableName: table, Item: marshall(item) }));
    },
    async deleteRaw(table, key) {
      await dynamodb.send(new DeleteItemCommand({ TableName: table, Key: marshall({ ...key }) }));
    },
    async stop() {
      dynamodb.destroy();
      await close();
    },
  };
}

/** A command that was sent to a client. */
export interface Sent {
  readonly command: string;
  readonly input: Item;
}

/**
 * Wraps a client. `before` is called with each command and may throw instead of it; `after` may replace the response.
 */
export function watched(
  dynamodb: DynamoDB,
  watch: { before?: (sent: Sent) => unknown; after?: (sent: Sent, response: Item) => Item },
): DynamoDB {
  return new Proxy(dynamodb, {
    get: (target, name) => {
      if (name !== 'send') return Reflect.get(target, name);
      return async (command: object, ...rest: unknown[]): Promise<unknown> => {
        const sent: Sent = { command: command.constructor.name, input: Reflect.get(command, 'input') };
        await watch.before?.(sent);
        const answer = await Reflect.apply(target.send, target, [command, ...rest]);
        return watch.after?.(sent, answer) ?? answer;
      };
    },
  });
}
