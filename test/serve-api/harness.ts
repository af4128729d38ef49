import { randomBytes, randomUUID } from 'node:crypto';
import { BatchWriteItemCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { KMSClient } from '@aws-sdk/client-kms';
import type { SQSClient } from '@aws-sdk/client-sqs';
import type { Context } from 'aws-lambda';
import catalogue from 'webhook-fanout-catalogue' with { type: 'json' };
import { createServeApi } from '../../lambdas/serve-api/factory.ts';
import type { ApiEvent } from '../../lambdas/serve-api/request.ts';
import { ROUTES } from '../../lambdas/serve-api/routes.ts';
import type { DeliveryMessage } from '../../lambdas/shared/domain/delivery.ts';
import type { AccountId } from '../../lambdas/shared/domain/ids.ts';
import { decodeMessage } from '../../lambdas/shared/domain/message.ts';
import type { Webhook } from '../../lambdas/shared/domain/webhook.ts';
import { inChunks } from '../../lambdas/shared/runtime/chunks.ts';
import { sleep } from '../../lambdas/shared/runtime/clock.ts';
import { createApiKeyStore } from '../../lambdas/shared/store/api-keys.ts';
import type { DynamoDB } from '../../lambdas/shared/store/client.ts';
import { createDeliveryStore } from '../../lambdas/shared/store/deliveries.ts';
import { encodeItem } from '../../lambdas/shared/store/items.ts';
import { webhookItem } from '../../lambdas/shared/store/webhook-item.ts';
import { createWebhookStore } from '../../lambdas/shared/store/webhooks.ts';
import { accountId, NOW } from '../support/builders.ts';
import { startDynamoDbServer } from '../support/dynamodb-server.ts';
import { contractOf } from './contract.ts';

const WEBHOOKS_TABLE = 'webhooks';
const DELIVERIES_TABLE = 'deliveries';
export const API_HOST = 'api.operator.example';

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** The parsed body; undefined when there is none. */
  readonly body: unknown;
  readonly text: string;
}

/**
 * The handling of a percent-encoded path, which AWS does not document. `sent`: routes are matched with the path as sent,
 * and the function gets the decoded path. `decoded`: routes are matched with the decoded path, too. `raw`: nothing is
 * decoded. Users of AWS report that the function gets a decoded path.
 */
export type GatewayRouting = 'sent' | 'decoded' | 'raw';

/** Headers with an undefined value are left out. */
export interface CallOptions {
  readonly json?: unknown;
  readonly raw?: string;
  readonly isBase64Encoded?: boolean;
  readonly headers?: Readonly<Record<string, string | undefined>>;
  readonly query?: Readonly<Record<string, string>>;
  /** The name that the API is called by. @default API_HOST */
  readonly host?: string;
  /** @default 'sent' */
  readonly gateway?: GatewayRouting;
}

export type Api = Awaited<ReturnType<typeof startApi>>;
export type Caller = Awaited<ReturnType<Api['newCaller']>>;

