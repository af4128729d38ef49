import { createHash } from 'node:crypto';
import { connect } from 'node:net';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { KMSClient } from '@aws-sdk/client-kms';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { createKeyring } from '../../lambdas/shared/secrets/key-ring.ts';
import { createApiKeyStore } from '../../lambdas/shared/store/api-keys.ts';
import { createDeliveryStore } from '../../lambdas/shared/store/deliveries.ts';
import { createWebhookStore } from '../../lambdas/shared/store/webhooks.ts';
import type { Interceptor } from '../../local/calls.ts';
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
  journey.cloud.calls.use(acceptAndForget);
  port = journey.cloud.apiPort;
  document = JSON.parse(await (await fetch(`${journey.cloud.apiUrl}/v1/openapi.json`)).text());
});

afterAll(() => journey.close());

/** Challenges go nowhere: they would look up the names that the requests make up. */
const acceptAndForget: Interceptor = async ({ action, input }, next) => {
  if (action !== 'SendMessageBatch' || !Array.isArray(input.Entries)) return next();
  const accepted = input.Entries.map(({ Id, MessageBody }) => ({
    Id,
    MessageId: Id,
    MD5OfMessageBody: createHash('md5').update(String(MessageBody)).digest('hex'),
  }));
  return { Successful: accepted, Failed: [] };
};

async function plantedAccounts() {
  // The first webhook brings the data key that seals the planted ones' secrets.
  await journey.api('POST', '/v1/webhooks', VALID);
  const { awsEndpoint: endpoint, region, outputs } = journey.cloud;
  const client = { endpoint, region, credentials: { accessKeyId: 'local', secretAccessKey: 'any' } };
  const table = { dynamodb: new DynamoDBClient(client), tableName: outputs.WebhooksTableName ?? '' };
  return createFuzzAccounts({
    webhooks: createWebhookStore(table),
    deliveries: createDeliveryStore({ ...table, tableName: outputs.DeliveriesTableName ?? '' }),
    apiKeys: createApiKeyStore(table),
    keyring: createKeyring({ ...table, kms: new KMSClient(client) }),
  });
}

const isAlive = async () => (await journey.api('GET', '/v1/webhooks?limit=1')).status === 200;

describe('the deployed API, over sockets', () => {
  it(`answers ${REQUESTS} hostile requests as its document says, and shows nobody another's data`, async () => {
    const accounts = await plantedAccounts();
    const rules = createAnswerRules(document);
    const requests = fuzzRequests(document).filter(({ method }) => method !== 'HEAD');

    await fc.assert(
      fc.asyncProperty(requests, async (request) => {
        const [sent, expected] = accounts.prepare(request);

        const answer = await exchangeBytes(port, writeRequest(sent));

        // Node's own refusal, of what is no HTTP or has too long a head, has neither a type nor a body.
        const isNodes = answer?.status === 400 || answer?.status === 431;
        if (isNodes && answer.headers['content-type'] === undefined) return;
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
    ['bytes that are no HTTP', '\x16\x03\x01\x02\x00\x01\x00\r\n\r\n', [400]],
    ['another version of HTTP', 'GET / HTTP/9.9\r\nHost: a\r\n\r\n', [400]],
    ['no host', 'GET /v1/openapi.json HTTP/1.1\r\n\r\n', [400]],
    [
      'two lengths',
      'POST /v1/webhooks HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab',
      [400],
    ],
    [
      'a length and chunks, to smuggle a request',
      'POST /v1/webhooks HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET / HTTP/1.1\r\n\r\n',
      [400],
    ],
    [
      'chunks of no size',
      'POST /v1/webhooks HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n',
      [400],
    ],
    ['NUL in a header', 'GET / HTTP/1.1\r\nHost: a\r\nX: \0\r\n\r\n', [400]],
    ['a line break in a name', 'GET / HTTP/1.1\r\nHost: a\r\n X: y\r\n\r\n', [400]],
    ['20 KB of headers', `GET / HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`, [431]],
    ['a target of 20 KB', `GET /${'x'.repeat(20_000)} HTTP/1.1\r\nHost: a\r\n\r\n`, [431]],
    [
      'a target on another host',
      'GET http://evil.example/v1/webhooks HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n',
      [401, 404],
    ],
    ['a target of *', 'OPTIONS * HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n', [404]],
    ['a tunnel', 'CONNECT evil.example:443 HTTP/1.1\r\nHost: a\r\n\r\n', [undefined, 404]],
    [
      'another protocol',
      'GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, close\r\nUpgrade: h2c\r\n\r\n',
      [404],
    ],
    ['only headers', 'HEAD /v1/webhooks HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n', [405]],
  ])('refuses %s and goes on', async (_what, bytes, statuses) => {
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

  it('is not moved by a caller who leaves in the middle', async () => {
    const head =
      'POST /v1/webhooks HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{';
    const { promise, resolve } = Promise.withResolvers<void>();
    const socket = connect(port, '127.0.0.1', () => socket.write(head, () => socket.resetAndDestroy()));
    socket.on('close', () => resolve());

    await promise;

    expect(await isAlive()).toBe(true);
  });
});
