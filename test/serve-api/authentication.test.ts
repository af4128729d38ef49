import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ROUTES } from '../../lambdas/serve-api/routes.ts';
import { noFaults } from './support/faulty-services.ts';
import { type Api, startApi } from './support/start-api.ts';

let api: Api;
beforeAll(async () => {
  api = await startApi();
});
afterEach(() => {
  Object.assign(api.faults, noFaults());
});
afterAll(() => api.close());

const KEYED = ROUTES.filter(({ needsKey }) => needsKey).map(({ method, path }) => [method, path] as const);

describe('authentication', () => {
  it.each(KEYED)('is required by %s %s', async (method, path) => {
    const answer = await api.call(method, path.replaceAll(/\{\w+\}/g, 'wh_1'), { raw: '{' });

    expect(answer).toMatchObject({
      status: 401,
      headers: { 'www-authenticate': 'Bearer realm="webhook-fanout"' },
      body: { type: 'urn:webhook-fanout:problem:unauthorized' },
    });
  });

  it.each([
    ['an unknown key', `Bearer whk_${'a'.repeat(32)}`],
    ['another scheme', 'Basic dXNlcjpwYXNz'],
    ['no key', 'Bearer '],
    ['a key of another form', 'Bearer abc'],
    ['a key that is too long', `Bearer whk_${'a'.repeat(5_000)}`],
  ])('refuses %s [API-5]', async (_name, authorization) => {
    const answer = await api.call('GET', '/v1/webhooks', { headers: { authorization } });

    expect(answer.status).toBe(401);
    expect(answer.headers['www-authenticate']).toContain('invalid_token');
  });

  it('gives the same answer for an unknown, a revoked and a malformed key [API-5]', async () => {
    const caller = await api.newCaller();
    await api.apiKeys.revoke(caller.key, api.clock.time);
    const keys = [`whk_${'a'.repeat(32)}`, caller.key, caller.key.slice(0, -1), 'abc', ''];

    const answers = await Promise.all(
      keys.map((key) => api.call('GET', '/v1/webhooks', { headers: { authorization: `Bearer ${key}` } })),
    );

    const texts = answers.map(({ status, headers, text }) => JSON.stringify([status, headers, text]));
    expect(answers[0]?.status).toBe(401);
    expect(new Set(texts).size).toBe(1);
  });

  it('refuses a revoked key at once [API-5]', async () => {
    const caller = await api.newCaller();
    const before = await caller.call('GET', '/v1/webhooks');

    await api.apiKeys.revoke(caller.key, api.clock.time);
    const after = await caller.call('GET', '/v1/webhooks');

    expect([before.status, after.status]).toEqual([200, 401]);
  });

  it('refuses a key from the time on at which it expires [API-38]', async () => {
    const { account } = await api.newCaller();
    const validUntil = api.clock.time + 1;
    const { key } = await api.apiKeys.create(account, 'short', api.clock.time, { validUntil });
    const request = { headers: { authorization: `Bearer ${key}` } };

    const before = await api.call('GET', '/v1/webhooks', request);
    api.clock.time += 1;
    const after = await api.call('GET', '/v1/webhooks', request);

    expect([before.status, after.status]).toEqual([200, 401]);
  });

  it('logs the use of a revoked key, with its id [API-10]', async () => {
    const caller = await api.newCaller();
    await api.apiKeys.revoke(caller.key, api.clock.time);

    await caller.call('GET', '/v1/webhooks');

    const [revoked] = await api.apiKeys.list(caller.account);
    const line = api.logLines.find((text) => text.includes(caller.account)) ?? '{}';
    expect(JSON.parse(line).fields).toEqual({ key_id: revoked?.id, account_id: caller.account });
    expect(line).not.toContain(caller.key);
  });

  it('accepts the scheme in any case', async () => {
    const caller = await api.newCaller();

    const answer = await api.call('GET', '/v1/webhooks', {
      headers: { authorization: `bearer ${caller.key}` },
    });

    expect(answer.status).toBe(200);
  });

  it('never logs a key or returns it [API-5]', async () => {
    const caller = await api.newCaller();
    api.faults.dynamodb = () => true;

    const answer = await caller.call('GET', '/v1/webhooks');

    expect(answer.status).toBe(503);
    expect(answer.text + api.logLines.join()).not.toContain(caller.key);
  });
});
