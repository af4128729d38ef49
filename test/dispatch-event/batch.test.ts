import { afterEach, describe, expect, it, vi } from 'vitest';
import { AwsError, type Json } from '../../local/aws-calls.ts';
import { accountId, eventId, NOW, webhookId } from '../support/builders.ts';
import { createInProcessStack, type InProcessStack } from '../support/in-process-stack.ts';
import { busEvent, busEventWithData, down, nested } from './builders.ts';

let world: InProcessStack | undefined;

async function newWorld(): Promise<InProcessStack> {
  world = await createInProcessStack();
  return world;
}

afterEach(async () => {
  vi.useRealTimers();
  await world?.close();
});

/** The deadline that the function gives itself is 5 s before its end, so this is 20 s before its end. */
const LAST_START_MS = 15_000;

const eventsNamed = (...ids: string[]) => ids.map((id) => busEvent({ id: `bus-${id}` }, { id }));

/** Records the calls that are made from now on. */
function recordCalls(w: InProcessStack): { action: string; input: Json }[] {
  const calls: { action: string; input: Json }[] = [];
  w.intercept(async (call, next) => {
    calls.push({ action: call.action, input: call.input });
    return next();
  });
  return calls;
}

function countsOf(calls: readonly { action: string }[]): Record<string, number> {
  return Object.fromEntries(
    [...Map.groupBy(calls, ({ action }) => action)].map(([name, of]) => [name, of.length]),
  );
}

function eventIdsOnFirst(w: InProcessStack): string[] {
  return w.receiveMessages('first').map((one) => one.eventId);
}

describe('a batch of events', () => {
  it('shares its calls: one query for each account, one send for ten deliveries', async () => {
    const w = await newWorld();
    await w.addWebhook();
    await w.addWebhook({ id: webhookId('wh_2'), accountId: accountId('acct_2') });
    await w.dispatch(...eventsNamed('evt_warm'));
    w.receiveMessages('first');
    const calls = recordCalls(w);

    const ids = Array.from({ length: 10 }, (_, n) => `evt_${n}`);
    await w.dispatch(
      ...ids.map((id, n) => busEvent({ id: `bus-${id}` }, { id, account_id: n < 5 ? 'acct_1' : 'acct_2' })),
    );

    expect(countsOf(calls)).toEqual({ Query: 2, PutItem: 10, SendMessageBatch: 1 });
    expect(eventIdsOnFirst(w).sort()).toEqual(ids);
  });

  it('packs the deliveries of all its events into sends of ten', async () => {
    const w = await newWorld();
    for (let n = 0; n < 3; n++) await w.addWebhook({ id: webhookId(`wh_${n}`) });
    const calls = recordCalls(w);

    await w.dispatch(...eventsNamed('evt_a', 'evt_b', 'evt_c', 'evt_d', 'evt_e'));

    const sends = calls.filter(({ action }) => action === 'SendMessageBatch');
    expect(sends.map(({ input }) => (input.Entries as unknown[]).length)).toEqual([10, 5]);
    expect(w.receiveMessages('first')).toHaveLength(15);
  });

  it('reads an account after the batch was received, and signs with the time of that read', async () => {
    const w = await newWorld();
    await w.addWebhook();
    w.intercept(async ({ action }, next) => {
      const output = await next();
      if (action === 'Query') w.time.now += 7_000;
      return output;
    });

    await w.dispatch(busEvent());

    const [message] = w.receiveMessages('first');
    expect(message?.signed.signedAt).toBe(NOW);
  });

  it('keeps apart what one broken event does: its batch mates are dispatched [FAULT-17]', async () => {
    const w = await newWorld();
    await w.addWebhook();
    const [good, alsoGood] = eventsNamed('evt_a', 'evt_b');

    const response = await w.dispatch(
      good,
      'not JSON',
      busEventWithData(`{"deep":${nested(100_000)}}`),
      busEventWithData(`{"deep":${nested(100_000)},"n":1e400}`),
      busEvent({ 'detail-type': 'file.renamed' }),
      alsoGood,
    );

    expect(response).toEqual({ batchItemFailures: [] });
    expect(eventIdsOnFirst(w)).toEqual(['evt_a', 'evt_b']);
    expect(w.receiveUndispatched().map(({ reason }) => reason)).toEqual([
      'it is not JSON',
      'Detail.data is nested too deeply to be sent',
      'Detail.data is nested too deeply to be sent',
      expect.stringContaining('not in the catalogue'),
    ]);
  });
});

