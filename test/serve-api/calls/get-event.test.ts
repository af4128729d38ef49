import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { StoredEvent } from '../../../lambdas/shared/domain/event.ts';
import {
  type DeliveryId,
  newDeliveryId,
  newWebhookId,
  repeatedDeliveryId,
  type WebhookId,
} from '../../../lambdas/shared/domain/ids.ts';
import type { Webhook } from '../../../lambdas/shared/domain/webhook.ts';
import { attempt, eventId, NOW, webhook } from '../../support/builders.ts';
import { type Api, type Caller, startApi } from '../support/start-api.ts';
import { headerOf, storeDeliveries, storeEvent } from '../support/store-deliveries.ts';
import { CURRENT_URL, givenWebhook } from '../support/webhook-states.ts';

const THIRTY_DAYS_MS = 30 * 86_400_000;
const BEFORE = new Date(NOW - 60_000).toISOString();

let api: Api;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

/** An account with webhooks that are older than the event, and an event that they matched. */
async function givenEvent(webhooks = 1, change: Partial<StoredEvent> = {}) {
  const caller = await api.newCaller();
  const ids = Array.from({ length: webhooks }, (_, ms) => newWebhookId(NOW - 60_000 + ms));
  await api.addWebhooks(
    ids.map((id) => webhook({ id, accountId: caller.account, createdAt: BEFORE, events: ['file.*'] })),
  );
  const event = await storeEvent(api, caller, ids, change);
  return { caller, ids, event, get: () => getEvent(caller, event.id) };
}

function getEvent(caller: Caller, id: string) {
  return caller.call('GET', `/v1/events/${id}`);
}

function only<T>(items: readonly T[]): T {
  const [item] = items;
  if (item === undefined) throw new Error('there is none');
  return item;
}

