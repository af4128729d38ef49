import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { GenerateDataKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { GetQueueUrlCommand, SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { type CreateClient, createClientFactory } from '../../../lambdas/shared/runtime/aws/clients.ts';
import { REGION, type Services, startServices } from '../../local/endpoint-builder.ts';

const KEY = 'arn:aws:kms:eu-west-1:000000000000:key/secrets';

let services: Services;
let createClient: CreateClient;

beforeEach(async () => {
  services = await startServices();
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'local');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'any');
  vi.stubEnv('AWS_REGION', REGION);
  vi.stubEnv('AWS_ENDPOINT_URL', services.endpoint.url);
  createClient = createClientFactory({ maxSockets: 5 });
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await services.close();
});

it('calls DynamoDB', async () => {
  const dynamodb = createClient(DynamoDBClient, 'dynamodb');

  await expect(dynamodb.send(new ListTablesCommand({}))).resolves.toMatchObject({ TableNames: [] });
});

it('calls SQS, and throws its errors by their names', async () => {
  const sqs = createClient(SQSClient, 'sqs');
  const { url } = services.createQueue('first');
  const send = new SendMessageBatchCommand({ QueueUrl: url, Entries: [{ Id: '0', MessageBody: 'é ✓ 😀' }] });

  await expect(sqs.send(send)).resolves.toMatchObject({ Successful: [{ Id: '0' }] });
  await expect(sqs.send(new GetQueueUrlCommand({ QueueName: 'none' }))).rejects.toMatchObject({
    name: 'QueueDoesNotExist',
  });
});

it('calls KMS', async () => {
  const kms = createClient(KMSClient, 'kms');
  services.kms.addKey({ arn: KEY, aliases: [] });

  const { Plaintext } = await kms.send(new GenerateDataKeyCommand({ KeyId: KEY, KeySpec: 'AES_256' }));

  expect(Plaintext).toHaveLength(32);
});

it('calls EventBridge', async () => {
  const events = createClient(EventBridgeClient, 'events');
  const entry = { Source: 'shop', DetailType: 'order.paid', Detail: '{}' };

  const { FailedEntryCount } = await events.send(new PutEventsCommand({ Entries: [entry] }));

  expect(FailedEntryCount).toBe(0);
});
