import { DynamoDBClient, GetItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';

/** The sender of a textbook pipeline: one invocation, two reads and one write for each delivery, and `fetch`. */

const dynamodb = new DynamoDBClient({});
const TableName = process.env.TABLE_NAME ?? '';
const TIMEOUT_MS = 30_000;

interface Delivery {
  readonly account: string;
  readonly delivery: string;
  readonly webhook: string;
  readonly url: string;
  readonly timestamp: string;
  readonly signature: string;
  readonly body: string;
}

async function read(pk: string, sk: string): Promise<Record<string, unknown>> {
  const { Item } = await dynamodb.send(new GetItemCommand({ TableName, Key: marshall({ pk, sk }) }));
  return Item === undefined ? {} : unmarshall(Item);
}

async function deliver(message: Delivery): Promise<void> {
  const { account, delivery } = message;
  const webhook = await read(`WEBHOOKS#${account}`, message.webhook);
  const record = await read(`DELIVERIES#${account}`, delivery);
  if (webhook.status !== 'active' || record.status !== 'pending') return;
  const startedAt = Date.now();
  const response = await fetch(message.url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-webhook-attempt': '1',
      'x-webhook-timestamp': message.timestamp,
      'x-webhook-signature': `sha256=${message.signature}`,
    },
    body: message.body,
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  await response.arrayBuffer();
  if (response.status !== 200) throw new Error(`status ${response.status}`);
  await dynamodb.send(
    new UpdateItemCommand({
      TableName,
      Key: marshall({ pk: `DELIVERIES#${account}`, sk: delivery }),
      UpdateExpression: 'SET #status = :status, duration_ms = :duration, ended_at = :now',
      ExpressionAttributeNames: { '#status': 'status' },
      ExpressionAttributeValues: marshall({
        ':status': 'delivered',
        ':duration': Date.now() - startedAt,
        ':now': Date.now(),
      }),
    }),
  );
}

export async function handler(event: {
  readonly Records: readonly { readonly body: string }[];
}): Promise<void> {
  for (const { body } of event.Records) await deliver(JSON.parse(body));
}
