import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Api, startApi } from '../support/start-api.ts';
import { givenWebhook } from '../support/webhook-states.ts';

let api: Api;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

describe('POST /v1/webhooks/{webhook_id}/test', () => {
  it('sends a test event to the webhook of the path', async () => {
    const { caller, id } = await givenWebhook(api, 'active');

    const answer = await caller.call('POST', `/v1/webhooks/${id}/test`, {
      json: { event_type: 'file.uploaded' },
    });

    const sent = caller.queued().at(-1)?.message;
    expect(answer).toMatchObject({
      status: 202,
      body: { event_id: sent?.eventId, delivery_id: sent?.deliveryId },
    });
    expect(sent).toMatchObject({ kind: 'test', webhookId: id, eventType: 'file.uploaded' });
  });

  it.each(['pending', 'disabled', 'verification_failed'] as const)(
    'is a 409 for a %s webhook',
    async (status) => {
      const { caller, id } = await givenWebhook(api, status);

      const answer = await caller.call('POST', `/v1/webhooks/${id}/test`, {
        json: { event_type: 'file.uploaded' },
      });

      expect(answer.status).toBe(409);
    },
  );

  it('refuses a webhook id in the body', async () => {
    const { caller, id } = await givenWebhook(api, 'active');

    const answer = await caller.call('POST', `/v1/webhooks/${id}/test`, {
      json: { event_type: 'file.uploaded', webhook_id: id },
    });

    expect(answer).toMatchObject({ status: 400, body: { errors: [{ path: 'webhook_id' }] } });
  });

  it('shares its limit with POST /v1/webhooks/test [API-8]', async () => {
    const { caller, id } = await givenWebhook(api, 'active');
    const json = { event_type: 'file.uploaded' };

    const [first, second] = [
      await caller.call('POST', '/v1/webhooks/test', { json: { ...json, webhook_id: id } }),
      await caller.call('POST', `/v1/webhooks/${id}/test`, { json }),
    ];

    expect(first.headers.ratelimit).toMatch(/^"test";r=59;/);
    expect(second.headers.ratelimit).toMatch(/^"test";r=58;/);
  });
});
