import { describe, expect, it, vi } from 'vitest';
import { MAX_COPIES_PER_SECOND } from '../../lambdas/dispatch-event/listener-limit.ts';
import { deliveryIdOf } from '../../lambdas/shared/domain/ids.ts';
import { LISTENER_LIFETIME_MS } from '../../lambdas/shared/domain/listener.ts';
import { accountId, eventId, listener, listenerId, NOW, webhookId } from '../support/builders.ts';
import {
  actionsOf,
  type Cloud,
  DEFECT_SECRET,
  defect,
  newCloud,
  outage,
  recordCalls,
} from '../support/new-cloud.ts';
import { busEvent } from './builders.ts';

const eventsNamed = (...ids: string[]) => ids.map((id) => busEvent({ id: `bus-${id}` }, { id }));

async function listened(cloud: Cloud, id = listenerId(), account = accountId()) {
  const { deliveries } = await cloud.listenerDeliveries.page(account, id, 1_000_000, cloud.time.now);
  return deliveries;
}

const namesOf = async (cloud: Cloud, id = listenerId()) =>
  (await listened(cloud, id)).map(({ eventId: name }) => name).sort();

describe('an event of an account with a listener', () => {
  it('is stored for the listener with the body that webhooks receive, in addition to its deliveries', async () => {
    const cloud = await newCloud();
    await cloud.addWebhook();
    await cloud.listeners.create(listener({ events: ['file.*'] }));

    await cloud.dispatch(busEvent());

    const [message] = cloud.receiveMessages('first');
    const [delivery, ...more] = await listened(cloud);
    expect(more).toEqual([]);
    expect(delivery).toMatchObject({
      eventId: 'evt_1',
      eventType: 'file.uploaded',
      acceptedAt: NOW,
      body: message?.body,
      limitReached: false,
    });
    expect(delivery?.deliveryId).not.toBe(message?.deliveryId);
  });

  it('is stored once for each listener that subscribes to its type, and for no other', async () => {
    const cloud = await newCloud();
    await cloud.listeners.create(listener());
    await cloud.listeners.create(listener({ id: listenerId('lsn_2'), events: ['file.uploaded'] }));
    await cloud.listeners.create(listener({ id: listenerId('lsn_3'), events: ['user.*'] }));
    await cloud.listeners.create(listener({ id: listenerId('lsn_4'), accountId: accountId('acct_2') }));

    await cloud.dispatch(busEvent());

    const counts = ['lsn_1', 'lsn_2', 'lsn_3'].map(
      async (id) => (await listened(cloud, listenerId(id))).length,
    );
    expect(await Promise.all(counts)).toEqual([1, 1, 0]);
    expect(await listened(cloud, listenerId('lsn_4'), accountId('acct_2'))).toEqual([]);
  });

  it('costs no further read: one Query returns webhooks and listeners', async () => {
    const cloud = await newCloud();
    await cloud.addWebhook();
    await cloud.dispatch(...eventsNamed('evt_warm'));
    await cloud.listeners.create(listener());
    const calls = recordCalls(cloud);

    await cloud.dispatch(...eventsNamed('evt_a', 'evt_b'));

    expect(actionsOf(calls).sort()).toEqual([
      'BatchWriteItem',
      'PutItem',
      'PutItem',
      'Query',
      'SendMessageBatch',
    ]);
  });

  it('is stored for the listener when the account has no webhook, and not as an event', async () => {
    const cloud = await newCloud();
    await cloud.listeners.create(listener());

    await cloud.dispatch(busEvent());

    expect(await namesOf(cloud)).toEqual(['evt_1']);
    expect(cloud.counters.get('unmatched')).toBe(1);
    expect(await cloud.deliveries.getEvent(accountId(), eventId(), NOW)).toBeUndefined();
  });

  it('does not change the deliveries to webhooks', async () => {
    const run = async (withListeners: boolean) => {
      const cloud = await newCloud();
      await cloud.addWebhook({ events: ['file.*'] });
      await cloud.addWebhook({ id: webhookId('wh_2'), events: ['file.*'] });
      const disabled = await cloud.addWebhook({ id: webhookId('wh_3'), status: 'disabled' });
      if (withListeners) {
        await cloud.listeners.create(listener({ events: ['*', 'webhook.*'] }));
      }
      await cloud.dispatch(...eventsNamed('evt_a', 'evt_b'), busEvent({ 'detail-type': 'no.such' }));
      const messages = cloud.receiveMessages('first');
      const [one] = messages;
      if (one === undefined) throw new Error('nothing was enqueued');
      const ofDisabled = { ...one, webhookId: disabled.id };
      const held = await cloud.recordOf({ ...ofDisabled, deliveryId: deliveryIdOf(ofDisabled) });
      expect(held?.status).toBe('held');
      return { messages, held, undispatched: cloud.counts('undispatched'), counters: [...cloud.counters] };
    };

    expect(await run(true)).toEqual(await run(false));
  });

  it('is not stored for a listener that was not polled for two minutes [API-40]', async () => {
    const cloud = await newCloud();
    await cloud.listeners.create(listener());
    await cloud.listeners.create(listener({ id: listenerId('lsn_2'), polledAt: NOW + 1 }));

    cloud.time.now = NOW + LISTENER_LIFETIME_MS;
    await cloud.dispatch(busEvent());

    expect(await listened(cloud)).toEqual([]);
    expect(await namesOf(cloud, listenerId('lsn_2'))).toEqual(['evt_1']);
  });

  it('is stored once when it is dispatched again after a kill [FAULT-45]', async () => {
    const cloud = await newCloud();
    await cloud.addWebhook();
    await cloud.listeners.create(listener());

    await cloud.dispatch(busEvent());
    // The message was not acknowledged, and the publisher published the event once more.
    await cloud.dispatch(busEvent(), busEvent({ id: 'bus-other' }));

    expect(await namesOf(cloud)).toEqual(['evt_1']);
    expect(cloud.counters.get('listener_lost')).toBeUndefined();
  });

  it('that failed is stored in the run that completes it', async () => {
    const cloud = await newCloud();
    await cloud.addWebhook();
    await cloud.listeners.create(listener());
    const endOutage = cloud.intercept(outage('SendMessageBatch'));

    await cloud.dispatch(busEvent());
    const afterFailure = await listened(cloud);
    endOutage();
    cloud.time.now += 10_000;
    await cloud.runDispatcher();

    expect(afterFailure).toEqual([]);
    expect(await namesOf(cloud)).toEqual(['evt_1']);
  });

  it('that is refused is not stored', async () => {
    const cloud = await newCloud();
    await cloud.addWebhook();
    await cloud.listeners.create(listener());
    await cloud.dispatch(busEvent());

    // Another event under the same id.
    await cloud.dispatch(busEvent({ id: 'bus-2' }, { data: { file_id: 'other' } }));

    expect((await listened(cloud)).map(({ body }) => JSON.parse(body).data)).toEqual([{ file_id: 'file_1' }]);
  });
});

