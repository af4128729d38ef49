import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NOW } from '../../support/builders.ts';
import { givenSession } from '../support/given-session.ts';
import { type Api, startApi } from '../support/start-api.ts';

let api: Api;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

describe('GET /v1/session', () => {
  it('returns account, right, actor and end of a session, and no secret', async () => {
    const { account } = await api.newCaller();
    const session = await givenSession(api, account, { read_only: true, ttl: 60 });

    const { body } = await session.call('GET', '/v1/session');

    expect(body).toEqual({
      id: session.sessionId,
      kind: 'session',
      account_id: account,
      right: 'read',
      actor: 'ann@example.com',
      expires_at: new Date(NOW + 60_000).toISOString(),
      return_url: null,
    });
  });

  it('returns the same fields for an API key', async () => {
    const caller = await api.newCaller();
    const [key] = await api.apiKeys.list(caller.account);

    const { body } = await caller.call('GET', '/v1/session');

    expect(body).toEqual({
      id: key?.id,
      kind: 'api_key',
      account_id: caller.account,
      right: 'write',
      actor: 'test',
      expires_at: null,
      return_url: null,
    });
  });

  it('is refused from the end of the session on [API-53]', async () => {
    const { account } = await api.newCaller();
    const session = await givenSession(api, account, { ttl: 60 });
    const begunAt = api.clock.time;

    api.clock.time = begunAt + 59_999;
    const before = await session.call('GET', '/v1/session');
    api.clock.time = begunAt + 60_000;
    const after = await session.call('GET', '/v1/session');

    expect([before.status, after.status]).toEqual([200, 401]);
  });
});
