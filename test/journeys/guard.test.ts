import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { until } from '../support/until.ts';
import { type Journey, startJourney } from './support/journey.ts';

let journey: Journey;

beforeAll(async () => {
  journey = await startJourney({ assemblyDirectory: inject('assembly') });
});

afterAll(() => journey.close());

/** Puts a URL in force that the API would never have let in, as one that was fine when it was registered. */
async function force({ cloud }: Journey, webhookId: string, url: string): Promise<void> {
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

  it.each(['a plain one', 'one by https'])(
    'refuses the connection, too, when such a webhook is there all the same: %s',
    async (kind) => {
      const customer = await journey.startCustomer();
      const created = await journey.api('POST', '/v1/webhooks', {
        url: `https://${randomUUID()}.example/`,
        events: ['*'],
      });
      const url = kind === 'a plain one' ? customer.url() : 'https://127.0.0.1/hook';
      await force(journey, created.body.id, url);
      const id = `evt_${kind.replaceAll(' ', '_')}`;

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
  it('is refused when it is registered, and again at the connection: there is no loop [URL-9]', async ({
    onTestFinished,
  }) => {
    // Where private endpoints are allowed nothing else speaks against it.
    const open = await startJourney();
    onTestFinished(() => open.close());
    const customer = await open.startCustomer();
    const url = `${open.cloud.apiUrl}/v1/webhooks`;

    const refused = await open.api('POST', '/v1/webhooks', { url, events: ['*'] });
    const { id } = await open.register({ url: customer.url(), events: ['*'] });
    await force(open, id, url);
    await open.publish('file.uploaded', { id: 'evt_loop', data: {} });

    expect(refused.status).toBe(400);
    expect(refused.body.errors[0].message).toContain('is this API itself');
    const record = await until('the refusal', async () =>
      (await open.records(id)).find(({ event_id }) => event_id === 'evt_loop'),
    );
    expect(record).toMatchObject({
      status: 'exhausted',
      attempt_1: { error: 'address_refused', reason: expect.stringContaining('is this API itself') },
    });
  });
});
