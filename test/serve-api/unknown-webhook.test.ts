import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Api, startApi } from './support/start-api.ts';
import { storeWebhooks } from './support/store-webhooks.ts';

let api: Api;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

describe('a webhook id that is unknown or belongs to another account', () => {
  it.each([
    ['GET', ''],
    ['GET', '/health'],
    ['GET', '/recoveries'],
    ['PATCH', ''],
    ['DELETE', ''],
    ['POST', '/verify'],
    ['GET', '/deliveries'],
    ['POST', '/test'],
  ])('is the same 404 for %s /v1/webhooks/{webhook_id}%s [API-6, API-19]', async (method, suffix) => {
    const [mine, other] = [await api.newCaller(), await api.newCaller()];
    const [foreign] = await storeWebhooks(api, other, 1);
    const body = suffix === '/test' ? { event_type: 'file.uploaded' } : {};
    const json = method === 'PATCH' || suffix === '/test' ? { json: body } : {};

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
