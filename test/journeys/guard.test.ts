import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { until } from '../support/until.ts';
import { type Journey, startJourney } from './support/journey.ts';

let journey: Journey;

beforeAll(async () => {
  journey = await startJourney({ assemblyDirectory: inject('assembly') });
});

afterAll(() => journey.close());

/** Stores a URL that the API refuses, as if the rules had allowed it at registration. */
async function storeUrl({ cloud }: Journey, webhookId: string, url: string): Promise<void> {
  await cloud.calls.call({
    principal: 'local',
    service: 'dynamodb',
    action: 'UpdateItem',
    input: {
      TableName: cloud.outputs.WebhooksTableName,
      Key: { pk: { S: 'ACCOUNT#acct_1' }, sk: { S: `WEBHOOK#${webhookId}` } },
      UpdateExpression:
        'SET #url = :url, #status = :active, #verified = :true REMOVE #id, #challenged, #started',
      ExpressionAttributeNames: {
        '#url': 'url',
        '#status': 'status',
        '#verified': 'verified',
        '#id': 'verification_id',
        '#challenged': 'verification_url',
        '#started': 'verification_started_at',
      },
      ExpressionAttributeValues: {
        ':url': { S: url },
        ':active': { S: 'active' },
        ':true': { BOOL: true },
      },
    },
  });
}

describe('a stack that does not allow private endpoints', () => {
  it.each([
    'http://127.0.0.1:8080/hook',
    'https://127.0.0.1/hook',
    'https://localhost/hook',
    'https://[::1]/hook',
    'https://169.254.169.254/latest/meta-data',
    'https://2130706433/',
    'https://customer.internal/',
    'https://user:password@customer.example/',
    'https://customer.example:8080/',
  ])('refuses to register %s [URL-1]', async (url) => {
    const { status, body } = await journey.api('POST', '/v1/webhooks', { url, events: ['*'] });

    expect(status).toBe(400);
    expect(body.errors).toEqual([{ path: expect.stringContaining('url'), message: expect.any(String) }]);
  });

  it.each(['http', 'https'])(
    'refuses the connection when a stored webhook has such a URL: %s',
    async (scheme) => {
      const customer = await journey.startCustomer();
      const created = await journey.api('POST', '/v1/webhooks', {
        url: `https://${randomUUID()}.example/`,
        events: ['*'],
      });
      const url = scheme === 'http' ? customer.url() : 'https://127.0.0.1/hook';
      await storeUrl(journey, created.body.id, url);
      const id = `evt_${scheme}`;

      await journey.publish('file.uploaded', { id, data: {} });

      const record = await until('the refusal', async () =>
        (await journey.records(created.body.id)).find(({ event_id }) => event_id === id),
      );
      expect(record).toMatchObject({ status: 'exhausted', attempt_1: { error: 'address_refused' } });
      expect(customer.requests).toEqual([]);
    },
  );
});

describe('a webhook that points at the API itself', () => {
  it('is refused when it is registered, and again at the connection [URL-9]', async ({ onTestFinished }) => {
    // This stack allows private endpoints, so no other rule refuses the URL.
    const privateJourney = await startJourney();
    onTestFinished(() => privateJourney.close());
    const customer = await privateJourney.startCustomer();
    const url = `${privateJourney.cloud.apiUrl}/v1/webhooks`;

    const refused = await privateJourney.api('POST', '/v1/webhooks', { url, events: ['*'] });
    const { id } = await privateJourney.register({ url: customer.url(), events: ['*'] });
    await storeUrl(privateJourney, id, url);
    await privateJourney.publish('file.uploaded', { id: 'evt_loop', data: {} });

    expect(refused.status).toBe(400);
    expect(refused.body.errors[0].message).toContain('is this API itself');
    const record = await until('the refusal', async () =>
      (await privateJourney.records(id)).find(({ event_id }) => event_id === 'evt_loop'),
    );
    expect(record).toMatchObject({
      status: 'exhausted',
      attempt_1: { error: 'address_refused', reason: expect.stringContaining('is this API itself') },
    });
  });
});
