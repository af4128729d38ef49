import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { NOW } from '../support/builders.ts';
import { type Api, type Caller, startApi } from './support/start-api.ts';
import { answerChallenge, failVerification, givenWebhook } from './support/webhook-states.ts';

let api: Api;
beforeAll(async () => {
  api = await startApi();
});
afterEach(() => {
  api.clock.time = NOW;
});
afterAll(() => api.close());

async function given(status: Parameters<typeof givenWebhook>[1] = 'active') {
  const { caller, id } = await givenWebhook(api, status);
  const path = `/v1/webhooks/${id}`;
  const get = (headers: Record<string, string> = {}) => caller.call('GET', path, { headers });
  return {
    caller,
    id,
    get,
    etag: async () => (await get()).headers.etag ?? '',
    patch: (json: unknown, match?: string) =>
      caller.call('PATCH', path, { json, headers: { 'if-match': match } }),
    remove: (match: string) => caller.call('DELETE', path, { headers: { 'if-match': match } }),
    verify: () => caller.call('POST', `${path}/verify`),
    markSlow: () => api.webhooks.markSlow(caller.account, id, new Date(NOW + 1).toISOString()),
  };
}

async function addAnother(caller: Caller) {
  const { body } = await caller.call('POST', '/v1/webhooks', {
    json: { url: 'https://customer.example/old', events: ['*'] },
  });
  return `/v1/webhooks/${Object(body).id}`;
}

describe('the ETag of a webhook', () => {
  it('is the same in the answers to POST, GET, PATCH and verify', async () => {
    const { caller, patch, verify, etag } = await given('pending');
    const created = await caller.call('POST', '/v1/webhooks', {
      json: { url: 'https://customer.example/', events: ['*'] },
    });

    const read = await caller.call('GET', String(created.headers.location));
    const changed = await patch({ description: 'new' });

    expect(created.headers.etag).toMatch(/^"[\w-]{22}"$/);
    expect(read.headers.etag).toBe(created.headers.etag);
    expect(changed.headers.etag).toBe(await etag());
    expect((await verify()).headers.etag).toBe(await etag());
  });

  it.each([
    { description: 'new' },
    { events: ['file.*'] },
    { url: 'https://customer.example/new' },
    { status: 'disabled' },
  ])('changes with %j', async (json) => {
    const { patch, etag } = await given();
    const before = await etag();

    const answer = await patch(json);

    expect(answer.headers.etag).not.toBe(before);
  });

  it('changes when a verification ends', async () => {
    const [failing, answered] = [await given('pending'), await given('pending')];
    const before = [await failing.etag(), await answered.etag()];

    await failVerification(api, failing.caller, failing.id);
    await answerChallenge(api, answered.caller, answered.id);

    expect(await failing.etag()).not.toBe(before[0]);
    expect(await answered.etag()).not.toBe(before[1]);
  });

  it('does not change with a mark of the sender [API-22]', async () => {
    const { get, markSlow } = await given();
    const before = await get();

    await markSlow();

    const after = await get();
    expect(Object(after.body).slow_since).not.toBe(Object(before.body).slow_since);
    expect(after.headers.etag).toBe(before.headers.etag);
  });

  it('does not change with the marks of failing deliveries [API-22]', async () => {
    const { caller, id, get } = await given();
    const before = await get();

    await api.webhooks.update(caller.account, id, {
      set: {
        exhaustedInRow: 3,
        failingSince: '2026-01-15T10:30:00.000Z',
        warnedAt: '2026-01-15T10:31:00.000Z',
      },
    });

    const after = await get();
    expect(Object(after.body).exhausted_in_row).toBe(3);
    expect(after.headers.etag).toBe(before.headers.etag);
  });

  it('is different for another webhook with the same fields', async () => {
    const { caller, etag } = await given('pending');

    const other = await caller.call('GET', await addAnother(caller));

    expect(other.headers.etag).not.toBe(await etag());
  });
});

