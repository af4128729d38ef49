import { afterEach, describe, expect, it, vi } from 'vitest';
import { AwsError } from '../../local/aws-calls.ts';
import { accountId, eventId, NOW, webhookId } from '../support/builders.ts';
import {
  actionsOf,
  type Cloud,
  newCloud,
  outage,
  type RecordedCall,
  recordCalls,
} from '../support/new-cloud.ts';
import { busEvent, busEventWithData, nested } from './builders.ts';

afterEach(() => {
  vi.useRealTimers();
});

/** No event is started with less time than this before the deadline, which is 5 s before the function's end. */
const START_RESERVE_MS = 15_000;

const eventsNamed = (...ids: string[]) => ids.map((id) => busEvent({ id: `bus-${id}` }, { id }));

function countByAction(calls: readonly RecordedCall[]): Record<string, number> {
  return Object.fromEntries(
    [...Map.groupBy(actionsOf(calls), (action) => action)].map(([action, made]) => [action, made.length]),
  );
}

function eventIdsOnFirst(cloud: Cloud): string[] {
  return cloud.receiveMessages('first').map((one) => one.eventId);
}

describe('a batch of events', () => {
  it('shares its calls: one Query for each account, one SendMessageBatch for ten deliveries', async () => {
    const cloud = await newCloud();
    await cloud.addWebhook();
    await cloud.addWebhook({ id: webhookId('wh_2'), accountId: accountId('acct_2') });
    await cloud.dispatch(...eventsNamed('evt_warm'));
    cloud.receiveMessages('first');
    const calls = recordCalls(cloud);

    const ids = Array.from({ length: 10 }, (_, n) => `evt_${n}`);
    await cloud.dispatch(
      ...ids.map((id, n) => busEvent({ id: `bus-${id}` }, { id, account_id: n < 5 ? 'acct_1' : 'acct_2' })),
    );

    expect(countByAction(calls)).toEqual({ Query: 2, PutItem: 10, SendMessageBatch: 1 });
    expect(eventIdsOnFirst(cloud).sort()).toEqual(ids);
  });

  it('packs the deliveries of all its events into SendMessageBatch calls of ten', async () => {
    const cloud = await newCloud();
    for (let n = 0; n < 3; n++) await cloud.addWebhook({ id: webhookId(`wh_${n}`) });
    const calls = recordCalls(cloud);

    await cloud.dispatch(...eventsNamed('evt_a', 'evt_b', 'evt_c', 'evt_d', 'evt_e'));

    const sends = calls.filter(({ action }) => action === 'SendMessageBatch');
    expect(sends.map(({ input }) => (input.Entries as unknown[]).length)).toEqual([10, 5]);
    expect(cloud.receiveMessages('first')).toHaveLength(15);
  });

  it('signs with the time at which it read the account, not with the time of signing', async () => {
    const cloud = await newCloud();
    await cloud.addWebhook();
    cloud.intercept(async ({ action }, next) => {
      const output = await next();
      if (action === 'Query') cloud.time.now += 7_000;
      return output;
    });

    await cloud.dispatch(busEvent());

    const [message] = cloud.receiveMessages('first');
    expect(message?.signed.signedAt).toBe(NOW);
  });

  it('counts only the events whose deliveries are all enqueued as dispatched', async () => {
    const cloud = await newCloud();
    await cloud.addWebhook();
    cloud.intercept(async ({ action, input }, next) => {
      if (action !== 'SendMessageBatch') return next();
      const entries = input.Entries as { Id: string; MessageBody: string }[];
      const [refused, others] = [true, false].map((isRefused) =>
        entries.filter(({ MessageBody }) => MessageBody.includes('evt_b') === isRefused),
      );
      const Failed = refused?.map(({ Id }) => ({ Id, Code: 'InternalError', Message: 'no' }));
      return others?.length === 0 ? { Failed } : { ...(await next({ ...input, Entries: others })), Failed };
    });

    const response = await cloud.dispatch(...eventsNamed('evt_a', 'evt_b', 'evt_c'));

    expect(response.batchItemFailures).toHaveLength(1);
    expect(eventIdsOnFirst(cloud)).toEqual(['evt_a', 'evt_c']);
    expect(cloud.counters.get('dispatched')).toBe(2);
  });

  it('dispatches its valid events when other events are invalid [FAULT-17]', async () => {
    const cloud = await newCloud();
    await cloud.addWebhook();
    const [good, alsoGood] = eventsNamed('evt_a', 'evt_b');

    const response = await cloud.dispatch(
      good,
      'not JSON',
      busEventWithData(`{"deep":${nested(100_000)}}`),
      busEventWithData(`{"deep":${nested(100_000)},"n":1e400}`),
      busEvent({ 'detail-type': 'file.renamed' }),
      alsoGood,
    );

    expect(response).toEqual({ batchItemFailures: [] });
    expect(eventIdsOnFirst(cloud)).toEqual(['evt_a', 'evt_b']);
    expect(cloud.receiveUndispatched().map(({ reason }) => reason)).toEqual([
      'the event is not JSON',
      'Detail.data is nested too deeply to be sent',
      'Detail.data is nested too deeply to be sent',
      expect.stringContaining('not in the catalogue'),
    ]);
  });
});

