import { createHash } from 'node:crypto';
import { connect } from 'node:net';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { KMSClient } from '@aws-sdk/client-kms';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { systemClock } from '../../lambdas/shared/runtime/clock.ts';
import { createKeyring } from '../../lambdas/shared/secrets/key-ring.ts';
import { createApiKeyStore } from '../../lambdas/shared/store/api-keys.ts';
import { createDeliveryStore } from '../../lambdas/shared/store/deliveries.ts';
import { createListenerDeliveries } from '../../lambdas/shared/store/listener-deliveries.ts';
import { createListenerStore } from '../../lambdas/shared/store/listeners.ts';
import { createWebhookStore } from '../../lambdas/shared/store/webhooks.ts';
import type { Interceptor } from '../../local/aws-calls.ts';
import { createFuzzAccounts } from '../api-fuzz/accounts.ts';
import { createAnswerRules } from '../api-fuzz/answer-rules.ts';
import { fuzzRequests } from '../api-fuzz/requests.ts';
import type { OpenApi } from '../serve-api/support/open-api-contract.ts';
import { type Journey, startJourney } from './support/journey.ts';
import { exchangeBytes, writeRequest } from './support/raw-http.ts';

const REQUESTS = 400;
const VALID = { url: 'https://customer.example/hook', events: ['*'] };

let journey: Journey;
let document: OpenApi;
let port: number;

beforeAll(async () => {
  journey = await startJourney({ assemblyDirectory: inject('assembly') });
  journey.cloud.calls.use(acceptWithoutSending);
  port = journey.cloud.apiPort;
  document = JSON.parse(await (await fetch(`${journey.cloud.apiUrl}/v1/openapi.json`)).text());
});

afterAll(() => journey.close());

/** Accepts challenges without sending them: their host names are random, and would be looked up. */
const acceptWithoutSending: Interceptor = async ({ action, input }, next) => {
  if (action !== 'SendMessageBatch' || !Array.isArray(input.Entries)) return next();
  const accepted = input.Entries.map(({ Id, MessageBody }) => ({
    Id,
    MessageId: Id,
    MD5OfMessageBody: createHash('md5').update(String(MessageBody)).digest('hex'),
  }));
  return { Successful: accepted, Failed: [] };
};

async function createAccounts() {
  // Creating a webhook creates the data key, which seals the secrets of the webhooks that the test writes.
  await journey.api('POST', '/v1/webhooks', VALID);
  const { awsEndpoint: endpoint, region, outputs } = journey.cloud;
  const client = { endpoint, region, credentials: { accessKeyId: 'local', secretAccessKey: 'any' } };
  const table = {
    dynamodb: new DynamoDBClient(client),
    tableName: outputs.WebhooksTableName ?? '',
    clock: systemClock,
  };
  return createFuzzAccounts({
    webhooks: createWebhookStore(table),
    deliveries: createDeliveryStore({ ...table, tableName: outputs.DeliveriesTableName ?? '' }),
    listeners: createListenerStore(table),
    listenerDeliveries: createListenerDeliveries({ ...table, tableName: outputs.DeliveriesTableName ?? '' }),
    apiKeys: createApiKeyStore(table),
    keyring: createKeyring({ ...table, kms: new KMSClient(client) }),
  });
}

const isAlive = async () => (await journey.api('GET', '/v1/webhooks?limit=1')).status === 200;

describe('the deployed API, called over sockets', () => {
  it(`answers ${REQUESTS} hostile requests as the OpenAPI document says, without data of another account`, async () => {
    const accounts = await createAccounts();
    const rules = createAnswerRules(document, []);
    const requests = fuzzRequests(document).filter(({ method }) => method !== 'HEAD');

    await fc.assert(
      fc.asyncProperty(requests, async (request) => {
        const [sent, expected] = accounts.prepare(request);

        const answer = await exchangeBytes(port, writeRequest(sent));

        // Node itself refuses invalid HTTP and long heads. These answers have no content type and no body.
        const isRefusedByNode = answer?.status === 400 || answer?.status === 431;
        if (isRefusedByNode && answer.headers['content-type'] === undefined) return;
        expect(answer && rules.violationsOf(sent, answer, expected), answer?.text).toEqual([]);
        if (answer !== undefined) await accounts.follow(sent, answer);
      }),
      { numRuns: REQUESTS },
    );

    expect(await accounts.victim.isUnchanged()).toBe(true);
    expect(await isAlive()).toBe(true);
    expect(journey.cloud.logs('ServeApi').filter((line) => line.includes('"ERROR"'))).toEqual([]);
  });

  it.each([
    ['bytes that are not HTTP', '\x16\x03\x01\x02\x00\x01\x00\r\n\r\n', [400]],
    ['another version of HTTP', 'GET / HTTP/9.9\r\nHost: a\r\n\r\n', [400]],
    ['a request without a Host header', 'GET /v1/openapi.json HTTP/1.1\r\n\r\n', [400]],
    [
      'two Content-Length headers',
      'POST /v1/webhooks HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab',
      [400],
    ],
    [
      'Content-Length with Transfer-Encoding (request smuggling)',
      'POST /v1/webhooks HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET / HTTP/1.1\r\n\r\n',
      [400],
    ],
    [
      'a chunk without a size',
      'POST /v1/webhooks HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n',
      [400],
    ],
    ['NUL in a header', 'GET / HTTP/1.1\r\nHost: a\r\nX: \0\r\n\r\n', [400]],
    ['a header line that begins with a space', 'GET / HTTP/1.1\r\nHost: a\r\n X: y\r\n\r\n', [400]],
    ['20 KB of headers', `GET / HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`, [431]],
    ['a target of 20 KB', `GET /${'x'.repeat(20_000)} HTTP/1.1\r\nHost: a\r\n\r\n`, [431]],
    [
      'a target on another host',
      'GET http://evil.example/v1/webhooks HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n',
      [401, 404],
    ],
    ['a target of *', 'OPTIONS * HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n', [404]],
    ['CONNECT', 'CONNECT evil.example:443 HTTP/1.1\r\nHost: a\r\n\r\n', [undefined, 404]],
    [
      'an upgrade to another protocol',
      'GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, close\r\nUpgrade: h2c\r\n\r\n',
      [404],
    ],
    ['HEAD', 'HEAD /v1/webhooks HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n', [405]],
  ])('refuses %s and answers the next request', async (_what, bytes, statuses) => {
    const answer = await exchangeBytes(port, Buffer.from(bytes, 'latin1'));

    expect(statuses).toContain(answer?.status);
    expect(answer?.text ?? '').not.toMatch(/ at |node:|\.[tj]s:/);
    expect(await isAlive()).toBe(true);
  });

  it('refuses a body over 10 MiB as the gateway does', async () => {
    const body = Buffer.alloc(10 * 1024 * 1024 + 1, 'a');
    const request = { method: 'POST', target: '/v1/webhooks', headers: [], body };

    const answer = await exchangeBytes(port, writeRequest(request));

    expect(answer?.status).toBe(413);
    expect(JSON.parse(answer?.text ?? '')).toEqual({ message: 'Request Too Long' });
    expect(await isAlive()).toBe(true);
  });

  it('answers the next request after a client closed its connection within a request', async () => {
    const head =
      'POST /v1/webhooks HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{';
    const { promise, resolve } = Promise.withResolvers<void>();
    const socket = connect(port, '127.0.0.1', () => socket.write(head, () => socket.resetAndDestroy()));
    socket.on('close', () => resolve());

    await promise;

    expect(await isAlive()).toBe(true);
  });
});
