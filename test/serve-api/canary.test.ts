import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CANARY_ACCOUNT } from '../../lambdas/shared/domain/canary.ts';
import { sign, timestampOf } from '../../lambdas/shared/signing/sign.ts';
import { NOW } from '../support/builders.ts';
import { API_HOST } from './support/gateway-event.ts';
import { type Api, startApi } from './support/start-api.ts';

const CANARY_URL = `https://${API_HOST}/v1/canary`;
const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const EVENT = JSON.stringify({
  id: 'evt_1',
  type: 'webhook.canary',
  created: '2026-01-15T10:30:00Z',
  data: {},
});
const CHALLENGE = JSON.stringify({ type: 'webhook.verification', data: { challenge: 'abc' } });
const MINUTE_MS = 60_000;

let api: Api;
let key: string;
beforeAll(async () => {
  api = await startApi({ canaryUrl: CANARY_URL });
  ({ key } = await api.apiKeys.create(CANARY_ACCOUNT, 'test', NOW));
  expect((await register({})).status).toBe(201);
});
afterAll(() => api.close());

function register(change: Record<string, unknown>, apiKey = key) {
  return api.call('POST', '/v1/webhooks', {
    headers: { authorization: `Bearer ${apiKey}` },
    json: { url: CANARY_URL, events: ['webhook.canary'], secret: SECRET, ...change },
  });
}

/** A request as the sender makes it. */
function deliver(
  of: {
    readonly body?: string;
    readonly sent?: string;
    readonly secret?: string;
    readonly signedAt?: number;
    readonly headers?: Record<string, string | undefined>;
    readonly base64?: boolean;
  } = {},
) {
  const { body = EVENT, secret = SECRET, signedAt = NOW, headers = {}, base64 = false } = of;
  const { standard } = sign({ secrets: [secret], eventId: 'evt_1', signedAt, body });
  const sent = of.sent ?? body;
  return api.call('POST', '/v1/canary', {
    raw: base64 ? Buffer.from(sent).toString('base64') : sent,
    isBase64Encoded: base64,
    headers: {
      'webhook-id': 'evt_1',
      'webhook-timestamp': String(timestampOf(signedAt)),
      'webhook-signature': standard,
      ...headers,
    },
  });
}

const received = (): number => api.counted.filter((name) => name === 'canary_received').length;

describe('a delivery to the canary', () => {
  it.each([false, true])('is answered with 200 and counted, in base64: %s', async (base64) => {
    const before = received();

    expect(await deliver({ base64 })).toMatchObject({ status: 200 });
    expect(received()).toBe(before + 1);
  });

  it('with a challenge is answered with it, and not counted', async () => {
    const before = received();

    expect(await deliver({ body: CHALLENGE })).toMatchObject({ status: 200, body: { challenge: 'abc' } });
    expect(received()).toBe(before);
  });

  it('of another type is refused, so that it does not pass for the scheduled event', async () => {
    const before = received();
    const body = EVENT.replace('webhook.canary', 'user.registered');

    expect(await deliver({ body })).toMatchObject({ status: 400 });
    expect(received()).toBe(before);
  });

  it.each([
    ['signed with another secret', { secret: `whsec_${Buffer.alloc(32, 8).toString('base64')}` }],
    ['whose body was changed', { sent: EVENT.replace('evt_1', 'evt_2') }],
    ['with another event id', { headers: { 'webhook-id': 'evt_2' } }],
    ['with another timestamp', { headers: { 'webhook-timestamp': String(timestampOf(NOW) + 1) } }],
    ['without a signature', { headers: { 'webhook-signature': undefined } }],
    ['without a timestamp', { headers: { 'webhook-timestamp': undefined } }],
    ['without an event id', { headers: { 'webhook-id': undefined } }],
    ['with a signature of another scheme', { headers: { 'webhook-signature': 'v1a,AAAA' } }],
    ['with a body of 9 KiB', { body: JSON.stringify({ type: 'webhook.canary', x: 'x'.repeat(9 * 1024) }) }],
    ['recorded 5 minutes and a second ago', { signedAt: NOW - 5 * MINUTE_MS - 1_000 }],
    ['from 5 minutes and a second ahead', { signedAt: NOW + 5 * MINUTE_MS + 1_000 }],
  ])('%s is refused with 401 and not counted [API-44]', async (_, request) => {
    const before = received();

    expect(await deliver(request)).toMatchObject({ status: 401 });
    expect(received()).toBe(before);
  });

  it.each([
    ['has no signature', { headers: { 'webhook-signature': undefined } }],
    ['is too old', { signedAt: NOW - 6 * MINUTE_MS }],
  ])('reads nothing from the tables when it %s [API-44]', async (_, request) => {
    const commands: string[] = [];
    api.faults.dynamodb = (command) => {
      commands.push(command);
      return false;
    };
    await deliver(request);
    api.faults.dynamodb = () => false;

    expect(commands).toEqual([]);
  });

  it.each([-5 * MINUTE_MS, 5 * MINUTE_MS])('signed %i ms from now is accepted', async (differenceMs) => {
    expect(await deliver({ signedAt: NOW + differenceMs })).toMatchObject({ status: 200 });
  });

  it('is a 503 while the table cannot be read, so that it is retried', async () => {
    api.faults.dynamodb = (command) => command === 'QueryCommand';

    expect(await deliver()).toMatchObject({ status: 503 });
    api.faults.dynamodb = () => false;
  });
});

describe('the path of the canary', () => {
  it('is unknown with another method', async () => {
    expect(await api.call('GET', '/v1/canary')).toMatchObject({ status: 404 });
  });

  it('is unknown in a deployment without canary', async () => {
    const without = await startApi();

    expect(await without.call('POST', '/v1/canary', { raw: EVENT })).toMatchObject({ status: 404 });
    await without.close();
  });

  it('is not in the OpenAPI document', async () => {
    expect((await api.call('GET', '/v1/openapi.json')).text).not.toContain('canary');
  });
});

describe('a webhook at the URL of the canary', () => {
  it.each([
    ['another account', { url: CANARY_URL, events: ['*'] }],
    ['another account, in capitals', { url: CANARY_URL.replace('api', 'API'), events: ['*'] }],
  ])('is refused for %s [URL-17]', async (_, json) => {
    const { key: other } = await api.newCaller();

    expect(await register(json, other)).toMatchObject({ status: 400, body: { errors: [{ path: 'url' }] } });
  });

  it("may not subscribe to the canary's type in another account", async () => {
    const { key: other } = await api.newCaller();
    const json = { url: 'https://example.com/', events: ['webhook.canary'] };

    expect(await register(json, other)).toMatchObject({
      status: 400,
      body: { errors: [{ path: 'events[0]' }] },
    });
  });

  it("is refused at every other path for the canary's account [URL-17]", async () => {
    const json = { url: `https://${API_HOST}/v1/webhooks` };

    expect(await register(json)).toMatchObject({ status: 400, body: { errors: [{ path: 'url' }] } });
  });

  it("is refused for the canary's account in a deployment without canary", async () => {
    const without = await startApi();
    const { key: apiKey } = await without.apiKeys.create(CANARY_ACCOUNT, 'test', NOW);
    const answer = await without.call('POST', '/v1/webhooks', {
      headers: { authorization: `Bearer ${apiKey}` },
      json: { url: CANARY_URL, events: ['*'] },
    });

    expect(answer).toMatchObject({ status: 400, body: { errors: [{ path: 'url' }] } });
    await without.close();
  });
});
