import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { createDynamoDb } from '../../local/dynamodb/service.ts';
import { type Services, startServices } from './endpoint-builder.ts';

const TableName = 'Webhooks';
const Key = { pk: { S: 'ACCOUNT#1' }, sk: { S: 'WEBHOOK#1' } };
const context = { principal: 'local', useUnits: () => undefined };

let services: Services;
beforeEach(async () => {
  services = await startServices();
  await services.dynamodb.createTable({ name: TableName, partitionKey: 'pk', sortKey: 'sk' });
});
afterEach(() => services.close());

describe('tables', () => {
  it('have imported items as if they were put', async () => {
    const items = ['1', '2', '3'].map((id) => ({ ...Key, sk: { S: `WEBHOOK#${id}` }, url: { S: id } }));
    await services.dynamodb.importItems(TableName, items);

    const { Items } = await services.dynamodbOf().send(
      new QueryCommand({
        TableName,
        KeyConditionExpression: 'pk = :pk AND sk > :first',
        ExpressionAttributeValues: { ':pk': Key.pk, ':first': { S: 'WEBHOOK#1' } },
      }),
    );
    expect(Items).toEqual(items.slice(1));
  });

  it('store items and find them by key, query and batch', async () => {
    const dynamodb = services.dynamodbOf();
    await dynamodb.send(
      new PutItemCommand({ TableName, Item: { ...Key, url: { S: 'https://example.com/' } } }),
    );
    await dynamodb.send(
      new BatchWriteItemCommand({
        RequestItems: { [TableName]: [{ PutRequest: { Item: { ...Key, sk: { S: 'WEBHOOK#2' } } } }] },
      }),
    );

    const item = await dynamodb.send(new GetItemCommand({ TableName, Key, ConsistentRead: true }));
    const query = await dynamodb.send(
      new QueryCommand({
        TableName,
        KeyConditionExpression: 'pk = :pk AND begins_with(sk, :sk)',
        ExpressionAttributeValues: { ':pk': Key.pk, ':sk': { S: 'WEBHOOK#' } },
      }),
    );
    const batch = await dynamodb.send(
      new BatchGetItemCommand({ RequestItems: { [TableName]: { Keys: [Key] } } }),
    );

    expect(item.Item?.url).toEqual({ S: 'https://example.com/' });
    expect(query.Items?.map(({ sk }) => sk?.S)).toEqual(['WEBHOOK#1', 'WEBHOOK#2']);
    expect(batch.Responses?.[TableName]).toHaveLength(1);
  });

  it('refuse a write whose condition fails', async () => {
    const dynamodb = services.dynamodbOf();
    const update = new UpdateItemCommand({
      TableName,
      Key,
      UpdateExpression: 'SET #s = :s',
      ConditionExpression: 'attribute_exists(pk)',
      ExpressionAttributeNames: { '#s': 'status' },
      ExpressionAttributeValues: { ':s': { S: 'active' } },
    });

    await expect(dynamodb.send(update)).rejects.toMatchObject({ name: 'ConditionalCheckFailedException' });

    const { Item } = await dynamodb.send(new GetItemCommand({ TableName, Key }));
    expect(Item).toBeUndefined();
  });

  it('accept exactly one of many conditional puts of the same key', async () => {
    const dynamodb = services.dynamodbOf();
    const puts = Array.from({ length: 10 }, () =>
      dynamodb.send(
        new PutItemCommand({ TableName, Item: Key, ConditionExpression: 'attribute_not_exists(pk)' }),
      ),
    );

    const results = await Promise.allSettled(puts);

    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('return an error if they do not exist', async () => {
    const reading = services.dynamodbOf().send(new GetItemCommand({ TableName: 'Nowhere', Key }));

    await expect(reading).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });

  it('copy the request: a later change to it changes no item', async () => {
    const Item = { ...Key, url: { S: 'before' } };
    await services.dynamodb.call('PutItem', { TableName, Item }, context);
    Item.url.S = 'after';

    const answer = await services.dynamodb.call('GetItem', { TableName, Key }, context);

    expect(answer.Item).toMatchObject({ url: { S: 'before' } });
  });
});

describe('requests', () => {
  it('are refused with the reason when they are malformed or not supported', async () => {
    const dynamodb = services.dynamodbOf();

    const malformed = dynamodb.send(new GetItemCommand({ TableName, Key: { pk: Key.pk } }));
    await expect(malformed).rejects.toMatchObject({ name: 'ValidationException' });

    const transaction = dynamodb.send(
      new TransactWriteItemsCommand({ TransactItems: [{ Put: { TableName, Item: Key } }] }),
    );
    await expect(transaction).rejects.toThrow(/does not support TransactWriteItems/);
  });

  it('are metered in units of 1 KiB written and 4 KiB read, and a failed condition as one unit', async () => {
    const dynamodb = services.dynamodbOf();
    const Item = { ...Key, body: { S: 'x'.repeat(5_000) } };
    await dynamodb.send(new PutItemCommand({ TableName, Item }));
    await dynamodb.send(new GetItemCommand({ TableName, Key, ConsistentRead: true }));
    await dynamodb.send(new GetItemCommand({ TableName, Key }));
    const again = new PutItemCommand({
      TableName,
      Item: Key,
      ConditionExpression: 'attribute_not_exists(pk)',
    });
    await dynamodb.send(again).catch(() => undefined);

    const lines = services.meter.snapshot().calls;

    expect(
      lines.map(({ action, calls, readUnits, writeUnits }) => [action, calls, readUnits, writeUnits]),
    ).toEqual([
      ['GetItem', 2, 3, 0],
      ['PutItem', 2, 0, 6],
    ]);
  });
});

describe('a virtual clock', () => {
  it('is not needed: tables are created and items stored without a timer', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'setInterval', 'Date'] });
    onTestFinished(() => {
      vi.useRealTimers();
    });
    const dynamodb = createDynamoDb({ region: 'eu-west-1' });
    await dynamodb.createTable({ name: TableName, partitionKey: 'pk', sortKey: 'sk' });

    await dynamodb.call('PutItem', { TableName, Item: Key }, context);
    const answer = await dynamodb.call('GetItem', { TableName, Key }, context);

    expect(answer.Item).toEqual(Key);
  });
});

