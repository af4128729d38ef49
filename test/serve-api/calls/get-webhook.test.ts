import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { webhook } from '../../support/builders.ts';
import { type Api, startApi } from '../support/start-api.ts';
import { storeWebhooks } from '../support/store-webhooks.ts';

let api: Api;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

describe('GET /v1/webhooks/{webhook_id}', () => {
  it('returns the current state of the webhook, without its secret', async () => {
    const caller = await api.newCaller();
    const [id] = await storeWebhooks(api, caller, 1);

    const answer = await caller.call('GET', `/v1/webhooks/${id}`);

    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ id, status: 'active', verified: true });
    expect(answer.body).toMatchObject({ previous_secret_expires_at: null });
    expect(answer.body).not.toHaveProperty('secret');
    expect(answer.text).not.toMatch(/whsec_|sealed/);
  });

  it('returns the reason of a failed verification, and the time since when the endpoint is slow', async () => {
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
