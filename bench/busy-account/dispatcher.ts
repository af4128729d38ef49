import { createSecretKey } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { SQSRecord } from 'aws-lambda';
import { createDispatchEvent, type DispatchEvent } from '../../lambdas/dispatch-event/factory.ts';
import { parseAccountId, parseWebhookId } from '../../lambdas/shared/domain/ids.ts';
import { createClientFactory } from '../../lambdas/shared/runtime/aws/clients.ts';
import { systemClock } from '../../lambdas/shared/runtime/clock.ts';
import { sealWith } from '../../lambdas/shared/secrets/seal.ts';
import { encodeItem } from '../../lambdas/shared/store/items.ts';
import { accountVersionKey, dataKeyKey } from '../../lambdas/shared/store/keys.ts';
import { webhookItem } from '../../lambdas/shared/store/webhook-item.ts';
import { type AwsServer, setEnvironment, type TypedItem } from '../sdk-calls/aws-server.ts';

const AT = '2026-01-15T10:30:00.000Z';
const DATA_KEY = Buffer.alloc(32, 7);
const SOCKETS = 50;
const ACCOUNT_ID = defined(parseAccountId('acct_0123456789abcdef'));
/** The only type to which just one webhook of the account subscribes. */
const EVENT_TYPE = 'user.registered';

/** The items of an account with this many active webhooks, of which one subscribes to the events of this benchmark. */
export function itemsOf(webhooks: number): TypedItem[] {
  const keyOnly = { key_only: true };
  return [
    encodeItem({ ...dataKeyKey(1), ...keyOnly, wrapped: Buffer.alloc(184) }),
    encodeItem({ ...accountVersionKey(ACCOUNT_ID), ...keyOnly, version: 2 }),
    ...Array.from({ length: webhooks }, (_, n) => webhook(n)),
  ];
}

function webhook(n: number): TypedItem {
  const id = defined(parseWebhookId(`wh_01kf0k8y20ajdy3g9z${String(n).padStart(6, '0')}`));
  const secret = `whsec_${Buffer.alloc(32, n).toString('base64')}`;
  const sealed = sealWith(createSecretKey(DATA_KEY), secret, { accountId: ACCOUNT_ID, webhookId: id });
  return encodeItem(
    webhookItem({
      id,
      accountId: ACCOUNT_ID,
      url: `https://hooks.customer-${n}.example/v1/incoming/webhooks`,
      events: n === 0 ? [EVENT_TYPE] : ['ppt.generation.completed', 'ppt.generation.failed'],
      description: 'Production, team of the presentations',
      status: 'active',
      verified: true,
      secrets: [{ dataKey: 1, sealed, createdAt: AT }],
      createdAt: AT,
      updatedAt: AT,
    }),
  );
}

/**
 * A new environment of the dispatcher. It sends its AWS calls to the server. Only KMS, which it calls once, is in this
 * process.
 */
export function createDispatcher({ url, ca }: AwsServer, keepListsFrom: number): DispatchEvent {
  setEnvironment({ url });
  const createClient = createClientFactory({ maxSockets: SOCKETS, ca });
  const queueUrl = `${url}/123456789012/queue`;
  return createDispatchEvent({
    settings: {
      webhooksTable: 'webhooks',
      deliveriesTable: 'deliveries',
      recordRetentionDays: 30,
      eventsQueueUrl: queueUrl,
      firstQueueUrl: queueUrl,
      slowQueueUrl: queueUrl,
      undispatchedQueueUrl: queueUrl,
      systemEventSource: 'webhook-fanout.bench',
      retryDelaysSeconds: [1, 5, 30],
      validateEvents: 'off',
      keepListsFrom,
    },
    eventTypes: new Set([EVENT_TYPE]),
    validators: {},
    dynamodb: createClient(DynamoDBClient, 'dynamodb'),
    sqs: createClient(SQSClient, 'sqs'),
    kms: { send: async () => ({ Plaintext: Buffer.from(DATA_KEY) }) },
    clock: systemClock,
    counters: { count: () => undefined, measureLatency: () => undefined },
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
  });
}

/** Dispatches a batch of new events. Throws when one of them is not dispatched. */
export async function dispatchBatch(dispatch: DispatchEvent, events: number): Promise<void> {
  const records = Array.from({ length: events }, receivedEvent);
  const { batchItemFailures } = await dispatch({ Records: records }, Date.now() + 55_000);
  if (batchItemFailures.length > 0) throw new Error(`${batchItemFailures.length} events were not dispatched`);
}

function receivedEvent(): SQSRecord {
  const id = crypto.randomUUID();
  const body = JSON.stringify({
    version: '0',
    id,
    'detail-type': EVENT_TYPE,
    source: 'bench',
    account: '123456789012',
    time: new Date().toISOString(),
    region: 'us-east-1',
    resources: [],
    detail: { account_id: ACCOUNT_ID, data: { user_id: 'user_1', text: 'x'.repeat(900) } },
  });
  return {
    messageId: id,
    receiptHandle: id,
    body,
    attributes: {
      ApproximateReceiveCount: '1',
      SentTimestamp: String(Date.now()),
      SenderId: 'bench',
      ApproximateFirstReceiveTimestamp: String(Date.now()),
    },
    messageAttributes: {},
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN: 'arn:aws:sqs:us-east-1:123456789012:queue',
    awsRegion: 'us-east-1',
  };
}

function defined<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('an id of the benchmark is not valid: choose another');
  return value;
}
