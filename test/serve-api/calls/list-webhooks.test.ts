import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SEARCH_RATE_LIMIT } from '../../../lambdas/serve-api/limits.ts';
import { newWebhookId } from '../../../lambdas/shared/domain/ids.ts';
import { WEBHOOK_STATUSES, type Webhook } from '../../../lambdas/shared/domain/webhook.ts';
import { NOW, webhook, webhookId } from '../../support/builders.ts';
import { type Api, type Caller, startApi } from '../support/start-api.ts';
import { storeWebhooks } from '../support/store-webhooks.ts';

let api: Api;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

function idsOf(body: unknown): string[] {
  return Object(body).data.map(({ id }: { id: string }) => id);
}

let added = 0;
function addWebhook(caller: Caller, fields: Partial<Webhook>) {
  const id = newWebhookId(NOW + added++);
  return api.webhooks.create(webhook({ id, accountId: caller.account, ...fields }));
}

describe('GET /v1/webhooks', () => {
  it('returns every webhook exactly once over all pages, newest first', async () => {
    const caller = await api.newCaller();
    const ids = await storeWebhooks(api, caller, 5);

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

  it('has the same order at every page size, also for webhooks of one millisecond and for older ids without a time', async () => {
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

    // Ids are sorted as text, in descending order. Older ids do not begin with a time, so their place is arbitrary.
    expect(lists).toEqual(Array(3).fill([...ids].sort().reverse()));
  });

  it('continues after its cursor when newer webhooks are created and the last one of the page is deleted', async () => {
    const caller = await api.newCaller();
    const [oldest, middle, newest] = await storeWebhooks(api, caller, 3);
    const first = await caller.call('GET', '/v1/webhooks', { query: { limit: '2' } });
    const created = newWebhookId(NOW + 10);
    await api.webhooks.create(webhook({ id: created, accountId: caller.account }));
    await caller.call('DELETE', `/v1/webhooks/${middle}`);

    const cursor = String(Object(first.body).next_cursor);
    const second = await caller.call('GET', '/v1/webhooks', { query: { cursor } });

    expect(idsOf(first.body)).toEqual([newest, middle]);
    expect(idsOf(second.body)).toEqual([oldest]);
  });

  it('returns 50 webhooks without a limit', async () => {
    const caller = await api.newCaller();
    await storeWebhooks(api, caller, 51);

    const { body } = await caller.call('GET', '/v1/webhooks');

    expect(idsOf(body)).toHaveLength(50);
  });

  it('contains only webhooks with the given status', async () => {
    const caller = await api.newCaller();
    const statuses = WEBHOOK_STATUSES.flatMap((status) => [status, status]);
    for (const status of statuses) await addWebhook(caller, { status });

    for (const status of WEBHOOK_STATUSES) {
      const { body } = await caller.call('GET', '/v1/webhooks', { query: { status } });

      expect(Object(body).data.map((one: { status: string }) => one.status)).toEqual([status, status]);
    }
  });

  it('contains only webhooks that subscribe to the given type, also by a prefix or *', async () => {
    const caller = await api.newCaller();
    const patterns = [['file.uploaded'], ['file.*'], ['*'], ['user.*', 'file.deleted'], ['webhook.*']];
    for (const events of patterns) await addWebhook(caller, { events });
    const eventsOf = async (type: string) => {
      const { body } = await caller.call('GET', '/v1/webhooks', { query: { event_type: type } });
      return new Set(Object(body).data.map((one: { events: string[] }) => one.events.join()));
    };

    expect(await eventsOf('file.uploaded')).toEqual(new Set(['file.uploaded', 'file.*', '*']));
    expect(await eventsOf('webhook.exhausted')).toEqual(new Set(['webhook.*']));
  });

  it('contains webhooks for which both filters hold', async () => {
    const caller = await api.newCaller();
    await addWebhook(caller, { status: 'disabled', events: ['file.*'] });
    await addWebhook(caller, { status: 'active', events: ['file.*'] });
    await addWebhook(caller, { status: 'disabled', events: ['user.*'] });

    const query = { status: 'disabled', event_type: 'file.uploaded' };
    const { body } = await caller.call('GET', '/v1/webhooks', { query });

    expect(idsOf(body)).toHaveLength(1);
  });

  it('has a cursor after every filtered page but the last, also after one without entries', async () => {
    const caller = await api.newCaller();
    const ids = await storeWebhooks(api, caller, 250);
    const disabled = [ids[0], ids[1], ids[2]].toReversed();
    for (const id of disabled) {
      await api.webhooks.update(caller.account, id ?? newWebhookId(NOW), { set: { status: 'disabled' } });
    }

    const pages: unknown[][] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const query = { status: 'disabled', limit: '2', ...(cursor === '' ? {} : { cursor }) };
      const { body } = await caller.call('GET', '/v1/webhooks', { query });
      pages.push(idsOf(body));
      cursor = Object(body).next_cursor;
    }

    expect(pages.flat()).toEqual(disabled);
    expect(pages[0]).toEqual([]);
    expect(pages.at(-1)).toEqual([disabled[2]]);
    expect(pages.every((page) => page.length <= 2)).toBe(true);
  });

  it.each([
    ['status', 'broken'],
    ['status', ''],
    ['status', 'active,disabled'],
    ['event_type', 'no.such.type'],
    ['event_type', 'file.*'],
    ['event_type', ''],
  ])('refuses %s=%j', async (name, value) => {
    const caller = await api.newCaller();

    const answer = await caller.call('GET', '/v1/webhooks', { query: { [name]: value } });

    expect(answer).toMatchObject({ status: 400, body: { errors: [{ path: name }] } });
  });

  it('does not contain webhooks of another account [API-6]', async () => {
    const [mine, other] = [await api.newCaller(), await api.newCaller()];
    await storeWebhooks(api, other, 2);

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
      { path: 'page', message: 'is not a known field; known are limit, cursor, status, event_type, order' },
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
    await storeWebhooks(api, other, 3);
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

describe('GET /v1/webhooks?order=attention', () => {
  const at = '2026-01-15T09:00:00.000Z';
  const states: readonly (readonly [string | null, Partial<Webhook>])[] = [
    ['disabled_by_service', { status: 'disabled', disabledReason: 'it failed', disabledAt: at }],
    ['failing', { exhaustedInRow: 1, failingSince: at, slowSince: at }],
    ['verification_failed', { status: 'verification_failed' }],
    ['verification_failed', { pendingUrl: 'https://new.example/', verificationError: 'it answered 500' }],
    ['slow', { slowSince: at, pendingUrl: 'https://new.example/' }],
    ['pending', { status: 'pending' }],
    ['pending', { pendingUrl: 'https://new.example/' }],
    ['disabled', { status: 'disabled' }],
    [null, {}],
  ];

  it('lists what needs attention first, over all pages, the newest first for the same reason', async () => {
    const caller = await api.newCaller();
    // In the wrong order, and each state twice.
    const given = [...states, ...states].reverse();
    await api.addWebhooks(
      given.map(([, fields], ms) =>
        webhook({ id: newWebhookId(NOW + ms), accountId: caller.account, ...fields }),
      ),
    );

    const listed: { id: string; attention: string | null }[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const query = { order: 'attention', limit: '5', ...(cursor === '' ? {} : { cursor }) };
      const { body } = await caller.call('GET', '/v1/webhooks', { query });
      listed.push(...Object(body).data);
      cursor = Object(body).next_cursor;
    }

    const reasons = states.flatMap(([reason]) => [reason, reason]);
    expect(listed.map(({ attention }) => attention)).toEqual(reasons);
    for (const reason of new Set(reasons)) {
      const ids = listed.filter(({ attention }) => attention === reason).map(({ id }) => id);
      expect(ids).toEqual([...ids].sort().reverse());
    }
  });

  it('has the filters of the list, refuses the cursor of the other order, and is limited [API-52]', async () => {
    const caller = await api.newCaller();
    for (const status of ['active', 'disabled', 'disabled'] as const) await addWebhook(caller, { status });
    const list = (query: Record<string, string>) => caller.call('GET', '/v1/webhooks', { query });

    const disabled = await list({ order: 'attention', status: 'disabled', limit: '1' });
    const cursor = String(Object(disabled.body).next_cursor);

    expect(Object(disabled.body).data).toMatchObject([{ status: 'disabled', attention: 'disabled' }]);
    expect((await list({ cursor })).status).toBe(400);
    const newest = Object((await list({ limit: '1' })).body).next_cursor;
    expect((await list({ order: 'attention', cursor: newest })).status).toBe(400);
    await api.take(caller, SEARCH_RATE_LIMIT, SEARCH_RATE_LIMIT.count);
    expect((await list({ order: 'attention' })).status).toBe(429);
  });
});
