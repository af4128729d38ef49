import catalogue from '../../event-types.json' with { type: 'json' };
import type { ApiEvent } from '../../lambdas/serve-api/api-event.ts';
import { createServeApi } from '../../lambdas/serve-api/factory.ts';
import { ROUTES } from '../../lambdas/serve-api/routes.ts';
import { sleep } from '../../lambdas/shared/runtime/clock.ts';
import { createKeyring } from '../../lambdas/shared/secrets/key-ring.ts';
import { createApiKeyStore } from '../../lambdas/shared/store/api-keys.ts';
import { createDeliveryStore } from '../../lambdas/shared/store/deliveries.ts';
import { createListenerDeliveries } from '../../lambdas/shared/store/listener-deliveries.ts';
import { createListenerStore } from '../../lambdas/shared/store/listeners.ts';
import { createWebhookStore } from '../../lambdas/shared/store/webhooks.ts';
import { ADMINISTRATOR, createAwsCalls, type Json } from '../../local/aws-calls.ts';
import { createDynamoDb } from '../../local/dynamodb/service.ts';
import { requestEvent, splitUrl } from '../../local/http-api/request-event.ts';
import { createRouter } from '../../local/http-api/routes.ts';
import { createInProcessClient } from '../../local/in-process-client.ts';
import { createKms } from '../../local/kms/service.ts';
import { createSqsEngine } from '../../local/sqs/engine.ts';
import { createSqsService } from '../../local/sqs/service.ts';
import { API_HOST, textOf, UNUSED_CONTEXT } from '../serve-api/support/gateway-event.ts';
import { NOW } from '../support/builders.ts';
import type { FuzzAnswer, SentRequest } from './answer-rules.ts';
import { ALLOWED_ORIGIN } from './hostile-http.ts';

const [REGION, ACCOUNT] = ['us-east-1', '000000000000'];
const KEY_ARN = `arn:aws:kms:${REGION}:${ACCOUNT}:key/fuzz`;
const [FIRST, SLOW, RECOVERIES] = ['first', 'slow', 'recoveries'].map(
  (name) => `http://127.0.0.1/${ACCOUNT}/${name}`,
);
/** Long enough that random requests do not reach the rate limit of challenges. */
const MS_BETWEEN_REQUESTS = 250;

export type Deployment = Awaited<ReturnType<typeof deployInProcess>>;

