import { once } from 'node:events';
import type { Server } from 'node:http';
import { createRequire } from 'node:module';
import {
  CreateTableCommand,
  DeleteItemCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { PARTITION_KEY, SORT_KEY } from '../../lambdas/shared/store/attributes.ts';
import type { DynamoDB } from '../../lambdas/shared/store/client.ts';
import type { Item } from '../../lambdas/shared/store/items.ts';
import type { Key } from '../../lambdas/shared/store/keys.ts';

/** dynalite is CommonJS and brings no types. */
const dynalite: (options: Record<string, number>) => Server = createRequire(import.meta.url)('dynalite');

export interface TestDynamoDB {
  readonly dynamodb: DynamoDBClient;
  readonly webhooksTable: string;
  readonly deliveriesTable: string;
  readonly endpoint: string;
  /** Past every store: what a table really holds. */
  getRaw(table: string, key: Key): Promise<Item | undefined>;
  putRaw(table: string, item: Item): Promise<void>;
  deleteRaw(table: string, key: Key): Promise<void>;
  stop(): Promise<void>;
}

/** A DynamoDB of its own on a free loopback port, with both tables, and the real SDK's client for it. */
export async function startDynamoDB(): Promise<TestDynamoDB> {
  const server = dynalite({ createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('dynalite has no port');
  const endpoint = `http://127.0.0.1:${address.port}`;
  const dynamodb = new DynamoDBClient({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  });
  const [webhooksTable, deliveriesTable] = ['webhooks', 'deliveries'];
  for (const tableName of [webhooksTable, deliveriesTable]) await createTable(dynamodb, tableName);
  return {
    dynamodb,
    webhooksTable,
    deliveriesTable,
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
      server.close();
      await once(server, 'close');
    },
  };
}

async function createTable(dynamodb: DynamoDB, tableName: string): Promise<void> {
  await dynamodb.send(
    new CreateTableCommand({
      TableName: tableName,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [
        { AttributeName: PARTITION_KEY, AttributeType: 'S' },
        { AttributeName: SORT_KEY, AttributeType: 'S' },
      ],
      KeySchema: [
        { AttributeName: PARTITION_KEY, KeyType: 'HASH' },
        { AttributeName: SORT_KEY, KeyType: 'RANGE' },
      ],
    }),
  );
}

/** What a client was asked: the input of each command, by the command's name. */
export interface Sent {
  readonly command: string;
  readonly input: Item;
}

/**
 * The same client, watched: `before` sees each command and may throw in its stead, `after` may alter the
 * answer.
 */
export function watched(
  dynamodb: DynamoDB,
  watch: { before?: (sent: Sent) => void; after?: (sent: Sent, answer: Item) => Item },
): DynamoDB {
  return new Proxy(dynamodb, {
    get: (target, name) => {
      if (name !== 'send') return Reflect.get(target, name);
      return async (command: object, ...rest: unknown[]): Promise<unknown> => {
        const sent: Sent = { command: command.constructor.name, input: Reflect.get(command, 'input') };
        watch.before?.(sent);
        const answer = await Reflect.apply(target.send, target, [command, ...rest]);
        return watch.after?.(sent, answer) ?? answer;
      };
    },
  });
}
