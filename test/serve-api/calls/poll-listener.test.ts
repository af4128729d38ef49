import { Webhook as StandardWebhook } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  deliveryIdOf,
  type EventId,
  type ListenerId,
  parseListenerId,
} from '../../../lambdas/shared/domain/ids.ts';
import {
  LISTENER_DELIVERY_SECONDS,
  LISTENER_LIFETIME_MS,
  type ListenerDelivery,
  POLL_RECORD_MS,
} from '../../../lambdas/shared/domain/listener.ts';
import { deliveryHeaders } from '../../../lambdas/shared/http/headers.ts';
import { sign } from '../../../lambdas/shared/signing/sign.ts';
import { eventId } from '../../support/builders.ts';
import { type Api, startApi } from '../support/start-api.ts';

let api: Api;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.close());

async function given() {
  const caller = await api.newCaller();
  const { body } = await caller.call('POST', '/v1/listeners', { json: { events: ['*'] } });
  const { id, secret } = body as { id: string; secret: string };
  const listenerId = parseListenerId(id) as ListenerId;
  const delivery = (name: EventId, text = `{"id":"${name}","é":1}`): ListenerDelivery => ({
    accountId: caller.account,
    listenerId,
    eventId: name,
    eventType: 'file.uploaded',
    acceptedAt: api.clock.time,
    deliveryId: deliveryIdOf({
      accountId: caller.account,
      eventId: name,
      webhookId: listenerId,
      acceptedAt: api.clock.time,
    }),
    body: text,
    limitReached: false,
  });
  return {
    caller,
    listenerId,
    secret,
    delivery,
    store: (...deliveries: ListenerDelivery[]) => api.listenerDeliveries.put(deliveries, api.clock.time),
    // biome-ignore lint/suspicious/noExplicitAny: the tests check the shape of the answers
    poll: async (cursor?: string): Promise<{ status: number; body: any }> => {
      const query = cursor === undefined ? {} : { cursor };
      return caller.call('GET', `/v1/listeners/${id}/deliveries`, { query });
    },
  };
}