describe('GET /v1/events/{event_id}', () => {
  it('shows the event, the state of each delivery and the time of reading', async () => {
    const { caller, ids, event, get } = await givenEvent(4);
    const [delivered, retrying, held, queued] = ids.map((id) => headerOf(caller, event, id));
    if (!delivered || !retrying || !held || !queued) throw new Error('four deliveries');
    const success = { number: 1, at: NOW, durationMs: 12, status: 200 };
    const failed = attempt({ excerpt: 'body-text', responseHeaders: { server: 'header-text' } });
    await storeDeliveries(api, [
      { header: delivered, status: 'delivered', attempts: [success] },
      { header: retrying, status: 'retrying', attempts: [failed], more: { next_attempt_at: NOW + 1_000 } },
      { header: held, status: 'held', more: { reason: 'the webhook is disabled' } },
    ]);

    const { status, body, text, headers } = await get();

    const created = '2026-01-15T10:30:00.000Z';
    const timing = { dns_ms: null, connect_ms: null, tls_ms: null, first_byte_ms: null };
    const lastAttempt = { number: 1, at: created, timing };
    expect(status).toBe(200);
    expect(headers['content-type']).toBe('application/json; charset=utf-8');
    expect(body).toEqual({
      id: event.id,
      type: 'file.uploaded',
      created: '2026-01-15T10:29:59Z',
      data: { file: 'a' },
      as_of: '2026-01-15T10:30:00.000Z',
      deliveries: [
        {
          webhook_id: delivered.webhookId,
          delivery_id: delivered.deliveryId,
          status: 'delivered',
          trigger: 'event',
          created,
          attempts: 1,
          last_attempt: { ...lastAttempt, duration_ms: 12, response: { status: 200, body_truncated: false } },
        },
        {
          webhook_id: retrying.webhookId,
          delivery_id: retrying.deliveryId,
          status: 'retrying',
          trigger: 'event',
          created,
          next_attempt_at: '2026-01-15T10:30:01.000Z',
          attempts: 1,
          last_attempt: {
            ...lastAttempt,
            duration_ms: 20,
            error: 'http_status',
            reason: 'it answered 500',
            response: { status: 500, body_truncated: false },
          },
        },
        {
          webhook_id: held.webhookId,
          delivery_id: held.deliveryId,
          status: 'held',
          reason: 'the webhook is disabled',
          trigger: 'event',
          created,
          attempts: 0,
        },
        {
          webhook_id: queued.webhookId,
          delivery_id: queued.deliveryId,
          status: 'queued',
          attempts: 0,
        },
      ],
      not_matched: [],
    });
    expect(text).not.toMatch(/body-text|header-text/);
  });

  it('keeps the digits of numbers in data', async () => {
    const data = '{"large":12345678901234567890.10,"huge":1e400,"zero":-0}';
    const { get } = await givenEvent(1, {
      body: `{"id":"evt_1","type":"file.uploaded","created":"2026-01-15T10:30:00Z","data":${data}}`,
    });

    expect((await get()).text).toContain(`"data":${data},"as_of":`);
  });

  it('lists the repeat of a delivery after it, and the repeat of the repeat', async () => {
    const { caller, ids, event, get } = await givenEvent(2);
    const [one, other] = ids.map((id) => headerOf(caller, event, id));
    if (!one || !other) throw new Error('two deliveries');
    const second = repeatedDeliveryId(one.deliveryId);
    const third = newDeliveryId(NOW + 5_000);
    await storeDeliveries(api, [
      { header: one, status: 'held', more: { resent_as: second } },
      {
        header: { ...one, deliveryId: second, trigger: 'recovery', resendOf: one.deliveryId },
        status: 'exhausted',
        more: { resent_as: third },
      },
      {
        header: { ...one, deliveryId: third, trigger: 'resend', resendOf: second, startedAt: NOW + 5_000 },
        status: 'delivered',
      },
      { header: other, status: 'delivered' },
    ]);

    const { body } = await get();

    expect(Object(body).deliveries).toMatchObject([
      { delivery_id: one.deliveryId, status: 'held', resent_as: second },
      { delivery_id: second, status: 'exhausted', resend_of: one.deliveryId, resent_as: third },
      { delivery_id: third, status: 'delivered', resend_of: second, created: '2026-01-15T10:30:05.000Z' },
      { delivery_id: other.deliveryId, status: 'delivered' },
    ]);
  });

  it('shows a repeat without a record as queued', async () => {
    const { caller, ids, event, get } = await givenEvent();
    const header = headerOf(caller, event, only(ids));
    const repeat = repeatedDeliveryId(header.deliveryId);
    await storeDeliveries(api, [{ header, status: 'held', more: { resent_as: repeat } }]);

    expect(Object((await get()).body).deliveries[1]).toEqual({
      webhook_id: only(ids),
      delivery_id: repeat,
      status: 'queued',
      resend_of: header.deliveryId,
      attempts: 0,
    });
  });

  it('ends after ten repeats, and names the next one', async () => {
    const { caller, ids, event, get } = await givenEvent();
    const first = headerOf(caller, event, only(ids));
    const chain: DeliveryId[] = [first.deliveryId];
    for (let n = 0; n < 12; n++) chain.push(repeatedDeliveryId(chain[n] ?? first.deliveryId));
    await storeDeliveries(
      api,
      chain.slice(0, 12).map((id, n) => ({
        header: { ...first, deliveryId: id },
        status: 'exhausted' as const,
        more: { resent_as: chain[n + 1] },
      })),
    );

    const { deliveries } = Object((await get()).body);

    expect(deliveries).toHaveLength(11);
    expect(deliveries.at(-1).resent_as).toBe(chain[11]);
  });

  it('answers for a thousand webhooks', async () => {
    const { caller, ids, event, get } = await givenEvent(1_000);
    await storeDeliveries(
      api,
      ids.slice(1).map((id) => ({ header: headerOf(caller, event, id), status: 'delivered' as const })),
    );

    const { deliveries } = Object((await get()).body);

    expect(deliveries.map(({ webhook_id }: { webhook_id: string }) => webhook_id)).toEqual(ids);
    expect(deliveries.map(({ status }: { status: string }) => status)).toEqual([
      'queued',
      ...Array(999).fill('delivered'),
    ]);
  });

  it.each<[name: string, change: Partial<Webhook>, reason: string]>([
    ['does not subscribe to the type', { events: ['user.*'] }, 'type'],
    ['subscribes to all types but system events', { events: ['*'] }, 'type'],
    ['was never verified', { verified: false, status: 'pending' }, 'not_verified'],
    ['failed its verification', { verified: false, status: 'verification_failed' }, 'not_verified'],
    ['was made after the event', { createdAt: new Date(NOW + 1).toISOString() }, 'made_later'],
    ['was changed after the event', {}, 'changed_later'],
    ['was changed and is disabled now', { status: 'disabled' }, 'changed_later'],
  ])('says why a webhook is not among the deliveries that %s', async (_name, change, reason) => {
    const type = change.events?.includes('*') ? 'webhook.exhausted' : 'file.uploaded';
    const caller = await api.newCaller();
    const id = newWebhookId(NOW);
    const events = [type];
    await api.addWebhooks([webhook({ id, accountId: caller.account, createdAt: BEFORE, events, ...change })]);
    const event = await storeEvent(api, caller, [], { type });

    const { body } = await getEvent(caller, event.id);

    expect(body).toMatchObject({ deliveries: [], not_matched: [{ webhook_id: id, reason }] });
  });

  it('still shows the delivery to a webhook that was deleted', async () => {
    const { caller, ids, event, get } = await givenEvent();
    const header = headerOf(caller, event, only(ids));
    await storeDeliveries(api, [{ header, status: 'canceled' }]);
    await caller.call('DELETE', `/v1/webhooks/${only(ids)}`);

    expect(Object((await get()).body)).toMatchObject({
      deliveries: [{ webhook_id: only(ids), status: 'canceled' }],
      not_matched: [],
    });
  });

  it('shows a test event with its delivery alone', async () => {
    const { caller, id } = await givenWebhook(api, 'active');
    await caller.call('POST', '/v1/webhooks', { json: { url: CURRENT_URL, events: ['file.*'] } });
    const json = { webhook_id: id, event_type: 'file.uploaded' };
    const sent = Object((await caller.call('POST', '/v1/webhooks/test', { json })).body);

    const { body } = await getEvent(caller, sent.event_id);

    expect(body).toMatchObject({ id: sent.event_id, type: 'file.uploaded', not_matched: [] });
    expect(Object(body).deliveries).toEqual([
      { webhook_id: id, delivery_id: sent.delivery_id, status: 'queued', attempts: 0 },
    ]);
  });

  it('is a 404 once it has expired', async () => {
    const { get } = await givenEvent();
    try {
      api.clock.time = NOW + THIRTY_DAYS_MS;
      expect((await get()).status).toBe(200);
      api.clock.time += 1_000;
      expect((await get()).status).toBe(404);
    } finally {
      api.clock.time = NOW;
    }
  });

  it('is the same 404 for an unknown id and for an event of another account [API-6, API-19]', async () => {
    const { event } = await givenEvent();
    const caller = await api.newCaller();

    const answers = await Promise.all(
      [event.id, eventId('evt_unknown'), 'a b', '..%2f', 'x'.repeat(65)].map((id) => getEvent(caller, id)),
    );

    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    expect(answers[0]).toMatchObject({ status: 404, body: { type: 'urn:webhook-fanout:problem:not-found' } });
  });

  it('shows nothing of another account under the same event id [API-6]', async () => {
    const id = eventId('evt_shared');
    const mine = await givenEvent(1, { id });
    const other = await givenEvent(1, {
      id,
      body: '{"id":"evt_shared","type":"t","created":"c","data":{"x":1}}',
    });

    const [{ body: own }, { body: foreign }] = [await mine.get(), await other.get()];

    const webhookIdsOf = (body: unknown): WebhookId[] =>
      Object(body).deliveries.map(({ webhook_id }: { webhook_id: WebhookId }) => webhook_id);
    expect(webhookIdsOf(own)).toEqual(mine.ids);
    expect(webhookIdsOf(foreign)).toEqual(other.ids);
    expect(Object(own).data).toEqual({ file: 'a' });
  });
});