describe('a failure to store events for listeners', () => {
  it('returns no event, and is counted and logged [FAULT-46]', async () => {
    const cloud = await newCloud();
    await cloud.addWebhook();
    await cloud.listeners.create(listener());
    cloud.intercept(outage('BatchWriteItem'));

    const response = await cloud.dispatch(...eventsNamed('evt_a', 'evt_b'), 'not JSON');

    expect(response).toEqual({ batchItemFailures: [] });
    expect(cloud.receiveMessages('first')).toHaveLength(2);
    expect(cloud.counters.get('dispatched')).toBe(2);
    expect(cloud.counters.get('listener_lost')).toBe(2);
    expect(cloud.logged.filter(({ level }) => level === 'warn')).toEqual(
      ['evt_a', 'evt_b'].map((event_id) => ({
        level: 'warn',
        message: 'an event was not stored for a listener',
        event_id,
        delivery_id: expect.stringMatching(/^dlv_/),
        listener_id: 'lsn_1',
        account_id: 'acct_1',
        why: 'ServiceUnavailable: simulated outage',
      })),
    );
  });

  it('says where an error of our own was thrown, without its message', async () => {
    const cloud = await newCloud();
    await cloud.addWebhook();
    await cloud.listeners.create(listener());
    cloud.intercept(defect('BatchWriteItem'));

    await cloud.dispatch(busEvent());

    expect(cloud.logged).toMatchObject([{ event_id: 'evt_1', listener_id: 'lsn_1', why: 'TypeError' }]);
    expect(cloud.logged[0]?.stack).toContainEqual(
      expect.stringMatching(/^lambdas\/shared\/store\/listener-deliveries\.ts:/),
    );
    expect(JSON.stringify(cloud.logged)).not.toContain(DEFECT_SECRET);
  });

  it('counts and names what DynamoDB leaves unprocessed, and does not repeat it [FAULT-46]', async () => {
    const cloud = await newCloud();
    await cloud.addWebhook();
    await cloud.listeners.create(listener());
    cloud.intercept(async ({ action, input }, next) => {
      if (action !== 'BatchWriteItem') return next();
      const [[table, writes]] = Object.entries(Object(input.RequestItems)) as [[string, unknown[]]];
      return { UnprocessedItems: { [table]: writes.slice(1) } };
    });
    const calls = recordCalls(cloud);

    await cloud.dispatch(...eventsNamed('evt_a', 'evt_b'));

    expect(cloud.counters.get('listener_lost')).toBe(1);
    expect(cloud.logged).toMatchObject([{ event_id: 'evt_b', why: 'DynamoDB left it unprocessed' }]);
    expect(actionsOf(calls).filter((action) => action === 'BatchWriteItem')).toHaveLength(1);
  });

  it('is not waited for longer than two seconds, after the events are dispatched [FAULT-46]', async () => {
    const cloud = await newCloud();
    await cloud.addWebhook();
    await cloud.listeners.create(listener());
    const isStoring = new Promise<void>((storing) => {
      cloud.intercept(async ({ action }, next) => {
        if (action !== 'BatchWriteItem') return next();
        storing();
        return new Promise(() => undefined);
      });
    });
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });

    const running = cloud.dispatch(busEvent());
    await isStoring;
    const enqueued = cloud.receiveMessages('first');
    await vi.advanceTimersByTimeAsync(2_000);
    const response = await running;
    vi.useRealTimers();

    expect(enqueued).toHaveLength(1);
    expect(response).toEqual({ batchItemFailures: [] });
    expect(cloud.counters.get('listener_lost')).toBe(1);
  });
});

