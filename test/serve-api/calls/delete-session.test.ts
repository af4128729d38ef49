import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { givenSession } from '../support/given-session.ts';
import { type Api, startApi } from '../support/start-api.ts';

let api: Api;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

describe('DELETE /v1/session', () => {
  it.each([true, false])(
    'ends the session at once, also when it may only read (%s) [API-53]',
    async (read_only) => {
      const { account } = await api.newCaller();
      const [session, other] = [
        await givenSession(api, account, { read_only }),
        await givenSession(api, account, { read_only }),
      ];

      const ended = await session.call('DELETE', '/v1/session');

      expect(ended.status).toBe(204);
      expect((await session.call('GET', '/v1/session')).status).toBe(401);
      expect((await other.call('GET', '/v1/session')).status).toBe(200);
    },
  );

  it('records who ended it, and logs a later use of the token', async () => {
    const { account } = await api.newCaller();
    const session = await givenSession(api, account, { actor: 'bob' });
    api.clock.time += 1;
    await session.call('DELETE', '/v1/session');
    await session.call('GET', '/v1/session');

    const [entry] = await api.audit.list(account, { since: 0, until: api.clock.time + 1, limit: 1 });

    expect(entry).toMatchObject({
      action: 'session.revoke',
      source: 'session',
      actor: 'bob',
      keyId: session.sessionId,
      subject: session.sessionId,
      outcome: 'done',
    });
    expect(api.logLines.at(-1)).toContain('a revoked session was used');
    expect(api.logLines.at(-1)).toContain(session.sessionId);
  });

  it('is a 400 with an API key, which stays valid', async () => {
    const caller = await api.newCaller();

    const answer = await caller.call('DELETE', '/v1/session');

    expect(answer).toMatchObject({ status: 400, body: { errors: [{ path: 'Authorization' }] } });
    expect((await caller.call('GET', '/v1/session')).status).toBe(200);
  });
});
