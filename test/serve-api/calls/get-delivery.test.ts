import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ATTEMPT_ERRORS } from '../../../lambdas/shared/domain/delivery.ts';
import { newDeliveryId } from '../../../lambdas/shared/domain/ids.ts';
import { attempt, deliveryId, NOW } from '../../support/builders.ts';
import { type Api, type Caller, startApi } from '../support/start-api.ts';
import { aHeader, type GivenDelivery, storeDeliveries } from '../support/store-deliveries.ts';
import { storeWebhooks } from '../support/store-webhooks.ts';

const THIRTY_DAYS_MS = 30 * 86_400_000;

let api: Api;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

async function givenDelivery(given: Partial<GivenDelivery> = {}) {
  const caller = await api.newCaller();
  const [webhookId] = await storeWebhooks(api, caller, 1);
  if (webhookId === undefined) throw new Error('no webhook');
  const header = aHeader(caller, webhookId);
  await storeDeliveries(api, [{ header, status: 'delivered', ...given }]);
  const path = `/v1/webhooks/${webhookId}/deliveries/${header.deliveryId}`;
  return { caller, header, path, get: (by: Caller = caller) => by.call('GET', path) };
}

describe('GET /v1/webhooks/{webhook_id}/deliveries/{delivery_id}', () => {
  it('shows every attempt of a delivery that was retried', async () => {
    const timing = { dnsMs: 3, connectMs: 20, tlsMs: 41, firstByteMs: 7 };
    const failed = attempt({
      number: 1,
      status: 500,
      reason: 'the endpoint answered 500; 200 was expected',
      timing,
      responseHeaders: { 'content-type': 'text/plain', server: 'nginx' },
      excerpt: 'Internal Server Err',
      excerptCut: true,
    });
    const refused = attempt({ number: 2, at: NOW + 1_000, error: 'connection_error', reason: 'refused' });
    const { status: _, ...withoutResponse } = refused;
    const { get, header } = await givenDelivery({
      status: 'retrying',
      attempts: [withoutResponse, failed],
      more: { next_attempt_at: NOW + 6_000 },
    });

    const answer = await get();

    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({
      id: header.deliveryId,
      event_id: header.eventId,
      event_type: 'file.uploaded',
      webhook_id: header.webhookId,
      status: 'retrying',
      trigger: 'event',
      created: '2026-01-15T10:30:00.000Z',
      next_attempt_at: '2026-01-15T10:30:06.000Z',
      attempts: [
        {
          number: 1,
          at: '2026-01-15T10:30:00.000Z',
          duration_ms: 20,
          timing: { dns_ms: 3, connect_ms: 20, tls_ms: 41, first_byte_ms: 7 },
          error: 'http_status',
          reason: 'the endpoint answered 500; 200 was expected',
          response: {
            status: 500,
            headers: { 'content-type': 'text/plain', server: 'nginx' },
            body: 'Internal Server Err',
            body_truncated: true,
          },
        },
        {
          number: 2,
          at: '2026-01-15T10:30:01.000Z',
          duration_ms: 20,
          timing: { dns_ms: null, connect_ms: null, tls_ms: null, first_byte_ms: null },
          error: 'connection_error',
          reason: 'refused',
        },
      ],
    });
  });

  it('shows a success without a body, and no internal attribute of it', async () => {
    const { get } = await givenDelivery({
      attempts: [{ number: 1, at: NOW, durationMs: 12, status: 200, token: 'token-1', reconnected: true }],
    });

    const { body, text } = await get();

    expect(Object(body).attempts).toEqual([
      {
        number: 1,
        at: '2026-01-15T10:30:00.000Z',
        duration_ms: 12,
        timing: { dns_ms: null, connect_ms: null, tls_ms: null, first_byte_ms: null },
        response: { status: 200, headers: {}, body: null, body_truncated: false },
      },
    ]);
    expect(text).not.toContain('token-1');
  });

  it('shows where a redirect pointed, also of a record without headers', async () => {
    const location = 'https://elsewhere.example/';
    const { get } = await givenDelivery({ attempts: [attempt({ status: 302, location })] });

    expect(Object((await get()).body).attempts[0].response.headers).toEqual({ location });
  });

  it.each([
    ['held', 'the webhook is disabled'],
    ['canceled', 'the webhook was deleted'],
    ['exhausted', 'the address is not public'],
  ] as const)('says why a delivery is %s, and shows no next attempt', async (status, reason) => {
    const more = { reason, next_attempt_at: NOW };
    const { get } = await givenDelivery({ status, more });

    const { body } = await get();

    expect(body).toMatchObject({ status, reason, attempts: [] });
    expect(body).not.toHaveProperty('next_attempt_at');
  });

  it('names the delivery that it repeats and the one that repeats it, and when it began', async () => {
    const [first, third] = [deliveryId('dlv_first'), deliveryId('dlv_third')];
    const caller = await api.newCaller();
    const [webhookId] = await storeWebhooks(api, caller, 1);
    if (webhookId === undefined) throw new Error('no webhook');
    const repeat = { trigger: 'recovery', resendOf: first, startedAt: NOW + 60_000 } as const;
    const header = aHeader(caller, webhookId, repeat);
    await storeDeliveries(api, [{ header, status: 'exhausted', more: { resent_as: third } }]);

    const answer = await caller.call('GET', `/v1/webhooks/${webhookId}/deliveries/${header.deliveryId}`);

    expect(answer.body).toMatchObject({
      trigger: 'recovery',
      resend_of: first,
      resent_as: third,
      created: '2026-01-15T10:31:00.000Z',
    });
  });

  it.each(['test', 'verification'] as const)('shows the trigger of a %s', async (kind) => {
    const caller = await api.newCaller();
    const [webhookId] = await storeWebhooks(api, caller, 1);
    if (webhookId === undefined) throw new Error('no webhook');
    const header = aHeader(caller, webhookId, { kind, trigger: kind });
    await storeDeliveries(api, [{ header, status: 'delivered' }]);

    const answer = await caller.call('GET', `/v1/webhooks/${webhookId}/deliveries/${header.deliveryId}`);

    expect(Object(answer.body).trigger).toBe(kind);
  });

  it('has a documented class for every error', async () => {
    const { get } = await givenDelivery({
      status: 'exhausted',
      attempts: ATTEMPT_ERRORS.map((error, index) => attempt({ number: index + 1, error })),
    });

    // The answer is validated by the OpenAPI document.
    expect(Object((await get()).body).attempts.map(({ error }: { error: string }) => error)).toEqual([
      ...ATTEMPT_ERRORS,
    ]);
  });

  it('is readable after its webhook was deleted', async () => {
    const { caller, header, get } = await givenDelivery({ status: 'canceled' });
    await caller.call('DELETE', `/v1/webhooks/${header.webhookId}`);

    expect((await get()).status).toBe(200);
  });

  it('is a 404 once it has expired', async () => {
    const { get } = await givenDelivery();
    try {
      api.clock.time = NOW + THIRTY_DAYS_MS;
      expect((await get()).status).toBe(200);
      api.clock.time += 1_000;
      expect((await get()).status).toBe(404);
    } finally {
      api.clock.time = NOW;
    }
  });

  it('is the same 404 for an unknown id and for ids of another account or webhook [API-6, API-19]', async () => {
    const { caller, header, get } = await givenDelivery();
    const other = await api.newCaller();
    const [sibling] = await storeWebhooks(api, caller, 1);

    const answers = [
      await get(other),
      ...(await Promise.all(
        [
          `/v1/webhooks/${sibling}/deliveries/${header.deliveryId}`,
          `/v1/webhooks/${header.webhookId}/deliveries/${newDeliveryId(NOW)}`,
          `/v1/webhooks/${header.webhookId}/deliveries/${header.webhookId}`,
          `/v1/webhooks/${header.webhookId}/deliveries/..%2f..%2fdlv_1`,
          `/v1/webhooks/dlv_1/deliveries/${header.deliveryId}`,
          `/v1/webhooks/${header.webhookId}/deliveries/dlv_${'x'.repeat(300)}`,
        ].map((path) => caller.call('GET', path)),
      )),
    ];

    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    expect(answers[0]).toMatchObject({ status: 404, body: { type: 'urn:webhook-fanout:problem:not-found' } });
  });
});
