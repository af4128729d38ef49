import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ATTEMPT_ERRORS, type Attempt } from '../../../lambdas/shared/domain/delivery.ts';
import {
  newDeliveryId,
  newEventId,
  newWebhookId,
  parseWebhookId,
} from '../../../lambdas/shared/domain/ids.ts';
import { deliveryHeaders } from '../../../lambdas/shared/http/headers.ts';
import { sign } from '../../../lambdas/shared/signing/sign.ts';
import { attempt, deliveryId, NOW, webhook } from '../../support/builders.ts';
import { type Api, type Caller, startApi } from '../support/start-api.ts';
import {
  aHeader,
  type GivenDelivery,
  headerOf,
  storeDeliveries,
  storeEvent,
} from '../support/store-deliveries.ts';
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
      accepted: '2026-01-15T10:30:00.000Z',
      created: '2026-01-15T10:30:00.000Z',
      next_attempt_at: '2026-01-15T10:30:06.000Z',
      attempts: [
        {
          number: 1,
          at: '2026-01-15T10:30:00.000Z',
          duration_ms: 20,
          timing: { dns_ms: 3, connect_ms: 20, tls_ms: 41, first_byte_ms: 7 },
          request: { headers: expect.objectContaining({ 'X-Webhook-Attempt': '1' }) },
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
          request: { headers: expect.objectContaining({ 'X-Webhook-Attempt': '2' }) },
          error: 'connection_error',
          reason: 'refused',
        },
      ],
      request: expect.objectContaining({ method: 'POST' }),
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
        request: { headers: expect.anything() },
        response: { status: 200, headers: {}, body: null, body_truncated: false },
      },
    ]);
    expect(text).not.toContain('token-1');
  });

  describe('the request as it was sent', () => {
    const LONG_BEFORE = new Date(NOW - 3_600_000).toISOString();
    const success = { number: 1, at: NOW, durationMs: 12, status: 200 };

    async function given(
      fields: Parameters<typeof webhook>[0] = {},
      { header: change = {}, event: eventChange = {}, attempts = [success] } = {} as {
        header?: Parameters<typeof headerOf>[3];
        event?: Parameters<typeof storeEvent>[3];
        attempts?: readonly Attempt[];
      },
    ) {
      const caller = await api.newCaller();
      const one = webhook({
        ...{
          id: newWebhookId(NOW),
          accountId: caller.account,
          createdAt: LONG_BEFORE,
          updatedAt: LONG_BEFORE,
        },
        ...fields,
      });
      await api.webhooks.create(one);
      const event = await storeEvent(api, caller, [one.id], eventChange);
      const header = headerOf(caller, event, one.id, change);
      await storeDeliveries(api, [{ header, status: 'delivered', attempts }]);
      const path = `/v1/webhooks/${one.id}/deliveries/${header.deliveryId}`;
      const get = async () => Object((await caller.call('GET', path)).body);
      return { ...{ caller, one, event, header, path, get }, body: await get() };
    }

    it('has the URL, the body byte for byte, and the headers that the sender sends', async () => {
      const text =
        '{"id":"evt_1","type":"file.uploaded","created":"x","data":{"size":12345678901234567890,"u":"\\u00e9é"}}';
      const failed = attempt({ at: NOW, number: 1, timestamp: NOW / 1_000 - 1 });

      const { body, event, header, one } = await given(
        {},
        { event: { body: text }, attempts: [failed, attempt({ at: NOW + 5_000, number: 2 })] },
      );

      expect(body.request).toEqual({
        ...{ method: 'POST', url: one.url, may_differ: false, body: text, body_missing: null },
      });
      const sent = [1, 2].map((number) => {
        const signedAt = number === 1 ? NOW - 1_000 : NOW + 5_000;
        const signed = sign({ secrets: ['secret'.repeat(4)], eventId: event.id, signedAt, body: text });
        return deliveryHeaders({ ...header, eventType: event.type }, signed, number);
      });
      const hidden = { 'X-Webhook-Signature': 'sha256=********', 'webhook-signature': 'v1,********' };
      expect(body.attempts.map((one: { request: unknown }) => one.request)).toEqual(
        sent.map((headers) => ({ headers: { ...headers, ...hidden } })),
      );
    });

    it('never contains a signature or the value of an own header [API-50]', async () => {
      const caller = await api.newCaller();
      const headers = { Authorization: 'Bearer very-secret-value' };
      const json = { url: 'https://customer.example/hook', events: ['*'], headers };
      const created = Object((await caller.call('POST', '/v1/webhooks', { json })).body);
      const webhookId = parseWebhookId(created.id);
      if (webhookId === undefined) throw new Error('no webhook');
      const event = await storeEvent(api, caller, [webhookId]);
      const header = headerOf(caller, event, webhookId);
      await storeDeliveries(api, [{ header, status: 'delivered', attempts: [success] }]);

      const answer = await caller.call('GET', `/v1/webhooks/${webhookId}/deliveries/${header.deliveryId}`);

      expect(Object(answer.body).attempts[0].request.headers).toMatchObject({ Authorization: '********' });
      expect(answer.text).not.toContain('very-secret-value');
      expect(answer.text).not.toMatch(/sha256=[0-9a-f]|v1,[A-Za-z0-9+/]/);
    });

    it('says when the webhook may have had another URL or other headers', async () => {
      const at = (ms: number) => ({ updatedAt: new Date(NOW + ms).toISOString() });
      const { body: before } = await given(at(-5_001));
      const { body: justBefore } = await given(at(-4_000));
      const { body: later } = await given(at(60_000));
      const { caller, one, get } = await given();
      await caller.call('DELETE', `/v1/webhooks/${one.id}`);

      expect([before, justBefore, later].map(({ request }) => request.may_differ)).toEqual([
        false,
        true,
        true,
      ]);
      expect((await get()).request).toMatchObject({ url: null, may_differ: true });
    });

    it('has no body once the event has expired, or was published again with other data', async () => {
      const late = { eventId: newEventId(), deliveryId: newDeliveryId(NOW) };
      const gone = await given({}, { header: late });
      // The event that is stored under this id now was accepted after this delivery was made.
      const id = newDeliveryId(NOW - 1_000);
      const replaced = await given({}, { header: { deliveryId: id } });
      const repeated = { deliveryId: id, resendOf: deliveryId('dlv_old'), startedAt: NOW - 1 };
      const replacedRepeat = await given({}, { header: repeated });

      for (const { body } of [gone, replaced, replacedRepeat]) {
        expect(body.request).toMatchObject({ body: null, body_missing: 'expired' });
      }
    });

    it.each(['resend', 'recovery', 'redrive'] as const)('has the body of a %s', async (trigger) => {
      const repeat = {
        ...{ deliveryId: newDeliveryId(NOW), trigger, resendOf: deliveryId('dlv_old'), startedAt: NOW },
      };

      const { body, event } = await given({}, { header: repeat });

      expect(body.request.body).toBe(event.body);
    });

    it('marks a test event, and shows no challenge', async () => {
      const test = await given({}, { header: { kind: 'test', trigger: 'test' } });
      const challenge = await given({}, { header: { kind: 'verification', trigger: 'verification' } });

      expect(test.body.attempts[0].request.headers).toHaveProperty('X-Webhook-Test', 'true');
      expect(challenge.body.request).toMatchObject({ url: null, body: null, body_missing: 'challenge' });
    });

    it('is absent when nothing was sent', async () => {
      const { body } = await given({}, { attempts: [] });

      expect(body).not.toHaveProperty('request');
    });
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