describe('many events in one second', () => {
  it('are stored up to a limit, the last stored one states the limit, and the others are counted [API-41]', async () => {
    const cloud = await newCloud();
    await cloud.addWebhook();
    await cloud.listeners.create(listener());
    await cloud.listeners.create(listener({ id: listenerId('lsn_2'), events: ['user.*'] }));
    const ids = Array.from({ length: 30 }, (_, n) => `evt_${String(n).padStart(2, '0')}`);

    for (let n = 0; n < 30; n += 10) await cloud.dispatch(...eventsNamed(...ids.slice(n, n + 10)));

    const stored = await listened(cloud);
    expect(stored).toHaveLength(MAX_COPIES_PER_SECOND);
    expect(stored.filter(({ limitReached }) => limitReached).map(({ eventId: id }) => id)).toEqual([
      ids[MAX_COPIES_PER_SECOND - 1],
    ]);
    expect(cloud.counters.get('listener_limited')).toBe(5);
    expect(cloud.receiveMessages('first')).toHaveLength(30);
    cloud.time.now += 1_000;
    await cloud.listenerDeliveries.confirm(
      accountId(),
      listenerId(),
      stored.map(({ deliveryId }) => deliveryId),
    );
    await cloud.dispatch(...eventsNamed('evt_next'));
    expect(await namesOf(cloud)).toEqual(['evt_next']);
  });
});
