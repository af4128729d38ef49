import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ACTIVITY_RATE_LIMIT } from '../../../lambdas/serve-api/limits.ts';
import { newWebhookId } from '../../../lambdas/shared/domain/ids.ts';
import { NOW, webhook } from '../../support/builders.ts';
import { type Api, startApi } from '../support/start-api.ts';
import { storeStatuses } from '../support/store-deliveries.ts';
import { storeWebhooks } from '../support/store-webhooks.ts';

let api: Api;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

describe('GET /v1/activity', () => {
  it('has the hours of each webhook in the order of the request', async () => {
    const caller = await api.newCaller();
    const [one, other] = await storeWebhooks(api, caller, 2);
    if (one === undefined || other === undefined) throw new Error('no webhooks');
    await storeStatuses(api, caller, one, ['delivered', 'exhausted']);

    const query = { webhook_id: `${other},${one},${other}` };
    const { body } = await caller.call('GET', '/v1/activity', { query });

    expect(Object(body).data).toMatchObject([
      { webhook_id: other, complete: true },
      { webhook_id: one, complete: true },
    ]);
    const [empty, busy] = Object(body).data;
    expect(empty.hours).toHaveLength(25);
    expect(busy.hours[24]).toMatchObject({ delivered: 1, exhausted: 1, failed_attempts: { http_status: 2 } });
    expect(empty.hours[24]).toMatchObject({ delivered: 0, failed_attempts: {} });
  });

  it('shows nothing of another account [API-6]', async () => {
    const [caller, other] = [await api.newCaller(), await api.newCaller()];
    const [id] = await storeWebhooks(api, caller, 1);
    if (id === undefined) throw new Error('no webhook');
    await storeStatuses(api, caller, id, ['delivered']);

    const { body } = await other.call('GET', '/v1/activity', { query: { webhook_id: id } });

    expect(JSON.stringify(body)).not.toContain('"delivered":1');
  });

  it.each([
    ['no id', {}],
    ['an empty id', { webhook_id: '' }],
    ['an id of another kind', { webhook_id: 'evt_1' }],
    ['more than 20 ids', { webhook_id: Array.from({ length: 21 }, (_, n) => `wh_${n}`).join(',') }],
  ])('refuses %s', async (_name, query) => {
    const caller = await api.newCaller();

    expect(await caller.call('GET', '/v1/activity', { query })).toMatchObject({
      status: 400,
      body: { errors: [{ path: 'webhook_id' }] },
    });
  });

  it('is limited for each account [API-52]', async () => {
    const caller = await api.newCaller();
    await api.take(caller, ACTIVITY_RATE_LIMIT, ACTIVITY_RATE_LIMIT.count);

    expect((await caller.call('GET', '/v1/activity', { query: { webhook_id: 'wh_1' } })).status).toBe(429);
  });
});

describe('an account with 1,000 webhooks and a webhook with many deliveries', () => {
  it('is read with a bounded number of read units, which the number of deliveries does not change [API-52]', async () => {
    const caller = await api.newCaller();
    const ids = Array.from({ length: 1_000 }, (_, ms) => newWebhookId(NOW + ms));
    await api.addWebhooks(ids.map((id) => webhook({ id, accountId: caller.account })));
    const id = ids[0];
    if (id === undefined) throw new Error('no webhook');
    const log = `/v1/webhooks/${id}/deliveries`;
    const paths = [
      ['/v1/webhooks', { order: 'attention' }],
      [log, {}],
      [log, { status: 'held' }],
      ['/v1/activity', { webhook_id: ids.slice(0, 20).join(',') }],
    ] as const;
    const unitsOf = async () => {
      const units: number[] = [];
      for (const [path, query] of paths) {
        const before = api.readUnits();
        expect((await caller.call('GET', path, { query })).status).toBe(200);
        units.push(api.readUnits() - before);
      }
      return units;
    };

    await storeStatuses(api, caller, id, Array(1_050).fill('delivered'));
    const few = await unitsOf();
    await storeStatuses(api, caller, id, Array(1_050).fill('delivered'));
    const many = await unitsOf();

    expect(many).toEqual(few);
    const [attention = 0, page = 0, search = 0, activity = 0] = many;
    expect(attention).toBeLessThanOrEqual(150);
    expect(page).toBeLessThanOrEqual(6);
    expect(search).toBeLessThanOrEqual(90);
    expect(activity).toBeLessThanOrEqual(45);
  });
});