describe('closing', () => {
  it('waits for the running calls, completes them, and refuses later calls', async () => {
    const dynamodb = createDynamoDb({ region: 'eu-west-1' });
    await dynamodb.createTable({ name: TableName, partitionKey: 'pk', sortKey: 'sk' });
    const query = () =>
      dynamodb.call(
        'Query',
        { TableName, KeyConditionExpression: 'pk = :pk', ExpressionAttributeValues: { ':pk': Key.pk } },
        context,
      );
    const underWay = Array.from({ length: 20 }, () => [
      query(),
      dynamodb.call('Scan', { TableName }, context),
      dynamodb.call('PutItem', { TableName, Item: Key }, context),
    ]).flat();
    // Each call waits for its table first: close while some of them wait and others run.
    const answers = Promise.allSettled(underWay);
    await new Promise((resolve) => setImmediate(resolve));

    await dynamodb.close();

    expect((await answers).map(({ status }) => status)).toEqual(underWay.map(() => 'fulfilled'));
    await expect(query()).rejects.toThrow('the local DynamoDB is closed');
  });
});

describe('another DynamoDB', () => {
  it('is used if its endpoint is given', async () => {
    const forwarding = createDynamoDb({ endpoint: services.endpoint.url, region: 'eu-west-1' });
    await forwarding.call('PutItem', { TableName, Item: Key }, context);

    const here = await services.dynamodbOf().send(new GetItemCommand({ TableName, Key }));
    const refused = forwarding.call('GetItem', { TableName: 'Nowhere', Key }, context);

    expect(here.Item).toEqual(Key);
    await expect(refused).rejects.toMatchObject({ code: 'ResourceNotFoundException' });
  });

  it('causes an error with the address if nothing listens there', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    server.close();
    await once(server, 'close');
    const forwarding = createDynamoDb({ endpoint: `http://127.0.0.1:${port}`, region: 'eu-west-1' });

    const making = forwarding.createTable({ name: TableName, partitionKey: 'pk', sortKey: 'sk' });

    await expect(making).rejects.toThrow(
      `no DynamoDB answers at http://127.0.0.1:${port} (ECONNREFUSED); start one there, or unset AWS_ENDPOINT_URL_DYNAMODB`,
    );
  });

  it('causes an error with the address if it is invalid', async () => {
    const forwarding = createDynamoDb({ endpoint: 'dynamodb', region: 'eu-west-1' });

    const making = forwarding.createTable({ name: TableName, partitionKey: 'pk', sortKey: 'sk' });

    await expect(making).rejects.toThrow('no DynamoDB answers at dynamodb (ERR_INVALID_URL)');
  });

  it('causes an error if another kind of server answers', async () => {
    const server = createServer((_, response) => response.writeHead(404).end('<html>')).listen(
      0,
      '127.0.0.1',
    );
    await once(server, 'listening');
    onTestFinished(() => {
      server.close();
    });
    const { port } = server.address() as AddressInfo;
    const forwarding = createDynamoDb({ endpoint: `http://127.0.0.1:${port}`, region: 'eu-west-1' });

    const making = forwarding.createTable({ name: TableName, partitionKey: 'pk', sortKey: 'sk' });

    await expect(making).rejects.toThrow(/answered CreateTable with status 404.*is it a DynamoDB\?/);
  });

  it('gets the missing tables and keeps its own', async () => {
    const elsewhere = createDynamoDb({ region: 'eu-west-1' });
    const other = await startServices();
    const forwarding = createDynamoDb({ endpoint: other.endpoint.url, region: 'eu-west-1' });

    await forwarding.createTable({ name: TableName, partitionKey: 'pk', sortKey: 'sk' });
    await forwarding.createTable({ name: TableName, partitionKey: 'pk', sortKey: 'sk' });

    const answer = await other.dynamodbOf().send(new GetItemCommand({ TableName, Key }));
    expect(answer.Item).toBeUndefined();
    await Promise.all([other.close(), elsewhere.close()]);
  });
});
