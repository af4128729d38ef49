import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeCursor, encodeCursor } from '../../lambdas/serve-api/cursor.ts';
import { newWebhookId, type WebhookId } from '../../lambdas/shared/domain/ids.ts';
import { accountId, NOW, webhook, webhookId } from '../support/builders.ts';
import { type Api, type Caller, startApi } from './harness.ts';

let api: Api;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

async function createMany(caller: Caller, count: number): Promise<WebhookId[]> {
  const ids = Array.from({ length: count }, (_, ms) => newWebhookId(NOW + ms));
  await Promise.all(ids.map((id) => api.webhooks.create(webhook({ id, accountId: caller.account }))));
  return ids;
}

function idsOf(body: unknown): string[] {
  return Object(body).data.map(({ id }: { id: string }) => id);
}

describe('GET /v1/webhooks', () => {
  it('gives every webhook exactly once over its pages, newest first', async () => {
    const caller = await api.newCaller();
    const ids = await createMany(caller, 5);

    const pages: string[][] = [];
    let cursor: string | undefined;
    do {
      const query = { limit: '2', ...(cursor === undefined ? {} : { cursor }) };
      const { body } = await caller.call('GET', '/v1/webhooks', { query });
      pages.push(idsOf(body));
      cursor = Object(body).next_cursor ?? undefined;
    } while (cursor !== undefined);

    expect(pages.map((page) => page.length)).toEqual([2, 2, 1]);
    expect(pages.flat()).toEqual([...ids].reverse());
  });

  it('lists webhooks in the reverse order of their creation through the API', async () => {
    const caller = await api.newCaller();
    const created: string[] = [];
    for (const _ of [1, 2, 3, 4]) {
      api.clock.time += 1;
      const json = { url: 'https://customer.example/hook', events: ['*'] };
      created.push(Object((await caller.call('POST', '/v1/webhooks', { json })).body).id);
    }

    const { body } = await caller.call('GET', '/v1/webhooks');

    expect(idsOf(body)).toEqual(created.reverse());
  });

  it('keeps one order for webhooks of the same millisecond, and for older ids without a time', async () => {
    const caller = await api.newCaller();
    const old = ['wh_zz', 'wh_06bvn8kgqzt5t1tpsvh3m0xa', 'wh_00'].map(webhookId);
    const ids = [...old, ...Array.from({ length: 5 }, () => newWebhookId(NOW))];
    await Promise.all(ids.map((id) => api.webhooks.create(webhook({ id, accountId: caller.account }))));

    const lists = [];
    for (const limit of ['1', '3', '100']) {
      const listed: string[] = [];
      for (let cursor: string | undefined = ''; cursor !== undefined; ) {
        const query = { limit, ...(cursor === '' ? {} : { cursor }) };
        const { body } = await caller.call('GET', '/v1/webhooks', { query });
        listed.push(...idsOf(body));
        cursor = Object(body).next_cursor ?? undefined;
      }
      lists.push(listed);
    }

    // Descending order of the texts: older ids are mixed in by their first characters.
    expect(lists).toEqual(Array(3).fill([...ids].sort().reverse()));
  });

  it('gives a page after its cursor when newer webhooks appear and the last one is deleted', async () => {
    const caller = await api.newCaller();
    const [oldest, middle, newest] = await createMany(caller, 3);
    const first = await caller.call('GET', '/v1/webhooks', { query: { limit: '2' } });
    const created = newWebhookId(NOW + 10);
    await api.webhooks.create(webhook({ id: created, accountId: caller.account }));
    await caller.call('DELETE', `/v1/webhooks/${middle}`);

    const cursor = String(Object(first.body).next_cursor);
    const second = await caller.call('GET', '/v1/webhooks', { query: { cursor } });

    expect(idsOf(first.body)).toEqual([newest, middle]);
    expect(idsOf(second.body)).toEqual([oldest]);
  });

  it('gives 50 where no limit is given', async () => {
    const caller = await api.newCaller();
    await createMany(caller, 51);

    const { body } = await caller.call('GET', '/v1/webhooks');

    expect(idsOf(body)).toHaveLength(50);
  });

  it('shows nothing of another account [API-6]', async () => {
    const [mine, other] = [await api.newCaller(), await api.newCaller()];
    await createMany(other, 2);

    const { body } = await mine.call('GET', '/v1/webhooks');

    expect(body).toEqual({ data: [], next_cursor: null });
  });

  it.each([
    '0',
    '101',
    '-1',
    '1.5',
    'x',
    '',
    '1,2',
    '1,1',
    ' 1',
    '+1',
    '1e1',
    '٣',
    '9007199254740993',
    '1'.repeat(5_000),
  ])('refuses the limit "%s"', async (limit) => {
    const caller = await api.newCaller();

    const answer = await caller.call('GET', '/v1/webhooks', { query: { limit } });

    expect(answer.status).toBe(400);
    expect(Object(answer.body).errors).toEqual([{ path: 'limit', message: expect.any(String) }]);
  });

  it('refuses an unknown parameter', async () => {
    const caller = await api.newCaller();

    const answer = await caller.call('GET', '/v1/webhooks', { query: { page: '2' } });

    expect(Object(answer.body).errors).toEqual([
      { path: 'page', message: 'is not a known field; known are limit, cursor' },
    ]);
  });

  it.each([
    ['a repeated limit', { limit: '1,1' }, ['limit']],
    ['a repeated cursor', { cursor: 'a,a' }, ['cursor']],
    ['an empty cursor', { cursor: '' }, ['cursor']],
    ['parameters in another case', { Limit: '1' }, ['Limit']],
    ['a parameter named __proto__', JSON.parse('{"__proto__":"1"}'), ['__proto__']],
    ['several errors', { limit: '0', x: '1' }, ['limit', 'x']],
  ])('refuses %s', async (_name, query, paths) => {
    const caller = await api.newCaller();

    const answer = await caller.call('GET', '/v1/webhooks', { query });

    expect(answer.status).toBe(400);
    expect(Object(answer.body).errors.map(({ path }: { path: string }) => path)).toEqual(paths);
  });

  it("refuses a forged cursor and another account's [API-19]", async () => {
    const [mine, other] = [await api.newCaller(), await api.newCaller()];
    await createMany(other, 3);
    const page = await other.call('GET', '/v1/webhooks', { query: { limit: '1' } });
    const foreign = String(Object(page.body).next_cursor);
    const forged = [
      'x',
      'wh_1',
      Buffer.from('wh_1.0123456789abcdef').toString('base64url'),
      `${foreign}=`,
      foreign,
    ];

    const answers = await Promise.all(
      forged.map((cursor) => mine.call('GET', '/v1/webhooks', { query: { cursor } })),
    );

    expect(answers.map(({ status }) => status)).toEqual(forged.map(() => 400));
  });
});