describe('an event of a batch that fails for a fault of ours', () => {
  it.each([
    ['its account cannot be read', 'Query', 'acct_bad'],
    ['it cannot be stored', 'PutItem', 'evt_bad'],
    ['its delivery is not enqueued', 'SendMessageBatch', 'evt_bad'],
  ])('is returned alone where %s [FAULT-15]', async (_, failing, mark) => {
    const w = await newWorld();
    await w.addWebhook();
    await w.addWebhook({ id: webhookId('wh_2'), accountId: accountId('acct_bad') });
    const heal = w.intercept(async ({ action, input }, next) => {
      if (action !== failing || !JSON.stringify(input).includes(mark)) return next();
      if (action !== 'SendMessageBatch') throw new AwsError({ code: 'ServiceUnavailable', message: 'down' });
      const entries = input.Entries as { Id: string; MessageBody: string }[];
      const isBad = (body: string) => body.includes(mark);
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

    const response = await w.dispatch(...eventsNamed('evt_a'), bad, ...eventsNamed('evt_b'));

    expect(response.batchItemFailures).toHaveLength(1);
    expect(eventIdsOnFirst(w)).toEqual(['evt_a', 'evt_b']);
    expect(w.counters.get('returned')).toBe(1);
    heal();
    w.time.now += 10_000;
    expect(await w.runDispatcher()).toEqual({ batchItemFailures: [] });
    w.time.now += 30_000;
    expect(eventIdsOnFirst(w)).toEqual(['evt_bad']);
  });

  it.each(['Query', 'PutItem', 'SendMessageBatch', 'Decrypt'])(
    'is complete after its next run when %s was down [FAULT-21]',
    async (action) => {
      const w = await newWorld();
      await w.addWebhook();
      const heal = w.intercept(down(action));

      const response = await w.dispatch(busEvent());

      expect(response.batchItemFailures).toHaveLength(1);
      expect(w.counts('first')).toMatchObject({ visible: 0 });
      heal();
      w.time.now += 10_000;
      await w.runDispatcher();
      w.time.now += 30_000;
      expect(w.receiveMessages('first')).toHaveLength(1);
    },
  );

  it('is not stored while it cannot be signed', async () => {
    const w = await newWorld();
    await w.addWebhook();
    w.intercept(down('Decrypt'));

    await w.dispatch(busEvent());

    expect(await w.deliveries.getEvent(accountId(), eventId(), NOW)).toBeUndefined();
  });

  it('comes back later each time, up to 15 minutes [FAULT-21]', async () => {
    const w = await newWorld();
    w.intercept(down('Query'));
    const waits: number[] = [];

    w.publish(busEvent());
    for (let n = 0; n < 9; n++) {
      await w.runDispatcher();
      const dueAt = w.nextDueAt('events') ?? 0;
      waits.push((dueAt - w.time.now) / 1_000);
      w.time.now = dueAt;
    }

    expect(waits).toEqual([10, 20, 40, 80, 160, 320, 640, 900, 900]);
  });

  it('comes back when the function runs out of time, and nothing of it is begun afterwards [FAULT-36]', async () => {
    const w = await newWorld();
    await w.addWebhook();
    await w.addWebhook({ id: webhookId('wh_off'), status: 'disabled' });
    let goOn = (): void => undefined;
    const isStoring = new Promise<void>((storing) => {
      w.intercept(async ({ action }, next) => {
        if (action !== 'PutItem') return next();
        storing();
        await new Promise<void>((resolve) => {
          goOn = resolve;
        });
        return next();
      });
    });
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    w.publish(busEvent());
    const running = w.runDispatcher({ timeLeftMs: LAST_START_MS });
    await isStoring;
    const calls = recordCalls(w);

    await vi.advanceTimersByTimeAsync(LAST_START_MS);
    const response = await running;
    goOn();
    for (let n = 0; n < 100; n++) await new Promise(setImmediate);

    expect(response.batchItemFailures).toHaveLength(1);
    expect(calls.map(({ action }) => action)).toEqual(['ChangeMessageVisibilityBatch']);
  });
});

describe('events that are not started for lack of time', () => {
  it('are visible again after ten seconds, however often they were received [FAULT-25]', async () => {
    const w = await newWorld();
    await w.addWebhook();
    w.publish(...eventsNamed('evt_a', 'evt_b'));
    for (let n = 0; n < 3; n++) {
      const response = await w.runDispatcher({ timeLeftMs: LAST_START_MS - 1 });

      expect(response.batchItemFailures).toHaveLength(2);
      expect(w.nextDueAt('events')).toBe(w.time.now + 10_000);
      w.time.now += 10_000;
    }
    expect(w.counters.get('returned')).toBeUndefined();

    expect(await w.runDispatcher({ timeLeftMs: LAST_START_MS })).toEqual({ batchItemFailures: [] });
    expect(eventIdsOnFirst(w)).toEqual(['evt_a', 'evt_b']);
  });

  it('are neither stored nor enqueued, and those before them are complete [FAULT-25]', async () => {
    const w = await newWorld();
    for (let n = 0; n < 10; n++) await w.addWebhook({ id: webhookId(`wh_${n}`) });
    const large = { text: 'x'.repeat(250_000) };
    const events = ['evt_a', 'evt_b', 'evt_c'].map((id) =>
      busEvent({ id: `bus-${id}` }, { id, data: large }),
    );
    // Two events of ten such messages are more than one wave.
    w.intercept(async ({ action }, next) => {
      if (action === 'SendMessageBatch') w.time.now = NOW + 55_000 - LAST_START_MS + 1;
      return next();
    });

    const response = await w.dispatch(...events);

    expect(response.batchItemFailures).toHaveLength(2);
    expect(eventIdsOnFirst(w)).toEqual(Array.from({ length: 10 }, () => 'evt_a'));
    expect(await w.deliveries.getEvent(accountId(), eventId('evt_b'), NOW)).toBeUndefined();
  });
});
