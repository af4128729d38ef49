import { describe, expect, it } from 'vitest';
import { busEvent } from '../dispatch-event/builders.ts';
import { recovery, runFor } from '../recover-deliveries/builders.ts';
import { NOW } from '../support/builders.ts';
import { type Cloud, newCloud } from '../support/new-cloud.ts';
import { answered } from '../support/post-results.ts';
import { VISIBILITY_MS } from './builders.ts';

const FOR_LONG = 20 * 60_000;

/** The three points at which a delivery can be held. Each leaves one held delivery of `evt_1`. */
const HELD_AT: Record<string, (cloud: Cloud) => Promise<void>> = {
  async dispatch(cloud) {
    await setStatus(cloud, 'disabled');
    await cloud.dispatch(busEvent());
  },
  async 'a retry'(cloud) {
    cloud.customer.answer = async () => answered(500);
    await cloud.dispatch(busEvent());
    await cloud.run('first');
    await setStatus(cloud, 'disabled');
    await runFor(cloud, FOR_LONG);
  },
  async 'a redrive'(cloud) {
    cloud.customer.answer = async () => answered(500);
    await cloud.dispatch(busEvent());
    await runFor(cloud, FOR_LONG);
    await setStatus(cloud, 'disabled');
    cloud.put('first', ...cloud.receiveMessages('exhausted'));
    await runFor(cloud, FOR_LONG);
  },
};

/** The kinds of requests that send it again. */
const RELEASED_BY: Record<string, (cloud: Cloud) => Promise<void>> = {
  'a recovery': (cloud) =>
    cloud.startRecovery(recovery({ createdAt: cloud.time.now, until: cloud.time.now, since: NOW })),
  'publishing the id again': async (cloud) => {
    await cloud.dispatch(busEvent());
  },
};

async function setStatus(cloud: Cloud, status: 'active' | 'disabled'): Promise<void> {
  const { webhooks } = await cloud.webhooks.list(recovery().accountId);
  for (const { accountId, id } of webhooks) await cloud.webhooks.update(accountId, id, { set: { status } });
}

async function givenHeld(cloud: Cloud, at: string): Promise<void> {
  await cloud.addWebhook();
  await HELD_AT[at]?.(cloud);
  await setStatus(cloud, 'active');
  cloud.time.now += 1_000;
  cloud.customer.answer = async () => answered(200);
  cloud.posts.length = 0;
}

const POINTS = Object.keys(HELD_AT);
const WAYS = Object.keys(RELEASED_BY);

describe('a held delivery', () => {
  it.each(POINTS.flatMap((at) => WAYS.map((way) => [at, way] as const)))(
    'that was held at %s is sent once by %s, under the same event id',
    async (at, way) => {
      const cloud = await newCloud();
      await givenHeld(cloud, at);

      await RELEASED_BY[way]?.(cloud);
      await runFor(cloud, FOR_LONG);

      expect(cloud.posts.map(({ headers }) => headers['webhook-id'])).toEqual(['evt_1']);
    },
  );

  it.each(POINTS)(
    'that was held at %s is sent once when all kinds of repeats are requested one after the other [FAULT-42]',
    async (at) => {
      const cloud = await newCloud();
      await givenHeld(cloud, at);

      for (const way of [...WAYS, ...WAYS]) {
        await RELEASED_BY[way]?.(cloud);
        await runFor(cloud, FOR_LONG);
      }

      expect(cloud.posts).toHaveLength(1);
    },
  );

  it.each(POINTS)(
    'that was held at %s is sent once when all kinds of repeats are requested at the same time [FAULT-42]',
    async (at) => {
      const cloud = await newCloud();
      await givenHeld(cloud, at);

      await Promise.all([...WAYS, ...WAYS].map((way) => RELEASED_BY[way]?.(cloud)));
      await Promise.all([cloud.runRecovery(), cloud.runRecovery()]);
      await runFor(cloud, FOR_LONG);

      expect(cloud.posts).toHaveLength(1);
    },
  );

  it('is sent once when two functions receive copies of its repeat at the same time [FAULT-42]', async () => {
    const cloud = await newCloud();
    await givenHeld(cloud, 'dispatch');
    await RELEASED_BY['a recovery']?.(cloud);
    await cloud.runRecovery();
    const [repeat] = cloud.receiveMessages('slow');
    if (repeat === undefined) throw new Error('nothing was enqueued');
    cloud.put('slow', repeat);
    cloud.customer.answer = async () => {
      // The other function receives its copy while this attempt is open.
      if (cloud.posts.length === 1) {
        cloud.put('slow', repeat);
        await cloud.run('slow');
      }
      return answered(200);
    };

    await cloud.run('slow');
    await runFor(cloud, FOR_LONG);

    expect(cloud.posts).toHaveLength(1);
    expect(cloud.counts('slow')).toEqual({ visible: 0, inFlight: 0, delayed: 0 });
  });

  it('is sent after the function that claimed it was killed before the request', async () => {
    const cloud = await newCloud();
    await givenHeld(cloud, 'dispatch');
    await RELEASED_BY['a recovery']?.(cloud);
    await cloud.runRecovery();
    let killed = false;
    const revive = cloud.intercept(async (call, next) => {
      const output = await next();
      if (call.action !== 'UpdateItem' || !JSON.stringify(call.input).includes('"claim"')) return output;
      killed = true;
      return new Promise(() => undefined);
    });
    void cloud.runAndDie('slow');
    while (!killed) await new Promise(setImmediate);
    revive();

    cloud.time.now += VISIBILITY_MS;
    await runFor(cloud, FOR_LONG);

    expect(cloud.posts).toHaveLength(1);
  });

  it('whose repeat is held again is sent by the next kind of repeat', async () => {
    const cloud = await newCloud();
    await givenHeld(cloud, 'dispatch');
    await RELEASED_BY['a recovery']?.(cloud);
    await cloud.runRecovery();
    await setStatus(cloud, 'disabled');
    await runFor(cloud, FOR_LONG);
    expect(cloud.posts).toEqual([]);

    await setStatus(cloud, 'active');
    await RELEASED_BY['publishing the id again']?.(cloud);
    await RELEASED_BY['a recovery']?.(cloud);
    await runFor(cloud, FOR_LONG);

    expect(cloud.posts).toHaveLength(1);
  });
});

describe('an exhausted message that is redriven', () => {
  it('after a recovery delivered it is not sent again', async () => {
    const cloud = await newCloud();
    await cloud.addWebhook();
    cloud.customer.answer = async () => answered(500);
    await cloud.dispatch(busEvent());
    await runFor(cloud, FOR_LONG);
    cloud.customer.answer = async () => answered(200);
    cloud.posts.length = 0;
    await RELEASED_BY['a recovery']?.(cloud);
    await runFor(cloud, FOR_LONG);

    cloud.put('first', ...cloud.receiveMessages('exhausted'));
    await runFor(cloud, FOR_LONG);

    expect(cloud.posts).toHaveLength(1);
  });

  it('is marked as repeated, also where the repeat is held, so that a recovery repeats only the last', async () => {
    const cloud = await newCloud();
    await givenHeld(cloud, 'a redrive');
    const job = recovery({ createdAt: cloud.time.now, until: cloud.time.now, since: NOW });

    await cloud.startRecovery(job);
    await runFor(cloud, FOR_LONG);

    expect(await cloud.recoveries.get(job.accountId, job.id, cloud.time.now)).toMatchObject({ found: 1 });
    expect(cloud.posts).toHaveLength(1);
  });
});
