import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseAccountId, parseWebhookId } from '../../lambdas/shared/domain/ids.ts';
import { createDataKeys } from '../../lambdas/shared/secrets/data-keys.ts';
import { createWebhookReads } from '../../lambdas/shared/store/webhook-reads.ts';
import { ADMINISTRATOR } from '../../local/aws-calls.ts';
import { createInProcessClient } from '../../local/in-process-client.ts';
import { acceptsSignature } from '../support/accepts-signature.ts';
import type { Request } from '../support/http-server.ts';
import { until } from '../support/until.ts';
import { type Journey, startJourney } from './support/journey.ts';

let journey: Journey;

beforeAll(async () => {
  journey = await startJourney();
});

afterAll(() => journey.close());

const isSignedTwice = ({ headers }: Request): boolean => String(headers['webhook-signature']).includes(' ');

const idOf = ({ headers }: Request): unknown => headers['webhook-id'];

function adminClients() {
  const { calls, outputs } = journey.cloud;
  return {
    dynamodb: createInProcessClient(calls, ADMINISTRATOR, 'dynamodb'),
    kms: createInProcessClient(calls, ADMINISTRATOR, 'kms'),
    tableName: outputs.WebhooksTableName ?? '',
    kmsKeyId: outputs.SecretsKeyId ?? '',
  };
}

describe('a rotation of the signing secret', () => {
  it('with a backlog needs no outage: either secret verifies during the grace time, and only the new one after it', async () => {
    let isUp = false;
    // Until then it accepts nothing but what two secrets signed.
    const customer = await journey.startCustomer((request) => ({
      status: isUp || isSignedTwice(request) ? 200 : 500,
    }));
    const { id, secret: first } = await journey.register({ url: customer.url(), events: ['file.*'] });
    const backlog = Array.from({ length: 5 }, (_, n) => `evt_backlog_${n}`);
    for (const event of backlog) await journey.publish('file.uploaded', { id: event, data: {} });
    const beforeRotation = await customer.received(backlog.length);
    for (const request of beforeRotation) expect(acceptsSignature(first, request)).toBe(true);

    const { status, body } = await journey.api('POST', `/v1/webhooks/${id}/secret/rotate`, {});
    const rotatedAt = Date.now();

    expect(status).toBe(200);
    const second: string = body.secret;
    expect(Date.parse(body.previous_expires_at)).toBeGreaterThan(rotatedAt);
    // Retries are signed again: their events were dispatched before the rotation.
    for (const event of backlog) {
      const [retry] = await customer.received(
        1,
        (request) => idOf(request) === event && isSignedTwice(request),
      );
      if (retry === undefined) throw new Error('there was no retry');
      expect([acceptsSignature(second, retry), acceptsSignature(first, retry)]).toEqual([true, true]);
      expect(retry.headers['x-webhook-signature-previous']).toMatch(/^sha256=/);
    }
    await journey.publish('file.uploaded', { id: 'evt_during', data: {} });
    const [during] = await customer.received(1, (request) => idOf(request) === 'evt_during');
    if (during === undefined) throw new Error('the event did not arrive');
    expect([acceptsSignature(second, during), acceptsSignature(first, during)]).toEqual([true, true]);

    isUp = true;
    const { body: last } = await journey.api('POST', `/v1/webhooks/${id}/secret/rotate`, {
      grace_seconds: 0,
    });
    await journey.publish('file.uploaded', { id: 'evt_after', data: {} });
    const [after] = await customer.received(1, (request) => idOf(request) === 'evt_after');
    if (after === undefined) throw new Error('the event did not arrive');
    expect(last.previous_expires_at).toBeNull();
    expect([last.secret, second, first].map((secret) => acceptsSignature(secret, after))).toEqual([
      true,
      false,
      false,
    ]);
    expect(after.headers).not.toHaveProperty('x-webhook-signature-previous');
    expect((await journey.records(id)).map(({ status: ended }) => ended)).not.toContain('exhausted');
  });

  it('ends with its grace time, without a further call', async () => {
    const customer = await journey.startCustomer();
    const key = await journey.newAccount('acct_grace');
    const { id, secret: first } = await journey.register(
      { url: customer.url(), events: ['file.*'] },
      { key },
    );

    const { body } = await journey.api(
      'POST',
      `/v1/webhooks/${id}/secret/rotate`,
      { grace_seconds: 3 },
      { key },
    );

    // Published until the first secret has expired: each request is signed with what is live at its time.
    let number = 0;
    const after = await until('a request after the grace time', async () => {
      await journey.publish('file.uploaded', {
        account_id: 'acct_grace',
        id: `evt_grace_${number++}`,
        data: {},
      });
      return customer.requests.find((request) => !isSignedTwice(request));
    });
    await journey.untilIdle();
    const expiresAt = Date.parse(body.previous_expires_at);
    expect(after.at).toBeGreaterThanOrEqual(expiresAt);
    expect([acceptsSignature(body.secret, after), acceptsSignature(first, after)]).toEqual([true, false]);
    for (const request of customer.requests.filter(({ at }) => at < expiresAt)) {
      expect([acceptsSignature(body.secret, request), acceptsSignature(first, request)]).toEqual([
        true,
        true,
      ]);
    }
  });
});

