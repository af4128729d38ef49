import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import catalogue from 'webhook-fanout-catalogue' with { type: 'json' };
import { parseEventId, type WebhookId } from '../../../lambdas/shared/domain/ids.ts';
import type { Webhook } from '../../../lambdas/shared/domain/webhook.ts';
import { type Api, startApi } from '../support/start-api.ts';

const URL = 'https://customer.example/hook';

let api: Api;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

async function givenWebhook(change: Partial<Webhook> = { status: 'active', verified: true }) {
  const caller = await api.newCaller();
  const created = await caller.call('POST', '/v1/webhooks', { json: { url: URL, events: ['file.*'] } });
  const id: WebhookId = Object(created.body).id;
  await api.webhooks.update(caller.account, id, { set: change, remove: ['verification'] });
  return {
    caller,
    id,
    send: (eventType: string) =>
      caller.call('POST', '/v1/webhooks/test', { json: { webhook_id: id, event_type: eventType } }),
    deliveries: () => caller.queued().filter(({ message }) => message.kind === 'test'),
  };
}

describe('POST /v1/webhooks/test', () => {
  it('sends the example of the type to that webhook only', async () => {
    const { send, deliveries, id } = await givenWebhook();

    const answer = await send('ppt.generation.completed');

    const [delivery, ...others] = deliveries();
    const example = catalogue.find(({ name }) => name === 'ppt.generation.completed')?.example;
    expect(answer.status).toBe(202);
    expect(answer.body).toEqual({
      event_id: delivery?.message.eventId,
      delivery_id: delivery?.message.deliveryId,
    });
    expect(others).toEqual([]);
    expect(delivery).toMatchObject({
      queueUrl: 'first',
      message: { kind: 'test', url: URL, webhookId: id, eventType: 'ppt.generation.completed', attempt: 1 },
    });
    expect(JSON.parse(delivery?.message.body ?? '')).toEqual({
      id: delivery?.message.eventId,
      type: 'ppt.generation.completed',
      created: '2026-01-15T10:30:00.000Z',
      data: example,
    });
  });

  it('is a 400 with the reason for a URL that the rules no longer allow [URL-14]', async () => {
    const { send, deliveries } = await givenWebhook({
      status: 'active',
      verified: true,
      url: 'https://127.0.0.1/',
    });

    const answer = await send('file.uploaded');

    expect(answer).toMatchObject({ status: 400, body: { errors: [{ path: 'url' }] } });
    expect(deliveries()).toEqual([]);
  });

  it('stores the event with the body that is sent', async () => {
    const { send, deliveries, caller, id } = await givenWebhook();

    const { body } = await send('file.uploaded');

    const eventId = parseEventId(Object(body).event_id);
    const now = deliveries()[0]?.message.acceptedAt ?? 0;
    const event = eventId && (await api.deliveries.getEvent(caller.account, eventId, now));
    expect(event).toMatchObject({
      type: 'file.uploaded',
      body: deliveries()[0]?.message.body,
      webhookIds: [id],
    });
  });

  it.each(['webhook.retry', 'webhook.exhausted', 'webhook.warned', 'webhook.disabled'])(
    'has an example of %s',
    async (type) => {
      const { send, deliveries } = await givenWebhook();

      const answer = await send(type);

      expect(answer.status).toBe(202);
      expect(JSON.parse(deliveries()[0]?.message.body ?? '').data).not.toEqual({});
    },
  );

  it('is sent to the slow queue for a webhook that is known to be slow', async () => {
    const { send, deliveries } = await givenWebhook({
      status: 'active',
      verified: true,
      slowSince: '2026-01-15T10:00:00.000Z',
    });

    await send('file.uploaded');

    expect(deliveries().map(({ queueUrl }) => queueUrl)).toEqual(['slow']);
  });

  it.each(['pending', 'disabled', 'verification_failed'] as const)(
    'is a 409 for a %s webhook',
    async (status) => {
      const { send, deliveries } = await givenWebhook({ status });

      const answer = await send('file.uploaded');

      expect(answer.status).toBe(409);
      expect(deliveries()).toEqual([]);
    },
  );

  it.each(['no.such', 'webhook.verification', '*', 'file.*', '__proto__'])(
    'refuses the type %s',
    async (type) => {
      const { send } = await givenWebhook();

      const answer = await send(type);

      expect(answer.status).toBe(400);
      expect(Object(answer.body).errors).toEqual([{ path: 'event_type', message: expect.any(String) }]);
    },
  );

  it('refuses an unknown field [API-18]', async () => {
    const { caller, id, deliveries } = await givenWebhook();
    const json = { webhook_id: id, event_type: 'file.uploaded', data: {} };

    const answer = await caller.call('POST', '/v1/webhooks/test', { json });

    expect(answer.status).toBe(400);
    expect(Object(answer.body).errors).toEqual([{ path: 'data', message: expect.any(String) }]);
    expect(deliveries()).toEqual([]);
  });

  it("is the same 404 for another account's webhook and for an unknown id [API-6]", async () => {
    const { id } = await givenWebhook();
    const other = await api.newCaller();

    const answers = await Promise.all(
      [id, 'wh_nothing', 'x'].map((webhook_id) =>
        other.call('POST', '/v1/webhooks/test', { json: { webhook_id, event_type: 'file.uploaded' } }),
      ),
    );

    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404]);
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
  });

  it('is limited per account [API-8]', async () => {
    const { send, deliveries } = await givenWebhook();

    const answers = [];
    for (let i = 0; i < 61; i++) answers.push(await send('file.uploaded'));

    expect(answers.map(({ status }) => status)).toEqual([...Array(60).fill(202), 429]);
    expect(deliveries()).toHaveLength(60);
  });

  it('enqueues nothing when the event cannot be stored', async () => {
    const { send, deliveries } = await givenWebhook();
    api.faults.dynamodb = (command) => command === 'PutItemCommand';

    const answer = await send('file.uploaded').finally(() => {
      api.faults.dynamodb = () => false;
    });

    expect(answer.status).toBe(503);
    expect(deliveries()).toEqual([]);
  });
});
