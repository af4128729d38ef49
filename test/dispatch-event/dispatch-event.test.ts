import { createHmac } from 'node:crypto';
import { Webhook as StandardWebhook } from 'standardwebhooks';
import { afterEach, describe, expect, it } from 'vitest';
import { deliveryIdOf } from '../../lambdas/shared/domain/ids.ts';
import { SECRET_UNREADABLE } from '../../lambdas/shared/domain/webhook.ts';
import { AwsError } from '../../local/calls.ts';
import { accountId, eventId, message, NOW, webhookId } from '../support/builders.ts';
import { createWorld, SECRET, SYSTEM_SOURCE, type World } from '../support/world.ts';
import { busEvent, down } from './builders.ts';

let world: World | undefined;

async function newWorld(): Promise<World> {
  world = await createWorld();
  return world;
}

afterEach(async () => {
  await world?.close();
});

/** The messages of a re-run are enqueued with this delay. */
const RERUN_DELAY_MS = 30_000;

describe('an event', () => {
  it('becomes one signed delivery for each active webhook of its account that subscribed to it', async () => {
    const w = await newWorld();
    await w.addWebhook({ id: webhookId('wh_exact'), events: ['file.uploaded'] });
    await w.addWebhook({ id: webhookId('wh_prefix'), events: ['file.*'] });
    await w.addWebhook({ id: webhookId('wh_all'), events: ['*'] });
    await w.addWebhook({ id: webhookId('wh_other'), events: ['user.*'] });
    await w.addWebhook({ id: webhookId('wh_foreign'), accountId: accountId('acct_2') });
    await w.addWebhook({ id: webhookId('wh_pending'), status: 'pending', verified: false });

    await w.dispatch(busEvent());

    const messages = w.receiveMessages('first');
    expect(messages.map((one) => one.webhookId).sort()).toEqual(['wh_all', 'wh_exact', 'wh_prefix']);
    const [one] = messages;
    const body =
      '{"id":"evt_1","type":"file.uploaded","created":"2026-01-15T10:30:00Z","data":{"file_id":"file_1"}}';
    expect(one).toMatchObject({ attempt: 1, kind: 'event', rerun: false, body, maxAttempts: 4 });
    const hex = createHmac('sha256', SECRET)
      .update(`${NOW / 1000}.${body}`)
      .digest('hex');
    expect(one?.signed.hex).toBe(hex);
    const verify = new StandardWebhook(SECRET, { format: 'raw' });
    expect(verify.sign('evt_1', new Date(NOW), body)).toBe(one?.signed.standard);
  });

  it.each(['pending', 'verification_failed'] as const)(
    'leaves nothing at all for a webhook that was never verified: %s [URL-16]',
    async (status) => {
      const w = await newWorld();
      await w.addWebhook({ status, verified: false });

      await w.dispatch(busEvent());

      expect(w.counts('first')).toMatchObject({ visible: 0 });
      expect(w.counters.get('held')).toBeUndefined();
    },
  );

  it.each([
    ['no id and no time', { id: undefined, created: undefined }],
    ['null for both', { id: null, created: null }],
  ])("with %s takes the bus's", async (_, detail) => {
    const w = await newWorld();
    await w.addWebhook();

    await w.dispatch(busEvent({}, detail));

    expect(w.receiveMessages('first')[0]).toMatchObject({
      eventId: 'evt_6a7e8febb4914cf7a9f1bf3703467718',
      body: expect.stringContaining('"created":"2026-01-15T10:30:00Z"'),
    });
  });

  it.each([
    ['before 1970', '1969-12-31T23:59:59Z'],
    ['longer ago than any queue keeps it, as from an archive', '2025-12-31T10:29:00Z'],
    ['in the far future', '2099-01-01T00:00:00Z'],
  ])(
    'with a time %s counts as accepted now, and is created when its publisher says [API-17]',
    async (_, time) => {
      const w = await newWorld();
      await w.addWebhook();

      await w.dispatch(busEvent({ time }));

      const [message] = w.receiveMessages('first');
      expect(message).toMatchObject({
        acceptedAt: NOW,
        body: expect.stringContaining(`"created":"${time}"`),
      });
    },
  );

  it('that waited for two weeks keeps the time at which the bus accepted it [API-17]', async () => {
    const w = await newWorld();
    await w.addWebhook();
    const time = new Date(NOW - 14 * 86_400_000).toISOString();

    await w.dispatch(busEvent({ time }));

    expect(w.receiveMessages('first')[0]?.acceptedAt).toBe(Date.parse(time));
  });

  it('for a disabled webhook is recorded as held, and is enqueued on the slow queue for a slow one [FAULT-31]', async () => {
    const w = await newWorld();
    await w.addWebhook({ id: webhookId('wh_off'), status: 'disabled' });
    await w.addWebhook({ id: webhookId('wh_slow'), slowSince: '2026-01-15T10:00:00.000Z' });

    await w.dispatch(busEvent());

    const [slow] = w.receiveMessages('slow');
    expect(slow?.webhookId).toBe('wh_slow');
    expect(w.counts('first')).toMatchObject({ visible: 0 });
    expect(w.counters.get('held')).toBe(1);
    const names = { accountId: accountId(), eventId: eventId(), webhookId: webhookId('wh_off') };
    const held = message({ ...names, deliveryId: deliveryIdOf({ ...names, acceptedAt: NOW }) });
    expect(await w.recordOf(held)).toMatchObject({ status: 'held', reason: 'the webhook is disabled' });
  });

  it('is sent to the URL in force while another one waits for its challenge [FAULT-28]', async () => {
    const w = await newWorld();
    await w.addWebhook({ url: 'https://old.example/hook', pendingUrl: 'https://moved.example/hook' });

    await w.dispatch(busEvent());

    expect(w.receiveMessages('first').map(({ url }) => url)).toEqual(['https://old.example/hook']);
  });

  it('states which system events the account wants, unless it is one itself', async () => {
    const w = await newWorld();
    await w.addWebhook({ id: webhookId('wh_1'), events: ['*', 'webhook.retry'] });

    await w.dispatch(
      busEvent(),
      busEvent(
        { 'detail-type': 'webhook.retry', source: SYSTEM_SOURCE },
        { id: 'evt_2', about_webhook_id: 'wh_1' },
      ),
    );

    const [event, systemEvent] = w.receiveMessages('first');
    expect(event).toMatchObject({ wantedSystemEvents: ['webhook.retry'], maxAttempts: 4 });
    expect(systemEvent).toMatchObject({ eventType: 'webhook.retry', wantedSystemEvents: [], maxAttempts: 1 });
  });

  it('that matches none of the webhooks of its account is stored with an empty set', async () => {
    const w = await newWorld();
    await w.addWebhook({ events: ['user.*'] });

    await w.dispatch(busEvent());

    const stored = await w.deliveries.getEvent(accountId(), eventId(), NOW);
    expect(stored).toMatchObject({ webhookIds: [], type: 'file.uploaded' });
    expect(w.counters.get('unmatched')).toBeUndefined();
  });

  it('of an account without any webhook is counted and not stored', async () => {
    const w = await newWorld();

    const response = await w.dispatch(busEvent());

    expect(response).toEqual({ batchItemFailures: [] });
    expect(await w.deliveries.getEvent(accountId(), eventId(), NOW)).toBeUndefined();
    expect(w.counters.get('unmatched')).toBe(1);
  });
});

