import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Journey, startJourney } from './support/journey.ts';

let journey: Journey;

beforeAll(async () => {
  journey = await startJourney();
});

afterAll(() => journey.close());

/** The calls of the published integration guide, with another host, key and ids, and without TLS. */
describe('the published contract', () => {
  it("creates a webhook with the customer's own secret, and its signatures pass the guide's verification", async () => {
    const customer = await journey.startCustomer();

    const created = await journey.api('POST', '/v1/webhooks', {
      url: customer.url('/webhook'),
      events: ['ppt.generation.completed', 'ppt.generation.failed'],
      secret: 'your_webhook_secret',
    });
    await journey.untilStatus(created.body.id, 'active');
    await journey.publish('ppt.generation.failed', { data: { error: 'out of paper' } });

    expect(created.status).toBe(201);
    const [request] = await customer.received(1);
    const timestamp = String(request?.headers['x-webhook-timestamp']);
    const hex = createHmac('sha256', 'your_webhook_secret')
      .update(`${timestamp}.${request?.body}`)
      .digest('hex');
    expect(request?.headers['x-webhook-signature']).toBe(`sha256=${hex}`);
    expect(request?.headers['x-webhook-event']).toBe('ppt.generation.failed');
    expect(request?.headers['content-type']).toBe('application/json');
  });

  it('sends a test event to one webhook only, with the example of its type', async () => {
    const customer = await journey.startCustomer();
    const { id } = await journey.register({ url: customer.url('/mine'), events: ['file.uploaded'] });
    await journey.register({ url: customer.url('/other'), events: ['*'] });

    const answer = await journey.api('POST', '/v1/webhooks/test', {
      webhook_id: id,
      event_type: 'ppt.generation.completed',
    });

    expect(answer.status).toBe(202);
    const [request] = await customer.received(1);
    expect(request?.path).toBe('/mine');
    expect(request?.headers['x-webhook-test']).toBe('true');
    expect(request?.headers['webhook-id']).toBe(answer.body.event_id);
    expect(request?.headers['x-webhook-delivery']).toBe(answer.body.delivery_id);
    expect(JSON.parse(String(request?.body))).toMatchObject({
      type: 'ppt.generation.completed',
      data: { ppt_id: expect.any(String), pages: expect.any(Number), download_url: expect.any(String) },
    });
  });

  it('lists the thirteen event types', async () => {
    const { body } = await journey.api('GET', '/v1/event-types');
    const names: string[] = body.data.map(({ name }: { name: string }) => name);

    expect(names.filter((name) => !name.startsWith('webhook.'))).toEqual([
      'ppt.generation.started',
      'ppt.generation.completed',
      'ppt.generation.failed',
      'ppt.generation.cancelled',
      'ppt.edit.started',
      'ppt.edit.completed',
      'ppt.edit.failed',
      'file.uploaded',
      'file.processed',
      'file.deleted',
      'user.registered',
      'user.subscribed',
      'user.unsubscribed',
    ]);
  });

  it("refuses a wrong key, another account's webhook and an unknown path as problem details", async () => {
    const foreignKey = await journey.newAccount('acct_2');
    const customer = await journey.startCustomer();
    const { id } = await journey.register({ url: customer.url(), events: ['*'] });

    const answers = [
      await journey.api('GET', '/v1/webhooks', undefined, { key: `whk_${'0'.repeat(32)}` }),
      await journey.api('GET', `/v1/webhooks/${id}`, undefined, { key: foreignKey }),
      await journey.api('GET', '/v1/nothing'),
      await journey.api('PUT', '/v1/webhooks', {}),
    ];

    expect(answers.map(({ status }) => status)).toEqual([401, 404, 404, 405]);
    for (const { headers, body, status } of answers) {
      expect(headers.get('content-type')).toContain('application/problem+json');
      expect(body).toMatchObject({ status, title: expect.any(String), detail: expect.any(String) });
    }
  });
});
