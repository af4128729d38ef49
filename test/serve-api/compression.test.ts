import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newDeliveryId } from '../../lambdas/shared/domain/ids.ts';
import { attempt, NOW } from '../support/builders.ts';
import { type Api, type Caller, startApi } from './support/start-api.ts';
import { aHeader, storeDeliveries } from './support/store-deliveries.ts';
import { storeWebhooks } from './support/store-webhooks.ts';

const GZIP = { headers: { 'accept-encoding': 'gzip, deflate, br' } };

let api: Api;
let caller: Caller;
let path: string;
beforeAll(async () => {
  api = await startApi();
  caller = await api.newCaller();
  const [webhookId] = await storeWebhooks(api, caller, 1);
  if (webhookId === undefined) throw new Error('no webhook');
  path = `/v1/webhooks/${webhookId}/deliveries`;
  const headers = Array.from({ length: 10 }, (_, n) =>
    aHeader(caller, webhookId, { deliveryId: newDeliveryId(NOW - n) }),
  );
  await storeDeliveries(
    api,
    headers.map((header) => ({ header, status: 'exhausted', attempts: [attempt()] })),
  );
});
afterAll(() => api.close());

describe('an answer', () => {
  it('is compressed for a client that accepts gzip, and is the same', async () => {
    const plain = await caller.call('GET', path);
    const compressed = await caller.call('GET', path, GZIP);

    expect(compressed.headers['content-encoding']).toBe('gzip');
    expect(compressed.body).toEqual(plain.body);
    expect(plain.headers).not.toHaveProperty('content-encoding');
  });

  it.each([undefined, 'identity', 'br', 'gzip;q=0'])(
    'is not compressed for Accept-Encoding %s',
    async (value) => {
      const { headers } = await caller.call('GET', path, { headers: { 'accept-encoding': value } });

      expect(headers).not.toHaveProperty('content-encoding');
    },
  );

  it('is not compressed when it is short', async () => {
    const { headers, status } = await caller.call('GET', path, { ...GZIP, query: { limit: '1' } });

    expect(status).toBe(200);
    expect(headers).not.toHaveProperty('content-encoding');
  });

  it('to a change is not compressed, since it may contain a secret [API-65]', async () => {
    const url = `https://customer.example/${'p'.repeat(1_500)}`;
    const json = { url, events: ['*'] };

    const { status, headers, text } = await caller.call('POST', '/v1/webhooks', { ...GZIP, json });

    expect(status).toBe(201);
    expect(text.length).toBeGreaterThan(1_400);
    expect(text).toContain('whsec_');
    expect(headers).not.toHaveProperty('content-encoding');
  });
});