describe('If-Match', () => {
  it('lets a PATCH and a DELETE of the current state pass', async () => {
    const { patch, remove, etag } = await given();

    const changed = await patch({ description: 'new' }, await etag());
    const removed = await remove(`"other", ${changed.headers.etag}`);

    expect([changed.status, removed.status]).toEqual([200, 204]);
  });

  it('refuses a PATCH and a DELETE of another state, which then change nothing [API-22]', async () => {
    const { patch, remove, etag, get } = await given();
    const old = await etag();
    await patch({ description: 'by another' });

    const changed = await patch({ description: 'lost update' }, old);
    const removed = await remove(old);

    for (const answer of [changed, removed]) {
      expect(answer).toMatchObject({
        status: 412,
        body: { type: 'urn:webhook-fanout:problem:precondition-failed' },
      });
    }
    expect(await get()).toMatchObject({ status: 200, body: { description: 'by another' } });
  });

  it('refuses a PATCH and a DELETE when the webhook is changed after it was read [API-22]', async () => {
    for (const [command, change] of [
      ['UpdateItemCommand', 'patch'],
      ['DeleteItemCommand', 'remove'],
    ] as const) {
      const { patch, remove, etag, get } = await given();
      const current = await etag();
      api.faults.before = { command, run: () => patch({ description: 'by another' }) };

      const answer =
        change === 'patch' ? await patch({ events: ['file.*'] }, current) : await remove(current);

      expect(answer.status).toBe(412);
      expect(await get()).toMatchObject({ status: 200, body: { description: 'by another', events: ['*'] } });
    }
  });

  it('lets a PATCH and a DELETE pass when only a mark was made after the read', async () => {
    const { patch, remove, etag, markSlow } = await given();
    const current = await etag();
    api.faults.before = { command: 'UpdateItemCommand', run: markSlow };

    const changed = await patch({ description: 'new' }, current);
    const removed = await remove(String(changed.headers.etag));

    expect([changed.status, removed.status]).toEqual([200, 204]);
  });

  it('lets a PATCH pass although the SDK repeated the write, which then conflicted', async () => {
    const { patch, etag } = await given();
    const current = await etag();
    api.faults.repeat = true;

    const answer = await patch({ description: 'new' }, current);

    expect(answer).toMatchObject({ status: 200, body: { description: 'new' } });
  });

  it.each(['*', '"x", *'])('passes for an existing webhook with %s', async (match) => {
    const { patch } = await given();

    expect((await patch({ description: 'new' }, match)).status).toBe(200);
  });

  it.each(['', '"', 'W/*', '"x"'])('refuses what is not the ETag: %j', async (match) => {
    const { patch } = await given();

    expect((await patch({ description: 'new' }, match)).status).toBe(412);
  });

  it('refuses a weak ETag and one without quotes', async () => {
    const { patch, etag } = await given();
    const current = await etag();

    const answers = [
      await patch({ description: 'new' }, `W/${current}`),
      await patch({ description: 'new' }, current.replaceAll('"', '')),
    ];

    expect(answers.map(({ status }) => status)).toEqual([412, 412]);
  });

  it('is a 404 for a webhook that does not exist', async () => {
    const { remove } = await given();
    await remove('*');

    expect((await remove('*')).status).toBe(404);
  });
});

describe('If-None-Match', () => {
  it('is answered with 304, without a body, for the current state', async () => {
    const { get, etag } = await given();
    const current = await etag();

    const answers = [
      await get({ 'if-none-match': current }),
      await get({ 'if-none-match': `"x", W/${current}` }),
      await get({ 'if-none-match': '*' }),
    ];

    for (const answer of answers) {
      expect(answer).toMatchObject({ status: 304, text: '', headers: { etag: current } });
      expect(answer.headers).not.toHaveProperty('content-type');
    }
  });

  it('is answered with 200 for another state', async () => {
    const { get, etag, patch } = await given();
    const old = await etag();
    await patch({ description: 'new' });

    expect((await get({ 'if-none-match': old })).status).toBe(200);
  });
});