/** The API with its own DynamoDB, and queues that keep their messages. Close it at the end. */
export async function startApi(settings: { allowPrivateEndpoints?: boolean } = {}) {
  const server = await startDynamoDbServer([WEBHOOKS_TABLE, DELIVERIES_TABLE]);
  const dynamodb = new DynamoDBClient({
    endpoint: server.endpoint,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  const faults = {
    dynamodb: (_command: string): boolean => false,
    sqs: false,
    kms: false,
    /** Runs once, just before the next command of that name, like other calls at the same time. */
    before: undefined as { readonly command: string; readonly run: () => Promise<unknown> } | undefined,
    /** The next write of a webhook is sent twice, like by the SDK when the first response was lost. */
    repeat: false,
  };
  const clock = { time: NOW, now: () => clock.time, sleep };
  const logLines: string[] = [];
  const write = (text: string, fields?: unknown): void => {
    logLines.push(JSON.stringify({ text, fields }));
  };
  const queued: { queueUrl: string; message: DeliveryMessage }[] = [];
  const faultyDynamodb = interfering(dynamodb, async (command) => {
    const { before } = faults;
    if (before?.command === command) {
      faults.before = undefined;
      await before.run();
    }
    if (faults.dynamodb(command)) throw serviceError('ProvisionedThroughputExceededException');
  });
  const repeating: DynamoDB = {
    send: fake(async (command: { input: { ReturnValues?: string; Item?: object } }) => {
      const isWrite = command.input.ReturnValues === 'ALL_NEW' || command.input.Item !== undefined;
      const send = (): Promise<unknown> => Reflect.apply(faultyDynamodb.send, undefined, [command]);
      if (!faults.repeat || !isWrite) return send();
      faults.repeat = false;
      await send();
      return send();
    }),
  };
  const serveApi = createServeApi({
    settings: {
      webhooksTable: WEBHOOKS_TABLE,
      deliveriesTable: DELIVERIES_TABLE,
      firstQueueUrl: 'first',
      slowQueueUrl: 'slow',
      kmsKeyId: 'key-1',
      retryDelaysSeconds: [1, 5, 30],
      allowPrivateEndpoints: settings.allowPrivateEndpoints ?? false,
    },
    catalogue,
    dynamodb: repeating,
    sqs: fakeSqs(queued, () => faults.sqs),
    kms: fakeKms(() => faults.kms),
    clock,
    log: { info: write, warn: write, error: write },
  });
  const contract = contractOf();
  const apiKeys = createApiKeyStore({ dynamodb, tableName: WEBHOOKS_TABLE });

  const call = async (method: string, path: string, options: CallOptions = {}): Promise<Answer> => {
    const result = await serveApi(eventOf(method, path, options), NO_CONTEXT);
    const answer: Answer = {
      status: result.statusCode,
      headers: result.headers,
      text: result.body,
      body: result.body === '' ? undefined : JSON.parse(result.body),
    };
    contract.check(routeOf(method, path, answer, options), answer);
    return answer;
  };

  return {
    call,
    queued,
    faults,
    clock,
    logLines,
    apiKeys,
    webhooks: createWebhookStore({ dynamodb, tableName: WEBHOOKS_TABLE }),
    deliveries: createDeliveryStore({ dynamodb, tableName: DELIVERIES_TABLE }),
    dynamodb: faultyDynamodb,
    webhooksTable: WEBHOOKS_TABLE,
    /** Writes to the table directly, which is faster than a thousand calls. */
    async addWebhooks(webhooks: readonly Webhook[]): Promise<void> {
      for (const chunk of inChunks(webhooks, 25)) {
        const puts = chunk.map((webhook) => ({ PutRequest: { Item: encodeItem(webhookItem(webhook)) } }));
        await dynamodb.send(new BatchWriteItemCommand({ RequestItems: { [WEBHOOKS_TABLE]: puts } }));
      }
    },
    /** Another account with its own key. */
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
    async close() {
      dynamodb.destroy();
      await server.close();
    },
  };
}

const NO_CONTEXT: Context = {
  callbackWaitsForEmptyEventLoop: false,
  functionName: 'serve-api',
  functionVersion: '1',
  invokedFunctionArn: 'arn:aws:lambda:eu-west-1:111111111111:function:serve-api',
  memoryLimitInMB: '256',
  awsRequestId: 'request-1',
  logGroupName: 'log',
  logStreamName: 'stream',
  getRemainingTimeInMillis: () => 10_000,
  done: () => undefined,
  fail: () => undefined,
  succeed: () => undefined,
};

/** The call that gave the answer; undefined for an answer of the routing itself. */
function routeOf(method: string, path: string, { status }: Answer, { gateway = 'sent' }: CallOptions) {
  const matched = matchRoute(method, gateway === 'decoded' ? decodePath(path) : path);
  if (matched !== undefined) return matched.route;
  return status === 404 || status === 405 ? undefined : matchRoute(method, decodePath(path))?.route;
}

/** As in the gateway, a literal path takes precedence over one with a parameter. */
function matchRoute(method: string, path: string) {
  const candidates = [...ROUTES].sort((a, b) => Number(a.path.includes('{')) - Number(b.path.includes('{')));
  for (const route of candidates) {
    const pattern = new RegExp(`^${route.path.replace('{webhook_id}', '(?<webhook_id>[^/]+)')}$`);
    const match = pattern.exec(path);
    if (route.method === method && match !== null) return { route, parameters: { ...match.groups } };
  }
  return undefined;
}

function eventOf(method: string, path: string, options: CallOptions): ApiEvent {
  const { gateway = 'sent' } = options;
  const matched = matchRoute(method, gateway === 'decoded' ? decodePath(path) : path);
  const routeKey = matched === undefined ? '$default' : `${method} ${matched.route.path}`;
  const body = options.json === undefined ? options.raw : JSON.stringify(options.json);
  const headers = {
    ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    ...options.headers,
  };
  return {
    version: '2.0',
    routeKey,
    rawPath: gateway === 'raw' ? path : decodePath(path),
    rawQueryString: new URLSearchParams(options.query).toString(),
    headers: Object.fromEntries(
      Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
    ),
    ...(options.query === undefined ? {} : { queryStringParameters: options.query }),
    ...(matched === undefined ? {} : { pathParameters: decodeAll(matched.parameters) }),
    ...(body === undefined ? {} : { body }),
    isBase64Encoded: options.isBase64Encoded ?? false,
    requestContext: {
      accountId: '111111111111',
      apiId: 'api',
      domainName: options.host ?? API_HOST,
      domainPrefix: 'api',
      http: { method, path, protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: 'test' },
      requestId: 'request-1',
      routeKey,
      stage: '$default',
      time: '15/Jan/2026:10:30:00 +0000',
      timeEpoch: NOW,
    },
  };
}

function decodeAll(parameters: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, decodePath(value)]));
}