/** Runs the API in this process, with the services and the gateway of the local cloud. */
export async function deployInProcess() {
  const clock = { time: NOW, now: () => clock.time, sleep };
  const engine = createSqsEngine({ clock });
  for (const url of [FIRST, SLOW, RECOVERIES]) {
    const name = url?.split('/').at(-1) ?? '';
    engine.createQueue({
      name,
      url: url ?? '',
      arn: `arn:aws:sqs:${REGION}:${ACCOUNT}:${name}`,
      delaySeconds: 0,
      visibilityTimeoutSeconds: 120,
      retentionSeconds: 86_400,
    });
  }
  const dynamodb = createDynamoDb({ region: REGION });
  for (const name of ['webhooks', 'deliveries']) {
    await dynamodb.createTable({ name, partitionKey: 'pk', sortKey: 'sk' });
  }
  const unusedService = { call: async (): Promise<Json> => ({}) };
  const calls = createAwsCalls({
    services: {
      sqs: createSqsService(engine),
      dynamodb,
      events: unusedService,
      kms: createKms({ keys: [{ arn: KEY_ARN }] }),
    },
    authorize: () => undefined,
    meter: { awsCall: () => undefined },
  });
  const clients = {
    dynamodb: createInProcessClient(calls, ADMINISTRATOR, 'dynamodb'),
    sqs: createInProcessClient(calls, ADMINISTRATOR, 'sqs'),
    kms: createInProcessClient(calls, ADMINISTRATOR, 'kms'),
  };
  const logLines: string[] = [];
  const failures: string[] = [];
  const write = (text: string, fields?: unknown): void => {
    logLines.push(JSON.stringify({ text, fields }));
  };
  const fail = (text: string, fields?: unknown): void => {
    write(text, fields);
    failures.push(logLines.at(-1) ?? text);
  };
  const serveApi = createServeApi({
    ...clients,
    settings: {
      webhooksTable: 'webhooks',
      deliveriesTable: 'deliveries',
      recordRetentionDays: 30,
      firstQueueUrl: FIRST ?? '',
      slowQueueUrl: SLOW ?? '',
      recoveriesQueueUrl: RECOVERIES ?? '',
      recoveryRate: 50,
      kmsKeyId: KEY_ARN,
      retryDelaysSeconds: [1, 5, 30],
      disableAfter: { exhausted: 20, hours: 1 },
      allowPrivateEndpoints: false,
      corsOrigins: [ALLOWED_ORIGIN],
      apiHosts: [],
      servesConsole: true,
    },
    catalogue,
    clock,
    counters: { count: () => undefined, measureLatency: () => undefined },
    log: { info: write, warn: write, error: fail },
  });
  const findRoute = createRouter([
    ...ROUTES.map(({ method, path }) => ({ key: `${method} ${path}` })),
    { key: '$default' },
  ]);
  const table = { dynamodb: clients.dynamodb, tableName: 'webhooks', clock };

  return {
    clock,
    logLines,
    /** The log lines of failures on our side. */
    failures,
    apiKeys: createApiKeyStore(table),
    webhooks: createWebhookStore(table),
    deliveries: createDeliveryStore({ dynamodb: clients.dynamodb, tableName: 'deliveries' }),
    listeners: createListenerStore(table),
    listenerDeliveries: createListenerDeliveries({ dynamodb: clients.dynamodb, tableName: 'deliveries' }),
    keyring: createKeyring({ ...table, kms: clients.kms, kmsKeyId: KEY_ARN }),
    async send(request: SentRequest): Promise<FuzzAnswer> {
      clock.time += MS_BETWEEN_REQUESTS;
      const { rawPath } = splitUrl(request.target);
      const match = findRoute(request.method, rawPath);
      const event = requestEvent(
        {
          ...request,
          url: request.target,
          httpVersion: '1.1',
          headersDistinct: toDistinctHeaders(request.headers),
          socket: {},
        },
        {
          accountId: ACCOUNT ?? '',
          apiId: 'fuzz',
          stageName: '$default',
          routeKey: match?.route.key ?? '$default',
          pathParameters: match?.pathParameters,
          requestId: 'request-1',
          now: clock.time,
          body: request.body ?? Buffer.alloc(0),
        },
      );
      // As JSON, like the Lambda service passes it.
      const received: ApiEvent = JSON.parse(JSON.stringify(event));
      const result = await serveApi(received, UNUSED_CONTEXT);
      return { status: result.statusCode, headers: result.headers, text: textOf(result) };
    },
    /** All items of a table, read without a store. */
    async items(tableName: 'webhooks' | 'deliveries'): Promise<Json[]> {
      const { Items } = await dynamodb.call('Scan', { TableName: tableName }, UNUSED_METER);
      return Array.isArray(Items) ? Items : [];
    },
    /** The bodies of all queued messages. */
    queued: (): string[] =>
      [FIRST, SLOW, RECOVERIES].flatMap((queueUrl) =>
        engine.receive({ queueUrl: queueUrl ?? '', max: 100_000 }).map(({ message }) => message.body),
      ),
    close: () => dynamodb.close(),
  };
}

const UNUSED_METER = { principal: ADMINISTRATOR, useUnits: () => undefined };

/** The headers in the form of Node's `headersDistinct`: all values by lower-case name. Adds a host. */
function toDistinctHeaders(headers: SentRequest['headers']): Record<string, string[]> {
  const byName = Map.groupBy(headers, ([name]) => name.toLowerCase());
  const values = [...byName].map(([name, all]): [string, string[]] => [name, all.map(([, value]) => value)]);
  return Object.fromEntries([['host', [API_HOST]], ...values]);
}