describe('a cursor', () => {
  it('can be decoded for its own account alone [API-19]', () => {
    const name = fc.stringMatching(/^[A-Za-z0-9_-]{1,64}$/);
    const id = fc.stringMatching(/^wh_[A-Za-z0-9_-]{1,61}$/);

    fc.assert(
      fc.property(name, name, id, (one, other, text) => {
        const cursor = encodeCursor(accountId(one), webhookId(text));

        expect(decodeCursor(accountId(one), cursor)).toBe(text);
        if (one !== other) expect(decodeCursor(accountId(other), cursor)).toBeUndefined();
      }),
    );
  });
});

describe('GET /v1/webhooks/{webhook_id}', () => {
  it('gives the current state of the webhook, without its secret', async () => {
    const caller = await api.newCaller();
    const [id] = await createMany(caller, 1);

    const answer = await caller.call('GET', `/v1/webhooks/${id}`);

    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ id, status: 'active', verified: true });
    expect(answer.text).not.toContain('secret');
    expect(answer.text).not.toContain('sealed');
  });

  it('shows the reason of a failed verification, and the time since which an endpoint is slow', async () => {
    const caller = await api.newCaller();
    const one = webhook({
      accountId: caller.account,
      pendingUrl: 'https://new.example/',
      verificationError: 'it answered 500',
      slowSince: '2026-01-15T10:00:00.000Z',
    });
    await api.webhooks.create(one);

    const { body } = await caller.call('GET', `/v1/webhooks/${one.id}`);

    expect(body).toMatchObject({
      pending_url: 'https://new.example/',
      verification_error: 'it answered 500',
      slow_since: '2026-01-15T10:00:00.000Z',
    });
  });
});

describe('DELETE /v1/webhooks/{webhook_id}', () => {
  it('answers 204 without a body, and the webhook is gone', async () => {
    const caller = await api.newCaller();
    const [id] = await createMany(caller, 1);

    const first = await caller.call('DELETE', `/v1/webhooks/${id}`);
    const second = await caller.call('DELETE', `/v1/webhooks/${id}`);

    expect(first).toMatchObject({ status: 204, text: '' });
    expect(second.status).toBe(404);
  });
});

describe('an unknown id, or one of another account', () => {
  it.each([
    ['GET', ''],
    ['PATCH', ''],
    ['DELETE', ''],
    ['POST', '/verify'],
  ])('is the same 404 for %s%s [API-6, API-19]', async (method, suffix) => {
    const [mine, other] = [await api.newCaller(), await api.newCaller()];
    const [foreign] = await createMany(other, 1);
    const json = method === 'PATCH' ? { json: {} } : {};

    const answers = await Promise.all(
      [foreign, 'wh_nothing', 'evt_1', 'test', '..%2f', 'x'.repeat(300)].map((id) =>
        mine.call(method, `/v1/webhooks/${id}${suffix}`, json),
      ),
    );

    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    expect(answers[0]).toMatchObject({ status: 404, body: { type: 'urn:webhook-fanout:problem:not-found' } });
    expect(await api.webhooks.count(other.account)).toBe(1);
  });
});