describe('a rotation of the data key', () => {
  it('changes nothing for deliveries, and the next change of a webhook seals its secret with the new one', async () => {
    const customer = await journey.startCustomer();
    const key = await journey.newAccount('acct_data_key');
    const headers = { Authorization: 'Bearer of-the-customer' };
    const webhook = await journey.register({ url: customer.url(), events: ['file.*'], headers }, { key });
    const clients = adminClients();
    const numbers = async () => {
      const [accountId, webhookId] = [parseAccountId('acct_data_key'), parseWebhookId(webhook.id)];
      if (accountId === undefined || webhookId === undefined) throw new Error('these are no ids');
      const stored = await createWebhookReads(clients).get(accountId, webhookId);
      return [stored?.secrets[0]?.dataKey, stored?.customHeaders?.sealed.dataKey];
    };
    expect(await numbers()).toEqual([1, 1]);
    await createDataKeys(clients).rotate(new Date().toISOString());
    // A new environment reads the number at once; a warm one within five minutes.
    const server = journey.cloud.findFunction('ServeApi');
    while (await server.killEnvironment());

    await journey.api('PATCH', `/v1/webhooks/${webhook.id}`, { description: 'changed' }, { key });
    await journey.publish('file.uploaded', { account_id: 'acct_data_key', id: 'evt_data_key', data: {} });

    expect(await numbers()).toEqual([2, 2]);
    const [request] = await customer.received(1);
    if (request === undefined) throw new Error('the event did not arrive');
    expect(acceptsSignature(webhook.secret, request)).toBe(true);
    expect(request.headers.authorization).toBe(headers.Authorization);
    expect(customer.challenges[0]?.headers.authorization).toBe(headers.Authorization);
  });
});

describe('the rule of success of a webhook', () => {
  it('is its own: a 202 is success for one webhook and a failure for another', async () => {
    const customer = await journey.startCustomer(() => ({ status: 202 }));
    const key = await journey.newAccount('acct_success');
    const register = (path: string, more: object) =>
      journey.register({ url: customer.url(path), events: ['file.*'], ...more }, { key });
    const own = await register('/own', { success_status: '2xx' });
    const plain = await register('/plain', {});

    await journey.publish('file.uploaded', { account_id: 'acct_success', id: 'evt_success', data: {} });

    const statusOf = (id: string) =>
      until('a record', async () => (await journey.records(id, 'acct_success')).find(isOfTheEvent)?.status);
    expect(await statusOf(own.id)).toBe('delivered');
    expect(await statusOf(plain.id)).toBe('retrying');
  });
});

function isOfTheEvent({ event_id }: Record<string, unknown>): boolean {
  return event_id === 'evt_success';
}
