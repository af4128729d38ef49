import { randomUUID } from 'node:crypto';
import { BatchWriteItemCommand } from '@aws-sdk/client-dynamodb';
import catalogue from 'webhook-fanout-catalogue' with { type: 'json' };
import { createPortalLink } from '../../../lambdas/create-portal-link/factory.ts';
import { createServeApi } from '../../../lambdas/serve-api/factory.ts';
import { CANARY_PATH } from '../../../lambdas/shared/domain/canary.ts';
import type { AccountId } from '../../../lambdas/shared/domain/ids.ts';
import type { Webhook } from '../../../lambdas/shared/domain/webhook.ts';
import { inChunks } from '../../../lambdas/shared/runtime/chunks.ts';
import { createApiKeyStore } from '../../../lambdas/shared/store/api-keys.ts';
import { createAuditLog } from '../../../lambdas/shared/store/audit-log.ts';
import { createDeliveryStore } from '../../../lambdas/shared/store/deliveries.ts';
import { encodeItem } from '../../../lambdas/shared/store/items.ts';
import { createListenerDeliveries } from '../../../lambdas/shared/store/listener-deliveries.ts';
import { createListenerStore } from '../../../lambdas/shared/store/listeners.ts';
import { createRateLimits, type RateLimit } from '../../../lambdas/shared/store/rate-limits.ts';
import { createRecoveryStore } from '../../../lambdas/shared/store/recoveries.ts';
import { createSessionStore } from '../../../lambdas/shared/store/sessions.ts';
import { webhookItem } from '../../../lambdas/shared/store/webhook-item.ts';
import { createWebhookStore } from '../../../lambdas/shared/store/webhooks.ts';
import { ADMINISTRATOR } from '../../../local/aws-calls.ts';
import { createInProcessClient } from '../../../local/in-process-client.ts';
import { accountId, NOW } from '../../support/builders.ts';
import { createDynamoDbCalls } from '../../support/dynamodb-server.ts';
import { createTestTimer } from '../../support/test-timer.ts';
import {
  faultyDynamoDb,
  inMemoryKms,
  noFaults,
  type QueuedDelivery,
  recordingSqs,
  repeatingDynamoDb,
} from './faulty-services.ts';
import { type CallOptions, gatewayEvent, routeOfAnswer, textOf, UNUSED_CONTEXT } from './gateway-event.ts';
import { type Answer, createContract } from './open-api-contract.ts';

const WEBHOOKS_TABLE = 'webhooks';
export const DELIVERIES_TABLE = 'deliveries';
export const CONSOLE_URL = 'https://api.example/console/webhooks';

export type Api = Awaited<ReturnType<typeof startApi>>;
export type Caller = Awaited<ReturnType<Api['newCaller']>>;

/**
 * The API with its own DynamoDB, and queues that keep their messages. Every answer is checked against the OpenAPI
 * document. Call `close` at the end.
 */
