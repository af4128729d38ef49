import {
  BatchWriteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
} from '@aws-sdk/client-dynamodb';
import { SendMessageBatchCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { marshall } from '@aws-sdk/util-dynamodb';

/** Clients of AWS, to make the calls of the functions with. */
export interface Clients {
  readonly dynamodb: DynamoDBClient;
  readonly sqs: SQSClient;
  readonly queueUrl: string;
}

const TEN = Array.from({ length: 10 }, (_, n) => n);

function record(n: number): Record<string, unknown> {
  return {
    pk: 'WEBHOOK#acct_1#wh_1',
    sk: `DELIVERY#dlv_${n}`,
    event_id: 'evt_1',
    event_type: 'file.uploaded',
    expires_at: 1_900_000_000,
    status: 'delivered',
    attempt_1: {
      at: 1_764_158_400_000,
      duration_ms: 100,
      status: 200,
      token: '12345678',
      timing: { first_byte_ms: 99 },
    },
  };
}

const ITEMS = TEN.map((n) => marshall(record(n)));
const [ITEM = {}] = ITEMS;
const KEY = { pk: { S: 'ACCOUNT#acct_1' }, sk: { S: 'WEBHOOK#wh_1' } };
const MESSAGE = 'x'.repeat(1_536);

/** The calls that a delivery needs. Their commands are created for each call, as in the functions. */
export const CALLS: Readonly<Record<string, (clients: Clients) => Promise<unknown>>> = {
  'BatchWriteItem of 10': ({ dynamodb }) =>
    dynamodb.send(
      new BatchWriteItemCommand({
        RequestItems: { deliveries: ITEMS.map((Item) => ({ PutRequest: { Item } })) },
      }),
    ),
  PutItem: ({ dynamodb }) =>
    dynamodb.send(
      new PutItemCommand({
        TableName: 'deliveries',
        Item: ITEM,
        ConditionExpression: 'attribute_not_exists(#pk)',
        ExpressionAttributeNames: { '#pk': 'pk' },
      }),
    ),
  Query: ({ dynamodb }) =>
    dynamodb.send(
      new QueryCommand({
        TableName: 'webhooks',
        ConsistentRead: true,
        KeyConditionExpression: '#pk = :v0 AND begins_with(#sk, :v1)',
        ExpressionAttributeNames: { '#pk': 'pk', '#sk': 'sk' },
        ExpressionAttributeValues: { ':v0': { S: 'ACCOUNT#acct_1' }, ':v1': { S: 'WEBHOOK#' } },
      }),
    ),
  'SendMessageBatch of 10': ({ sqs, queueUrl }) =>
    sqs.send(
      new SendMessageBatchCommand({
        QueueUrl: queueUrl,
        Entries: TEN.map((n) => ({ Id: String(n), MessageBody: MESSAGE, MessageGroupId: 'acct_1' })),
      }),
    ),
  GetItem: ({ dynamodb }) =>
    dynamodb.send(new GetItemCommand({ TableName: 'deliveries', Key: KEY, ConsistentRead: true })),
};

const IN_FLIGHT = 8;

/** Microseconds of CPU time for one call, as the mean of `calls` calls. */
export async function cpuOfCalls(call: () => Promise<unknown>, calls: number): Promise<number> {
  let remaining = calls;
  const before = process.cpuUsage();
  await Promise.all(
    Array.from({ length: IN_FLIGHT }, async () => {
      while (remaining-- > 0) await call();
    }),
  );
  const { user, system } = process.cpuUsage(before);
  return (user + system) / calls;
}
