import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { givenDelivery } from '../support/given-deliveries.ts';
import { type Api, startApi } from '../support/start-api.ts';
import { CURRENT_URL, failVerification, givenWebhook, storedWebhook } from '../support/webhook-states.ts';

const NEW_URL = 'https://customer.example/new';

let api: Api;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

describe('POST /v1/webhooks/{webhook_id}/verify', () => {
  it('is a 400 with the reason for a URL that the rules no longer allow [URL-14]', async () => {
    const { caller, id } = await givenWebhook(api, 'pending');
    await api.webhooks.update(caller.account, id, { set: { url: 'http://10.0.0.1/' } });

    const answer = await caller.call('POST', `/v1/webhooks/${id}/verify`);

    expect(answer).toMatchObject({ status: 400, body: { errors: [{ path: 'url' }] } });
    expect(caller.queued()).toHaveLength(1);
  });

  it.each(['pending', 'verification_failed'] as const)(
    'sends a new challenge to a %s webhook',
    async (from) => {
      const { caller, id } = await givenWebhook(api, from);

      const answer = await caller.call('POST', `/v1/webhooks/${id}/verify`);
      const { verification } = await storedWebhook(api, caller, id);

      expect(answer).toMatchObject({ status: 202, body: { status: 'pending', verification_error: null } });
      expect(caller.queued()).toHaveLength(2);
      expect(caller.queued().at(-1)?.message).toMatchObject({ url: CURRENT_URL, eventId: verification?.id });
    },
  );

  it('sends the challenge to the pending URL when there is one', async () => {
    const { caller, id, patch } = await givenWebhook(api, 'active');
    await patch({ url: NEW_URL });
    await failVerification(api, caller, id);

    const answer = await caller.call('POST', `/v1/webhooks/${id}/verify`);

    expect(answer).toMatchObject({ status: 202, body: { status: 'active', pending_url: NEW_URL } });
    expect(caller.queued().at(-1)?.message.url).toBe(NEW_URL);
  });

  it.each(['active', 'disabled'] as const)(
    'is a 409 for an %s webhook with nothing to verify',
    async (status) => {
      const { caller, id } = await givenWebhook(api, status);

      const answer = await caller.call('POST', `/v1/webhooks/${id}/verify`);

      expect(answer).toMatchObject({ status: 409, body: { type: 'urn:webhook-fanout:problem:conflict' } });
      expect(caller.queued()).toHaveLength(1);
    },
  );

  it('is a 409 when the secret cannot be decrypted, and the webhook can still be read [FAULT-27]', async () => {
    const { caller, id } = await givenWebhook(api, 'pending');
    const { secrets } = await storedWebhook(api, caller, id);
    const broken = secrets.map((secret) => ({ ...secret, sealed: Buffer.alloc(60).toString('base64') }));
    await api.webhooks.update(caller.account, id, { set: { secrets: broken } });

    const verified = await caller.call('POST', `/v1/webhooks/${id}/verify`);
    const read = await caller.call('GET', `/v1/webhooks/${id}`);

    expect(verified.status).toBe(409);
    expect(read.status).toBe(200);
  });

  it('is limited per account, and answers when to try again [API-8]', async () => {
    const { caller, id } = await givenWebhook(api, 'pending');
    const other = await givenWebhook(api, 'pending');

    const statuses: number[] = [];
    for (let i = 0; i < 61; i++)
      statuses.push((await caller.call('POST', `/v1/webhooks/${id}/verify`)).status);
    const refused = await caller.call('POST', `/v1/webhooks/${id}/verify`);
    const others = await other.caller.call('POST', `/v1/webhooks/${other.id}/verify`);

    expect(statuses).toEqual([...Array(60).fill(202), 429]);
    expect(refused).toMatchObject({ status: 429, headers: { 'retry-after': '60' } });
    expect(others.status).toBe(202);
  });
});

describe('the answer that starts a verification', () => {
  it('has the number of held deliveries', async () => {
    const { caller, id, patch } = await givenWebhook(api, 'disabled');
    await givenDelivery(api, caller, id, { status: 'held' });
    await patch({ url: 'https://customer.example/new' });

    const answer = await caller.call('POST', `/v1/webhooks/${id}/verify`);

    expect(answer).toMatchObject({ status: 202, body: { held: 1 } });
  });
});
