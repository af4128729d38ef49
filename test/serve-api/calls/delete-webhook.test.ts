import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Api, startApi } from '../support/start-api.ts';
import { storeWebhooks } from '../support/store-webhooks.ts';

let api: Api;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

describe('DELETE /v1/webhooks/{webhook_id}', () => {
  it('answers 204 without a body, and then 404', async () => {
    const caller = await api.newCaller();
    const [id] = await storeWebhooks(api, caller, 1);

    const first = await caller.call('DELETE', `/v1/webhooks/${id}`);
    const second = await caller.call('DELETE', `/v1/webhooks/${id}`);

    expect(first).toMatchObject({ status: 204, text: '' });
    expect(second.status).toBe(404);
  });
});
