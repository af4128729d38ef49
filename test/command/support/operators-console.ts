import { request as httpRequest } from 'node:http';
import { onTestFinished } from 'vitest';
import { createAccountKeys } from '../../../command/console/account-keys.ts';
import { createOperatorApi } from '../../../command/console/operator-api.ts';
import { startConsoleServer } from '../../../command/console/server.ts';
import { OPERATOR_QUEUES } from '../../../command/console/views.ts';
import { recordMoves } from '../../../command/shared/record-change.ts';
import type { Target } from '../../../command/shared/target.ts';
import { compress, staticFile } from '../../../lambdas/serve-console/static-files.ts';
import { systemClock } from '../../../lambdas/shared/runtime/clock.ts';
import { createApiKeyStore } from '../../../lambdas/shared/store/api-keys.ts';
import { REGION, startServices } from '../../local/endpoint-builder.ts';
import { type Answer, type Request, startHttpServer } from '../../support/http-server.ts';

const PAGE = '<!doctype html><html><head><title>Webhooks</title></head></html>';

interface ConsoleOptions {
  readonly readOnly?: boolean;
  /** A stack on AWS, and the endpoint of its alarms. Default: the local cloud. */
  readonly aws?: { readonly stack: string; readonly clientSettings: Target['clientSettings'] };
  /** Default: 200 with `{}`. */
  readonly apiAnswer?: (request: Request) => Answer;
}

/** The server of the operators' console, with the services of the local cloud and an API that records its requests. */
export async function startOperatorsConsole({
  readOnly = false,
  aws,
  apiAnswer = () => ({ status: 200, body: '{}', headers: { 'content-type': 'application/json' } }),
}: ConsoleOptions = {}) {
  const apiRequests: Request[] = [];
  const api = await startHttpServer((request) => {
    apiRequests.push(request);
    return apiAnswer(request);
  });
  const services = await startServices();
  for (const table of ['webhooks', 'deliveries']) {
    await services.dynamodb.createTable({ name: table, partitionKey: 'pk', sortKey: 'sk' });
  }
  const url = (name: string): string => services.createQueue(name).url;
  const [first, events, retry1] = [url('first'), url('events'), url('retry1')];
  const operatorQueues = Object.fromEntries(OPERATOR_QUEUES.map((name) => [name, url(name)]));
  const target: Target = {
    kind: aws === undefined ? 'local' : 'aws',
    outputs: {
      ApiUrl: api.url,
      WebhooksTableName: 'webhooks',
      DeliveriesTableName: 'deliveries',
      FirstQueueUrl: first,
      EventsQueueUrl: events,
      Retry1QueueUrl: retry1,
      ...Object.fromEntries(
        Object.entries(operatorQueues).map(([name, value]) => [
          `${name.charAt(0).toUpperCase()}${name.slice(1)}QueueUrl`,
          value,
        ]),
      ),
    },
    clientSettings: aws?.clientSettings ?? {
      endpoint: services.endpoint.url,
      region: REGION,
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    },
  };
  // An empty queue is reported at once.
  services.use(({ action, input }, next) =>
    next(action === 'ReceiveMessage' ? { ...input, WaitTimeSeconds: 0 } : input),
  );
  const dynamodb = services.dynamodbOf();
  const apiKeys = createApiKeyStore({ dynamodb, tableName: 'webhooks' });
  const keys = createAccountKeys(apiKeys, systemClock);
  const warnings: string[] = [];
  const server = await startConsoleServer({
    port: 0,
    files: new Map([['index.html', staticFile('index.html', compress(PAGE))]]),
    apiUrl: api.url,
    keyOf: keys.keyOf,
    readOnly,
    operatorApi: createOperatorApi({
      ...{ target, stack: aws?.stack, dynamodb, sqs: services.sqsOf(), timer: systemClock },
      ...{ operator: 'ann', readOnly },
      recordMoves: (change, move) =>
        recordMoves(target, change, { warn: (line) => warnings.push(line) }, move),
    }),
  });
  onTestFinished(async () => {
    await server.close();
    await services.close();
    await api.close();
  });
  const { origin, host, hash } = new URL(server.url);
  const token = new URLSearchParams(hash.slice(1)).get('operator') ?? '';

  return {
    url: server.url,
    origin,
    host,
    token,
    api: { url: api.url, requests: apiRequests },
    apiKeys,
    endKeys: keys.end,
    services,
    dynamodb,
    warnings,
    queueUrl: (name: string): string => operatorQueues[name] ?? { first, events, retry1 }[name] ?? '',
    /** A request with exactly these headers, which `fetch` would not send. */
    send: (method: string, path: string, headers: Readonly<Record<string, string>> = {}, body?: string) =>
      sendRaw(origin, method, path, { host, ...headers }, body),
    /** As the page calls. */
    async call(method: string, path: string, body?: unknown, account?: string) {
      const { status, text } = await sendRaw(
        origin,
        method,
        path,
        {
          host,
          origin,
          authorization: `Bearer ${token}${account === undefined ? '' : `.${account}`}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        body === undefined ? undefined : JSON.stringify(body),
      );
      return { status, body: JSON.parse(text) };
    },
  };
}

export type OperatorsConsole = Awaited<ReturnType<typeof startOperatorsConsole>>;

function sendRaw(
  origin: string,
  method: string,
  path: string,
  headers: Readonly<Record<string, string>>,
  body?: string,
): Promise<{ status: number; headers: Record<string, unknown>; text: string }> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(`${origin}${path}`, { method, headers }, async (response) => {
      let text = '';
      for await (const chunk of response.setEncoding('utf8')) text += chunk;
      resolve({ status: response.statusCode ?? 0, headers: response.headers, text });
    });
    request.once('error', reject);
    request.end(body);
  });
}