describe('an event that is run again', () => {
  it('makes the same deliveries, marked as a re-run and 30 s later, whatever changed meanwhile [FAULT-7]', async () => {
    const w = await newWorld();
    await w.addWebhook({ id: webhookId('wh_1') });
    await w.dispatch(busEvent());
    await w.addWebhook({ id: webhookId('wh_later') });

    w.time.now += 60_000;
    await w.dispatch(busEvent({ id: 'another', time: '2026-01-15T10:31:00Z' }));

    expect(w.counts('first')).toMatchObject({ visible: 1, delayed: 1 });
    const [first] = w.receiveMessages('first');
    w.time.now += RERUN_DELAY_MS;
    expect(w.counts('first')).toMatchObject({ visible: 1, delayed: 0 });
    const [again, ...more] = w.receiveMessages('first');
    expect(more).toEqual([]);
    expect(again).toMatchObject({ rerun: true, deliveryId: first?.deliveryId, body: first?.body });
  });

  it('is not another event where its publisher gives no time, and the bus another one [API-15, FAULT-7]', async () => {
    const w = await newWorld();
    await w.addWebhook();
    await w.dispatch(busEvent());

    await w.dispatch(busEvent({ id: 'another', time: '2026-01-15T10:31:00Z' }));

    expect(w.counters.get('event_rerun')).toBe(1);
    expect(w.receiveUndispatched()).toEqual([]);
  });

  it('is not another event where the bus delivers it again to a later version of this code', async () => {
    const w = await newWorld();
    await w.addWebhook();
    const stored = { id: eventId(), accountId: accountId(), type: 'file.uploaded', acceptedAt: NOW };
    const { id: busEventId } = busEvent();
    await w.deliveries.putEvent({ ...stored, busEventId, body: '{"as":"before"}', webhookIds: [] });

    await w.dispatch(busEvent());

    expect(w.counters.get('event_rerun')).toBe(1);
    expect(w.receiveUndispatched()).toEqual([]);
  });

  it.each([
    ['body', {}, { data: { file_id: 'another' } }],
    ['type', { 'detail-type': 'user.subscribed' }, {}],
    ['time', {}, { created: '2026-01-15T10:29:00Z' }],
  ])(
    'with another %s under its id is set aside with the reason, and the first one stays [API-15]',
    async (_, change, detail) => {
      const w = await newWorld();
      await w.addWebhook();
      await w.dispatch(busEvent());
      const other = busEvent({ id: 'another', ...change }, detail);

      const response = await w.dispatch(other);

      expect(response).toEqual({ batchItemFailures: [] });
      expect(w.receiveUndispatched()).toEqual([
        {
          text: JSON.stringify(other),
          reason: expect.stringMatching(/^another event was published under this id before/),
          event_id: 'evt_1',
          account_id: 'acct_1',
          event_type: other['detail-type'],
          bus_event_id: 'another',
        },
      ]);
      expect(Object.fromEntries(w.counters)).toMatchObject({ event_id_conflict: 1, undispatched: 1 });
      expect(w.counts('first')).toMatchObject({ visible: 1, delayed: 0 });
    },
  );

  it('completes what a crash left half done, between storing and enqueueing [FAULT-8]', async () => {
    const w = await newWorld();
    for (let n = 0; n < 25; n++) await w.addWebhook({ id: webhookId(`wh_${n}`) });
    let sends = 0;
    const heal = w.intercept(async (call, next) => {
      if (call.action === 'SendMessageBatch' && ++sends > 1)
        throw new AwsError({ code: 'Crash', message: 'gone' });
      return next();
    });

    expect((await w.dispatch(busEvent())).batchItemFailures).toHaveLength(1);
    heal();
    w.time.now += 10_000;
    await w.runDispatcher();

    const first = w.receiveMessages('first');
    w.time.now += RERUN_DELAY_MS;
    const ids = [...first, ...w.receiveMessages('first')].map((one) => one.deliveryId);
    expect(ids).toHaveLength(35);
    expect(new Set(ids).size).toBe(25);
  });

  it('records a delivery as canceled when its webhook was deleted in between', async () => {
    const w = await newWorld();
    const { accountId: account, id } = await w.addWebhook();
    await w.dispatch(busEvent());
    const [message] = w.receiveMessages('first');
    await w.addWebhook({ id: webhookId('wh_stays'), events: ['user.*'] });
    await w.webhooks.remove(account, id);

    await w.dispatch(busEvent());

    expect(await w.recordOf(message)).toMatchObject({
      status: 'canceled',
      reason: 'the webhook was deleted',
    });
  });

  it('after a crash records its deliveries as canceled when all webhooks of the account were deleted', async () => {
    const w = await newWorld();
    const { accountId: account, id } = await w.addWebhook();
    const heal = w.intercept(down('SendMessageBatch'));
    await w.dispatch(busEvent());
    heal();
    await w.webhooks.remove(account, id);

    w.time.now += 10_000;
    await w.runDispatcher();

    const names = { accountId: account, eventId: eventId(), webhookId: id };
    const canceled = message({ ...names, deliveryId: deliveryIdOf({ ...names, acceptedAt: NOW }) });
    expect(await w.recordOf(canceled)).toMatchObject({ status: 'canceled' });
    expect(w.counters.get('unmatched')).toBeUndefined();
  });

  it('under the id of an event that has expired is a new event [FAULT-19]', async () => {
    const w = await newWorld();
    await w.addWebhook();
    await w.dispatch(busEvent());
    w.receiveMessages('first');
    w.time.now += 31 * 86_400_000;
    const time = new Date(w.time.now).toISOString();

    await w.dispatch(busEvent({ id: 'another', time }, { data: { file_id: 'another' } }));

    expect(w.counters.get('event_rerun')).toBeUndefined();
    const stored = await w.deliveries.getEvent(accountId(), eventId(), w.time.now);
    expect(stored).toMatchObject({ busEventId: 'another', acceptedAt: w.time.now });
    expect(w.receiveUndispatched()).toEqual([]);
  });
});