describe('GET /v1/listeners/{listener_id}/deliveries', () => {
  it('has the headers and the body of the request that a webhook gets, signed now with the secret of the listener', async () => {
    const { poll, store, delivery, secret } = await given();
    const one = delivery(eventId('evt_1'));
    await store(one);
    api.clock.time += 5_000;

    const { status, body } = await poll();

    expect(status).toBe(200);
    const [got] = body.data;
    const signed = sign({
      secrets: [secret],
      eventId: one.eventId,
      signedAt: api.clock.time,
      body: one.body,
    });
    expect(got).toMatchObject({
      id: one.deliveryId,
      event_id: 'evt_1',
      event_type: 'file.uploaded',
      body: one.body,
      limit_reached: false,
      headers: deliveryHeaders({ kind: 'event', ...one }, signed, 1),
    });
    const verified = new StandardWebhook(secret).sign(
      'evt_1',
      new Date(Number(got.headers['webhook-timestamp']) * 1_000),
      got.body,
    );
    expect(got.headers['webhook-signature']).toBe(verified);
  });

  it('lists deliveries until a poll with the cursor of their page confirms them', async () => {
    const { poll, store, delivery } = await given();
    await store(delivery(eventId('evt_a')), delivery(eventId('evt_b')));

    const first = await poll();
    const again = await poll();
    await store(delivery(eventId('evt_late')));
    const second = await poll(first.body.next_cursor);
    const third = await poll(second.body.next_cursor);

    const names = (page: typeof first) =>
      page.body.data.map(({ event_id: name }: { event_id: string }) => name).sort();
    expect(names(first)).toEqual(['evt_a', 'evt_b']);
    expect(names(again)).toEqual(['evt_a', 'evt_b']);
    expect(names(second)).toEqual(['evt_late']);
    expect(third.body).toMatchObject({ data: [], next_cursor: null });
  });

  it('has at most 25 deliveries and about 1 MB in a page [API-41]', async () => {
    const many = await given();
    const large = await given();
    await many.store(...Array.from({ length: 30 }, (_, n) => many.delivery(eventId(`evt_${n}`))));
    const text = JSON.stringify({ text: 'x'.repeat(200_000) });
    await large.store(...Array.from({ length: 7 }, (_, n) => large.delivery(eventId(`evt_${n}`), text)));

    const pages = [];
    for (const { poll } of [many, large]) {
      const first = await poll();
      const second = await poll(first.body.next_cursor);
      pages.push([first.body.data.length, second.body.data.length]);
    }

    expect(pages).toEqual([
      [25, 5],
      [5, 2],
    ]);
  });

  it('does not list a delivery that has expired, and confirms it with the page', async () => {
    const { poll, store, delivery, caller, listenerId } = await given();
    await api.listenerDeliveries.put(
      [delivery(eventId('evt_old'))],
      api.clock.time - (LISTENER_DELIVERY_SECONDS + 1) * 1_000,
    );
    await store(delivery(eventId('evt_new')));

    const { body } = await poll();
    await poll(body.next_cursor);

    expect(body.data.map(({ event_id: name }: { event_id: string }) => name)).toEqual(['evt_new']);
    const remaining = await api.listenerDeliveries.page(caller.account, listenerId, 1, api.clock.time);
    expect(remaining.examined).toEqual([]);
  });

  it('costs three reads and no write when there is nothing new', async () => {
    const { poll } = await given();
    const send = vi.spyOn(api.dynamodb, 'send');

    await poll();

    const made = send.mock.calls.map(([command]) => command.constructor.name);
    send.mockRestore();
    expect(made).toEqual(['GetItemCommand', 'GetItemCommand', 'QueryCommand']);
  });

  it('extends the lifetime of the listener, and writes it at most every 30 s', async () => {
    const { poll, caller, listenerId } = await given();
    const createdAt = api.clock.time;
    const polledAt = async () => (await api.listeners.get(caller.account, listenerId))?.polledAt;

    api.clock.time = createdAt + POLL_RECORD_MS - 1;
    await poll();
    const unchanged = await polledAt();
    api.clock.time = createdAt + POLL_RECORD_MS;
    const { body } = await poll();
    const recorded = await polledAt();
    api.clock.time = createdAt + LISTENER_LIFETIME_MS;
    const alive = await poll();

    expect([unchanged, recorded]).toEqual([createdAt, createdAt + POLL_RECORD_MS]);
    expect(body.expires_at).toBe(new Date(createdAt + POLL_RECORD_MS + LISTENER_LIFETIME_MS).toISOString());
    expect(alive.status).toBe(200);
  });

  it('is a 404 two minutes after the last poll, and does not restore the listener [API-40]', async () => {
    const { poll } = await given();

    api.clock.time += LISTENER_LIFETIME_MS;

    expect((await poll()).status).toBe(404);
    expect((await poll()).status).toBe(404);
  });

  it("is a 404 for another account's listener and for other texts, and its cursor confirms nothing [API-39]", async () => {
    const { poll, store, delivery, listenerId } = await given();
    await store(delivery(eventId('evt_1')));
    const other = await api.newCaller();
    const { body } = await poll();

    const ids = [listenerId, 'wh_1', 'lsn_unknown', 'x'];
    const answers = await Promise.all(
      ids.map((id) =>
        other.call('GET', `/v1/listeners/${id}/deliveries`, { query: { cursor: body.next_cursor } }),
      ),
    );

    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404, 404]);
    expect((await poll()).body.data).toHaveLength(1);
  });

  it('refuses a cursor of another listener of the account [API-39]', async () => {
    const { poll, store, delivery, caller } = await given();
    await store(delivery(eventId('evt_1')));
    const { body } = await poll();
    const created = await caller.call('POST', '/v1/listeners', { json: { events: ['*'] } });

    const answer = await caller.call('GET', `/v1/listeners/${Object(created.body).id}/deliveries`, {
      query: { cursor: body.next_cursor },
    });

    expect(answer).toMatchObject({ status: 400, body: { errors: [{ path: 'cursor' }] } });
  });
});
