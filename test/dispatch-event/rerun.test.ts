import { describe, expect, it } from 'vitest';
import { deliveryIdOf } from '../../lambdas/shared/domain/ids.ts';
import { AwsError } from '../../local/aws-calls.ts';
import { accountId, eventId, message, NOW, webhookId } from '../support/builders.ts';
import { newCloud, outage } from '../support/new-cloud.ts';
import { busEvent } from './builders.ts';

/** The messages of a re-run are enqueued with this delay. */
const RERUN_DELAY_MS = 30_000;

describe('an event that is published or dispatched again', () => {
  it('makes the same deliveries, marked as a re-run and delayed by 30 s, even if webhooks were added [FAULT-7]', async () => {
    const cloud = await newCloud();
    await cloud.addWebhook({ id: webhookId('wh_1') });
    await cloud.dispatch(busEvent());
    await cloud.addWebhook({ id: webhookId('wh_later') });

    cloud.time.now += 60_000;
    await cloud.dispatch(busEvent({ id: 'another', time: '2026-01-15T10:31:00Z' }));

    expect(cloud.counts('first')).toMatchObject({ visible: 1, delayed: 1 });
    const [first] = cloud.receiveMessages('first');
    cloud.time.now += RERUN_DELAY_MS;
    expect(cloud.counts('first')).toMatchObject({ visible: 1, delayed: 0 });
    const [again, ...more] = cloud.receiveMessages('first');
    expect(more).toEqual([]);
    expect(again).toMatchObject({ rerun: true, deliveryId: first?.deliveryId, body: first?.body });
  });

  it('is the same event when only the bus gives a time, and the bus gives another time [API-15, FAULT-7]', async () => {
    const cloud = await newCloud();
    await cloud.addWebhook();
    await cloud.dispatch(busEvent());

    await cloud.dispatch(busEvent({ id: 'another', time: '2026-01-15T10:31:00Z' }));

    expect(cloud.counters.get('event_rerun')).toBe(1);
    expect(cloud.receiveUndispatched()).toEqual([]);
  });

  it('is the same event when another version of this code stored it with another body', async () => {
    const cloud = await newCloud();
    await cloud.addWebhook();
    const stored = { id: eventId(), accountId: accountId(), type: 'file.uploaded', acceptedAt: NOW };
    const { id: busEventId } = busEvent();
    await cloud.deliveries.putEvent({ ...stored, busEventId, body: '{"version":"another"}', webhookIds: [] });

    await cloud.dispatch(busEvent());

    expect(cloud.counters.get('event_rerun')).toBe(1);
    expect(cloud.receiveUndispatched()).toEqual([]);
  });

  it.each([
    ['body', {}, { data: { file_id: 'another' } }],
    ['type', { 'detail-type': 'user.subscribed' }, {}],
    ['time', {}, { created: '2026-01-15T10:29:00Z' }],
  ])(
    'with another %s under its id is sent to the undispatched queue with the reason; the stored event is kept [API-15]',
    async (_, change, detail) => {
      const cloud = await newCloud();
      await cloud.addWebhook();
      await cloud.dispatch(busEvent());
      const other = busEvent({ id: 'another', ...change }, detail);

      const response = await cloud.dispatch(other);

      expect(response).toEqual({ batchItemFailures: [] });
      expect(cloud.receiveUndispatched()).toEqual([
        {
          text: JSON.stringify(other),
          reason: expect.stringMatching(/^another event was published under this id before/),
          event_id: 'evt_1',
          account_id: 'acct_1',
          event_type: other['detail-type'],
          bus_event_id: 'another',
        },
      ]);
      expect(Object.fromEntries(cloud.counters)).toMatchObject({ event_id_conflict: 1, undispatched: 1 });
      expect(cloud.counts('first')).toMatchObject({ visible: 1, delayed: 0 });
    },
  );

  it('completes the deliveries after a crash between storing and enqueueing [FAULT-8]', async () => {
    const cloud = await newCloud();
    for (let n = 0; n < 25; n++) await cloud.addWebhook({ id: webhookId(`wh_${n}`) });
    let sends = 0;
    const endOutage = cloud.intercept(async (call, next) => {
      if (call.action === 'SendMessageBatch' && ++sends > 1)
        throw new AwsError({ code: 'Crash', message: 'the environment was killed' });
      return next();
    });

    expect((await cloud.dispatch(busEvent())).batchItemFailures).toHaveLength(1);
    endOutage();
    cloud.time.now += 10_000;
    await cloud.runDispatcher();

    const first = cloud.receiveMessages('first');
    cloud.time.now += RERUN_DELAY_MS;
    const ids = [...first, ...cloud.receiveMessages('first')].map((one) => one.deliveryId);
    expect(ids).toHaveLength(35);
    expect(new Set(ids).size).toBe(25);
  });

  it('records a delivery as canceled when its webhook was deleted', async () => {
    const cloud = await newCloud();
    const { accountId: account, id } = await cloud.addWebhook();
    await cloud.dispatch(busEvent());
    const [message] = cloud.receiveMessages('first');
    await cloud.addWebhook({ id: webhookId('wh_stays'), events: ['user.*'] });
    await cloud.webhooks.remove(account, id);

    await cloud.dispatch(busEvent());

    expect(await cloud.recordOf(message)).toMatchObject({
      status: 'canceled',
      reason: 'the webhook was deleted',
    });
  });

  it('records a delivery as held when its webhook may be one that cannot be read [FAULT-12]', async () => {
    const cloud = await newCloud();
    const { accountId: account, id } = await cloud.addWebhook();
    await cloud.dispatch(busEvent());
    const [message] = cloud.receiveMessages('first');
    await cloud.webhooks.remove(account, id);
    // An item without a secret does not parse.
    await cloud.addWebhook({ secrets: [] });

    await cloud.dispatch(busEvent());

    expect(await cloud.recordOf(message)).toMatchObject({
      status: 'held',
      reason: 'the webhook was deleted or cannot be read; ask the operator',
    });
  });

  it('records its deliveries as canceled when a crash followed and all webhooks of the account were deleted', async () => {
    const cloud = await newCloud();
    const { accountId: account, id } = await cloud.addWebhook();
    const endOutage = cloud.intercept(outage('SendMessageBatch'));
    await cloud.dispatch(busEvent());
    endOutage();
    await cloud.webhooks.remove(account, id);

    cloud.time.now += 10_000;
    await cloud.runDispatcher();

    const names = { accountId: account, eventId: eventId(), webhookId: id };
    const canceled = message({ ...names, deliveryId: deliveryIdOf({ ...names, acceptedAt: NOW }) });
    expect(await cloud.recordOf(canceled)).toMatchObject({ status: 'canceled' });
    expect(cloud.counters.get('unmatched')).toBeUndefined();
  });

  it('is a new event when the stored event has expired [FAULT-19]', async () => {
    const cloud = await newCloud();
    await cloud.addWebhook();
    await cloud.dispatch(busEvent());
    cloud.receiveMessages('first');
    cloud.time.now += 31 * 86_400_000;
    const time = new Date(cloud.time.now).toISOString();

    await cloud.dispatch(busEvent({ id: 'another', time }, { data: { file_id: 'another' } }));

    expect(cloud.counters.get('event_rerun')).toBeUndefined();
    const stored = await cloud.deliveries.getEvent(accountId(), eventId(), cloud.time.now);
    expect(stored).toMatchObject({ busEventId: 'another', acceptedAt: cloud.time.now });
    expect(cloud.receiveUndispatched()).toEqual([]);
  });
});