function decodePath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

function interfering(dynamodb: DynamoDB, interfere: (command: string) => Promise<void>): DynamoDB {
  const send = async (command: object, ...rest: unknown[]) => {
    await interfere(command.constructor.name);
    return Reflect.apply(dynamodb.send, dynamodb, [command, ...rest]);
  };
  return { send: fake(send) };
}

function fakeSqs(
  queued: { queueUrl: string; message: DeliveryMessage }[],
  isDown: () => boolean,
): Pick<SQSClient, 'send'> {
  const send = async (command: {
    input: { QueueUrl: string; Entries: { Id: string; MessageBody: string }[] };
  }) => {
    if (isDown()) throw serviceError('ServiceUnavailable');
    for (const { MessageBody } of command.input.Entries) {
      const decoded = decodeMessage(MessageBody);
      if (!decoded.ok) throw new Error(`the API queued poison: ${decoded.reason}`);
      queued.push({ queueUrl: command.input.QueueUrl, message: decoded.message });
    }
    return { Successful: command.input.Entries.map(({ Id }) => ({ Id })) };
  };
  return { send: fake(send) };
}

/** Keeps the plain text of the keys that it wraps. */
function fakeKms(isDown: () => boolean): Pick<KMSClient, 'send'> {
  const wrapped = new Map<string, Buffer>();
  const send = async (command: { input: { CiphertextBlob?: Uint8Array } }) => {
    if (isDown()) throw serviceError('KMSInternalException');
    const { CiphertextBlob } = command.input;
    if (CiphertextBlob !== undefined) {
      return { Plaintext: Buffer.from(wrapped.get(Buffer.from(CiphertextBlob).toString('hex')) ?? '') };
    }
    const [Plaintext, blob] = [randomBytes(32), randomBytes(64)];
    wrapped.set(blob.toString('hex'), Buffer.from(Plaintext));
    return { Plaintext, CiphertextBlob: blob };
  };
  return { send: fake(send) };
}

/** `send` of SDK clients has too many overloads for a fake. */
function fake<Send>(send: (command: never) => Promise<unknown>): Send {
  return send as Send;
}

function serviceError(name: string): Error {
  return Object.assign(new Error('the service is down'), { name });
}