describe('an event whose dispatch fails on our side', () => {
  it.each([
    ['its account cannot be read', 'Query', 'acct_bad'],
    ['it cannot be stored', 'PutItem', 'evt_bad'],
    ['its delivery is not enqueued', 'SendMessageBatch', 'evt_bad'],
  ])('is returned alone when %s [FAULT-15]', async (_, failing, text) => {
    const cloud = await newCloud();
    await cloud.addWebhook();
    await cloud.addWebhook({ id: webhookId('wh_2'), accountId: accountId('acct_bad') });
    const endOutage = cloud.intercept(async ({ action, input }, next) => {
      if (action !== failing || !JSON.stringify(input).includes(text)) return next();
      if (action !== 'SendMessageBatch')
        throw new AwsError({ code: 'ServiceUnavailable', message: 'simulated outage' });
      const entries = input.Entries as { Id: string; MessageBody: string }[];
      const isBad = (body: string) => body.includes(text);
      const output = await next({
        ...input,
        Entries: entries.filter(({ MessageBody }) => !isBad(MessageBody)),
      }).catch(() => ({}));
      const Failed = entries
        .filter(({ MessageBody }) => isBad(MessageBody))
        .map(({ Id }) => ({ Id, Code: 'InternalError' }));
      return { ...output, Failed };
    });
    const bad = busEvent({ id: 'bus-bad' }, { id: 'evt_bad', account_id: 'acct_bad' });

    const response = await cloud.dispatch(...eventsNamed('evt_a'), bad, ...eventsNamed('evt_b'));

    expect(response.batchItemFailures).toHaveLength(1);
    expect(eventIdsOnFirst(cloud)).toEqual(['evt_a', 'evt_b']);
    expect(cloud.counters.get('returned')).toBe(1);
    endOutage();
    cloud.time.now += 10_000;
    expect(await cloud.runDispatcher()).toEqual({ batchItemFailures: [] });
    cloud.time.now += 30_000;
    expect(eventIdsOnFirst(cloud)).toEqual(['evt_bad']);
  });

  it.each(['Query', 'PutItem', 'SendMessageBatch', 'Decrypt'])(
    'is completed by its next run when %s was unavailable [FAULT-21]',
    async (action) => {
      const cloud = await newCloud();
      await cloud.addWebhook();
      const endOutage = cloud.intercept(outage(action));

      const response = await cloud.dispatch(busEvent());

      expect(response.batchItemFailures).toHaveLength(1);
      expect(cloud.counts('first')).toMatchObject({ visible: 0 });
      endOutage();
      cloud.time.now += 10_000;
      await cloud.runDispatcher();
      cloud.time.now += 30_000;
      expect(cloud.receiveMessages('first')).toHaveLength(1);
    },
  );

  it('is not stored while it cannot be signed', async () => {
    const cloud = await newCloud();
    await cloud.addWebhook();
    cloud.intercept(outage('Decrypt'));

    await cloud.dispatch(busEvent());

    expect(await cloud.deliveries.getEvent(accountId(), eventId(), NOW)).toBeUndefined();
  });

  it('becomes visible again with a growing delay, up to 15 minutes [FAULT-21]', async () => {
    const cloud = await newCloud();
    cloud.intercept(outage('Query'));
    const waits: number[] = [];

    cloud.publish(busEvent());
    for (let n = 0; n < 9; n++) {
      await cloud.runDispatcher();
      const dueAt = cloud.nextDueAt('events') ?? 0;
      waits.push((dueAt - cloud.time.now) / 1_000);
      cloud.time.now = dueAt;
    }

    expect(waits).toEqual([10, 20, 40, 80, 160, 320, 640, 900, 900]);
  });

  it('is returned when the function runs out of time, and starts no further call afterwards [FAULT-36]', async () => {
    const cloud = await newCloud();
    await cloud.addWebhook();
    await cloud.addWebhook({ id: webhookId('wh_off'), status: 'disabled' });
    let continueStoring = (): void => undefined;
    const isStoring = new Promise<void>((storing) => {
      cloud.intercept(async ({ action }, next) => {
        if (action !== 'PutItem') return next();
        storing();
        await new Promise<void>((resolve) => {
          continueStoring = resolve;
        });
        return next();
      });
    });
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    cloud.publish(busEvent());
    const running = cloud.runDispatcher({ timeLeftMs: START_RESERVE_MS });
    await isStoring;
    const calls = recordCalls(cloud);

    await vi.advanceTimersByTimeAsync(START_RESERVE_MS);
    const response = await running;
    continueStoring();
    for (let n = 0; n < 100; n++) await new Promise(setImmediate);

    expect(response.batchItemFailures).toHaveLength(1);
    expect(actionsOf(calls)).toEqual(['ChangeMessageVisibilityBatch']);
    expect(cloud.logged).toMatchObject([
      { event_id: 'evt_1', account_id: 'acct_1', why: 'the function ran out of time' },
    ]);
  });
});

