import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LISTEN_RATE_LIMIT, MAX_LISTENERS } from '../../../lambdas/serve-api/limits.ts';
import { LISTENER_LIFETIME_MS } from '../../../lambdas/shared/domain/listener.ts';
import { type Api, startApi } from '../support/start-api.ts';

let api: Api;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

const create = (caller: Awaited<ReturnType<Api['newCaller']>>, json: unknown = { events: ['file.*'] }) =>
  caller.call('POST', '/v1/listeners', { json });

describe('POST /v1/listeners', () => {
  it('creates a listener with a secret of its own, which is stored sealed and sends no request [API-42]', async () => {
    const caller = await api.newCaller();

    const answer = await create(caller);

    expect(answer).toMatchObject({
      status: 201,
      body: {
        id: expect.stringMatching(/^lsn_/),
        events: ['file.*'],
        secret: expect.stringMatching(/^whsec_/),
        expires_at: new Date(api.clock.time + LISTENER_LIFETIME_MS).toISOString(),
      },
    });
    const [stored, ...more] = await api.listeners.list(caller.account);
    expect(more).toEqual([]);
    expect(JSON.stringify(stored)).not.toContain(Object(answer.body).secret);
    expect(caller.queued()).toEqual([]);
  });

  it('is in no list of webhooks, and does not count as one', async () => {
    const caller = await api.newCaller();
    const { body } = await create(caller);

    const list = await caller.call('GET', '/v1/webhooks');
    const one = await caller.call('GET', `/v1/webhooks/${Object(body).id}`);

    expect(list.body).toEqual({ data: [], next_cursor: null });
    expect(one.status).toBe(404);
    expect(await api.webhooks.count(caller.account)).toBe(0);
  });

  it('signs with the secret that the caller chose', async () => {
    const caller = await api.newCaller();

    const answer = await create(caller, { events: ['*'], secret: 'a secret of the developer' });

    expect(Object(answer.body).secret).toBe('a secret of the developer');
  });

  it('refuses a URL, events that match no type, and a secret that is too short', async () => {
    const caller = await api.newCaller();
    const invalid = [
      {},
      { events: [] },
      { events: ['no.such.type'] },
      { events: ['*'], url: 'https://example.com' },
      { events: ['*'], secret: 'short' },
    ];

    const answers = await Promise.all(invalid.map((json) => create(caller, json)));

    expect(answers.map(({ status }) => status)).toEqual([400, 400, 400, 400, 400]);
    expect(await api.listeners.list(caller.account)).toEqual([]);
  });

  it('keeps at most five listeners an account, also when they are created at the same time [API-41]', async () => {
    const caller = await api.newCaller();
    for (let n = 0; n < MAX_LISTENERS - 1; n++) await create(caller);

    const answers = await Promise.all([create(caller), create(caller), create(caller)]);
    const after = await create(caller);

    const statuses = [...answers, after].map(({ status }) => status);
    expect(statuses.filter((status) => status === 201).length).toBeLessThanOrEqual(1);
    expect((await api.listeners.list(caller.account)).length).toBeLessThanOrEqual(MAX_LISTENERS);
    expect(await create(caller)).toMatchObject(
      (await api.listeners.list(caller.account)).length === MAX_LISTENERS
        ? { status: 400, body: { type: 'urn:webhook-fanout:problem:listener-limit-reached' } }
        : { status: 201 },
    );
  });

  it('does not count listeners that have expired, and removes them', async () => {
    const caller = await api.newCaller();
    for (let n = 0; n < MAX_LISTENERS; n++) await create(caller);
    const refused = await create(caller);

    api.clock.time += LISTENER_LIFETIME_MS;
    const answer = await create(caller);

    expect([refused.status, answer.status]).toEqual([400, 201]);
    const listeners = await api.listeners.list(caller.account);
    expect(listeners.map(({ id }) => id)).toEqual([Object(answer.body).id]);
  });

  it('is limited in its rate [API-41]', async () => {
    const caller = await api.newCaller();
    await api.take(caller, LISTEN_RATE_LIMIT, LISTEN_RATE_LIMIT.count);

    expect((await create(caller)).status).toBe(429);
    expect(await api.listeners.list(caller.account)).toEqual([]);
  });

  it('creates one listener for one Idempotency-Key, and shows its secret once [API-21]', async () => {
    const caller = await api.newCaller();
    const headers = { 'idempotency-key': 'listen' };
    const json = { events: ['*'] };

    const first = await caller.call('POST', '/v1/listeners', { json, headers });
    const second = await caller.call('POST', '/v1/listeners', { json, headers });

    expect(second.status).toBe(201);
    expect(Object(second.body).id).toBe(Object(first.body).id);
    expect(Object(second.body).secret).toBeUndefined();
    expect(await api.listeners.list(caller.account)).toHaveLength(1);
  });
});
