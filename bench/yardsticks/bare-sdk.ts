import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { Agent, request } from 'undici';

/**
 * The minimal imports of a sender: the AWS SDK for SQS and DynamoDB, and undici. The first call writes an item, sends a
 * message and makes a POST. All settings are defaults, except that the endpoint is the local cloud.
 */

const dynamodb = new DynamoDBClient({});
const sqs = new SQSClient({ useQueueUrlAsEndpoint: false });
const dispatcher = new Agent({});

interface BareEvent {
  readonly tableName: string;
  readonly item: Record<string, { S: string }>;
  readonly queueUrl: string;
  readonly url: string;
  readonly body: string;
}

export async function handler(event: BareEvent): Promise<void> {
  await dynamodb.send(new PutItemCommand({ TableName: event.tableName, Item: event.item }));
  await sqs.send(new SendMessageCommand({ QueueUrl: event.queueUrl, MessageBody: event.body }));
  const { statusCode, body } = await request(event.url, { method: 'POST', dispatcher, body: event.body });
  await body.dump();
  if (statusCode !== 200) throw new Error(`status ${statusCode}`);
}