export async function startApi(
  settings: {
    allowPrivateEndpoints?: boolean;
    corsOrigins?: readonly string[];
    apiHosts?: readonly string[];
    recordRetentionDays?: number;
    canaryUrl?: string;
    servesConsole?: boolean;
  } = {},
) {
  let readUnits = 0;
  const { calls, close } = await createDynamoDbCalls([WEBHOOKS_TABLE, DELIVERIES_TABLE], {
    awsCall: (_call, { units }) => {
      readUnits += units.read;
    },
  });
  const dynamodb = createInProcessClient(calls, ADMINISTRATOR, 'dynamodb');
  const faults = noFaults();
  const clock = { time: NOW, now: () => clock.time, sleep: createTestTimer().sleep };
  const logLines: string[] = [];
  const counted: string[] = [];
  const write = (text: string, fields?: unknown): void => {
    logLines.push(JSON.stringify({ text, fields }));
  };
  const queued: QueuedDelivery[] = [];
  const kms = inMemoryKms(faults);
  const queuedRecoveries: string[] = [];
  const dynamodbWithFaults = faultyDynamoDb(dynamodb, faults);
  const counters = { count: (name: string) => counted.push(name), measureLatency: () => undefined };
  const log = { info: write, warn: write, error: write };
  const portal = createPortalLink({
    settings: { deliveriesTable: DELIVERIES_TABLE, consoleUrl: CONSOLE_URL },
    ...{ dynamodb: dynamodbWithFaults, clock, counters, log },
  });
  const serveApi = createServeApi({
    settings: {
      webhooksTable: WEBHOOKS_TABLE,
      deliveriesTable: DELIVERIES_TABLE,
      recordRetentionDays: settings.recordRetentionDays ?? 30,
      firstQueueUrl: 'first',
      slowQueueUrl: 'slow',
      recoveriesQueueUrl: 'recoveries',
      recoveryRate: 50,
      kmsKeyId: 'key-1',
      retryDelaysSeconds: [1, 5, 30],
      disableAfter: { exhausted: 20, hours: 1 },
      allowPrivateEndpoints: settings.allowPrivateEndpoints ?? false,
      corsOrigins: settings.corsOrigins ?? [],
      apiHosts: settings.apiHosts ?? [],
      servesConsole: settings.servesConsole ?? true,
      ...(settings.canaryUrl === undefined ? {} : { canaryUrl: settings.canaryUrl }),
    },
    catalogue,
    dynamodb: repeatingDynamoDb(dynamodbWithFaults, faults),
    sqs: recordingSqs(queued, queuedRecoveries, faults),
    kms,
    clock,
    counters,
    log,
  });
  const contract = createContract();
  const apiKeys = createApiKeyStore({ dynamodb, tableName: WEBHOOKS_TABLE });

  const call = async (method: string, path: string, options: CallOptions = {}): Promise<Answer> => {
    const result = await serveApi(gatewayEvent(method, path, options), UNUSED_CONTEXT);
    const text = textOf(result);
    const answer: Answer = {
      status: result.statusCode,
      headers: result.headers,
      text,
      body: text === '' ? undefined : JSON.parse(text),
    };
    // Not for customers, and so not in the document.
    if (path === CANARY_PATH && settings.canaryUrl !== undefined) return answer;
    contract.check(routeOfAnswer(method, path, answer, options), answer);
    return answer;
  };

  return {
    call,
    queued,
    /** The texts of the messages on the recoveries queue. */
    queuedRecoveries,
    faults,
    clock,
    logLines,
    /** DynamoDB's read units since the start. */
    readUnits: () => readUnits,
    /** Counters, by name. */
    counted,
    apiKeys,
    audit: createAuditLog({ dynamodb, tableName: DELIVERIES_TABLE }),
    sessions: createSessionStore({ dynamodb, tableName: DELIVERIES_TABLE }),
    portal,
    webhooks: createWebhookStore({ dynamodb, tableName: WEBHOOKS_TABLE, clock }),
    deliveries: createDeliveryStore({ dynamodb, tableName: DELIVERIES_TABLE }),
    listeners: createListenerStore({ dynamodb, tableName: WEBHOOKS_TABLE, clock }),
    listenerDeliveries: createListenerDeliveries({ dynamodb, tableName: DELIVERIES_TABLE }),
    recoveries: createRecoveryStore({ dynamodb, tableName: DELIVERIES_TABLE }),
    dynamodb: dynamodbWithFaults,
    kms,
    webhooksTable: WEBHOOKS_TABLE,
    deliveriesTable: DELIVERIES_TABLE,
    /** Uses up a share of an account's limit, without the calls. */
    async take({ account }: { readonly account: AccountId }, limit: RateLimit, times: number): Promise<void> {
      const rateLimits = createRateLimits({ dynamodb, tableName: WEBHOOKS_TABLE });
      for (let n = 0; n < times; n++) await rateLimits.take(account, limit, clock.time);
    },
    /** Writes to the table directly, which is faster than a thousand calls. */
    async addWebhooks(webhooks: readonly Webhook[]): Promise<void> {
      for (const chunk of inChunks(webhooks, 25)) {
        const puts = chunk.map((webhook) => ({ PutRequest: { Item: encodeItem(webhookItem(webhook)) } }));
        await dynamodb.send(new BatchWriteItemCommand({ RequestItems: { [WEBHOOKS_TABLE]: puts } }));
      }
    },
    /** Creates an account with its own key. */
    async newCaller() {
      const account: AccountId = accountId(`acct_${randomUUID()}`);
      const { key } = await apiKeys.create(account, 'test', NOW);
      return {
        account,
        key,
        call: (method: string, path: string, options: CallOptions = {}) =>
          call(method, path, { ...options, headers: { authorization: `Bearer ${key}`, ...options.headers } }),
        queued: () => queued.filter(({ message }) => message.accountId === account),
      };
    },
    close,
  };
}