describe('events for which too little time remains', () => {
  it('become visible again after ten seconds, even if they were received several times [FAULT-25]', async () => {
    const cloud = await newCloud();
    await cloud.addWebhook();
    cloud.publish(...eventsNamed('evt_a', 'evt_b'));
    for (let n = 0; n < 3; n++) {
      const response = await cloud.runDispatcher({ timeLeftMs: START_RESERVE_MS - 1 });

      expect(response.batchItemFailures).toHaveLength(2);
      expect(cloud.nextDueAt('events')).toBe(cloud.time.now + 10_000);
      cloud.time.now += 10_000;
    }
    expect(cloud.counters.get('returned')).toBeUndefined();

    expect(await cloud.runDispatcher({ timeLeftMs: START_RESERVE_MS })).toEqual({ batchItemFailures: [] });
    expect(eventIdsOnFirst(cloud)).toEqual(['evt_a', 'evt_b']);
  });

  it('are neither stored nor enqueued; the events before them are completed [FAULT-25]', async () => {
    const cloud = await newCloud();
    for (let n = 0; n < 10; n++) await cloud.addWebhook({ id: webhookId(`wh_${n}`) });
    const large = { text: 'x'.repeat(250_000) };
    const events = ['evt_a', 'evt_b', 'evt_c'].map((id) =>
      busEvent({ id: `bus-${id}` }, { id, data: large }),
    );
    // Two events of ten such messages are more than one wave.
    cloud.intercept(async ({ action }, next) => {
      if (action === 'SendMessageBatch') cloud.time.now = NOW + 55_000 - START_RESERVE_MS + 1;
      return next();
    });

    const response = await cloud.dispatch(...events);

    expect(response.batchItemFailures).toHaveLength(2);
    expect(eventIdsOnFirst(cloud)).toEqual(Array.from({ length: 10 }, () => 'evt_a'));
    expect(await cloud.deliveries.getEvent(accountId(), eventId('evt_b'), NOW)).toBeUndefined();
  });
});