describe('a webhook of the account that is broken', () => {
  it('is skipped and counted when it cannot be read, and the others receive [FAULT-12]', async () => {
    const w = await newWorld();
    await w.addWebhook({ id: webhookId('wh_1') });
    // Without any secret it is not a whole webhook.
    await w.addWebhook({ id: webhookId('wh_2'), secrets: [] });

    await w.dispatch(busEvent());

    expect(w.receiveMessages('first').map((one) => one.webhookId)).toEqual(['wh_1']);
    expect(w.counters.get('webhook_unreadable')).toBe(1);
  });

  it('does not keep the others from receiving [FAULT-27]', async () => {
    const w = await newWorld();
    await w.addWebhook({ id: webhookId('wh_1') });
    await w.addWebhook({ id: webhookId('wh_2'), secrets: [{ dataKey: 1, sealed: 'AAAA', createdAt: '' }] });

    await w.dispatch(busEvent());

    expect(w.receiveMessages('first').map((one) => one.webhookId)).toEqual(['wh_1']);
    expect(w.counters.get('held')).toBe(1);
    const names = { accountId: accountId(), eventId: eventId(), webhookId: webhookId('wh_2') };
    const held = message({ ...names, deliveryId: deliveryIdOf({ ...names, acceptedAt: NOW }) });
    expect(await w.recordOf(held)).toMatchObject({ status: 'held', reason: SECRET_UNREADABLE });
  });
});
