import { createHmac } from 'node:crypto';
import { DynamoDBClient, PutItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';

/**
 * The dispatcher of a textbook pipeline: one invocation for each event, one record and one message for each delivery,
 * and no batching.
 */

const dynamodb = new DynamoDBClient({});
const sqs = new SQSClient({});
const TableName = process.env.TABLE_NAME ?? '';
const QueueUrl = process.env.QUEUE_URL ?? '';

export interface BusEvent {
  readonly id: string;
  readonly 'detail-type': string;
  readonly time: string;
  readonly detail: { readonly account_id: string; readonly data: unknown };
}

export async function handler(event: BusEvent): Promise<void> {
  const account = event.detail.account_id;
  const body = JSON.stringify({
    id: event.id,
    type: event['detail-type'],
    created: event.time,
    data: event.detail.data,
  });
  await dynamodb.send(
    new PutItemCommand({
      TableName,
      Item: marshall({ pk: `EVENT#${account}`, sk: event.id, body, accepted_at: event.time }),
      ConditionExpression: 'attribute_not_exists(pk)',
    }),
  );
  const { Items = [] } = await dynamodb.send(
    new QueryCommand({
      TableName,
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: marshall({ ':pk': `WEBHOOKS#${account}` }),
    }),
  );
  for (const webhook of Items.map((item) => unmarshall(item))) {
    const timestamp = String(Math.floor(Date.now() / 1000));
    const signature = createHmac('sha256', webhook.secret).update(`${timestamp}.${body}`).digest('hex');
    const delivery = `${event.id}#${webhook.sk}`;
    await dynamodb.send(
      new PutItemCommand({
        TableName,
        Item: marshall({ pk: `DELIVERIES#${account}`, sk: delivery, status: 'pending' }),
      }),
    );
    await sqs.send(
      new SendMessageCommand({
        QueueUrl,
        MessageBody: JSON.stringify({
          account,
          delivery,
          webhook: webhook.sk,
          url: webhook.url,
          timestamp,
          signature,
          body,
        }),
      }),
    );
  }
}
