import { describe, expect, it } from 'vitest';
import { message, NOW } from '../support/builders.ts';
import { type Cloud, newCloud, outage } from '../support/new-cloud.ts';
import { answered } from '../support/post-results.ts';
import { TIMED_OUT, VISIBILITY_MS } from './builders.ts';

const DAY_SECONDS = 86_400;
/** The end of the first attempt. */
const END = NOW + 20;

async function failing(retryDelaysSeconds: readonly number[]): Promise<Cloud> {
  const cloud = await newCloud({ retryDelaysSeconds });
  await cloud.addWebhook();
  cloud.customer.answer = async () => {
    cloud.time.now += 20;
    return answered(500);
  };
  return cloud;
}

/** Runs the later queue until another POST was made or the queue is empty. Returns the number of runs. */
async function runUntilDue(cloud: Cloud): Promise<number> {
  const before = cloud.posts.length;
  let runs = 0;
  while (cloud.posts.length === before && cloud.nextDueAt('later') !== undefined) {
    cloud.time.now = cloud.nextDueAt('later') ?? 0;
    await cloud.run('later');
    runs++;
  }
  return runs;
}

describe('a retry after 24 hours', () => {
  it('waits in 96 hops, each a new message and without a read, and is one attempt', async () => {
    const cloud = await failing([DAY_SECONDS]);
    cloud.put('first', message({ maxAttempts: 2 }));
    await cloud.run('first');
    const reads: string[] = [];
    cloud.intercept(async (call, next) => {
      if (call.service === 'dynamodb') reads.push(call.action);
      return next();
    });

    let hops = 1;
    for (; cloud.posts.length === 1; hops++) {
      expect(reads).toEqual([]);
      const due = cloud.nextDueAt('later') ?? 0;
      expect(due - cloud.time.now).toBeLessThanOrEqual(900_000);
      cloud.time.now = due;
      await cloud.run('later');
    }

    expect(hops - 1).toBe(96);
    expect(cloud.time.now).toBeGreaterThanOrEqual(END + DAY_SECONDS * 1_000);
    expect(cloud.time.now).toBeLessThan(END + DAY_SECONDS * 1_000 + 1_000);
    expect(cloud.posts.map(({ headers }) => headers['X-Webhook-Attempt'])).toEqual(['1', '2']);
    expect(await cloud.recordOf()).toMatchObject({ status: 'exhausted', attempts: [{}, {}] });
    expect(cloud.counts('later')).toEqual({ visible: 0, inFlight: 0, delayed: 0 });
  });

  it('is signed again and uses the webhook as it is then', async () => {
    const cloud = await failing([DAY_SECONDS]);
    cloud.put('first', message({ maxAttempts: 2 }));
    await cloud.run('first');
    cloud.customer.answer = async () => answered(200);

    await runUntilDue(cloud);

    const timestamp = String(Math.floor(cloud.time.now / 1_000));
    expect(cloud.posts[1]?.headers).toMatchObject({ 'X-Webhook-Timestamp': timestamp });
    expect(await cloud.recordOf()).toMatchObject({ status: 'delivered' });
  });

  it('has its time in the record while it waits', async () => {
    const cloud = await failing([DAY_SECONDS]);
    cloud.put('first', message({ maxAttempts: 2 }));

    await cloud.run('first');

    expect((await cloud.recordOf())?.nextAttemptAt).toBe(END + DAY_SECONDS * 1_000);
  });
});

describe('a retry without a queue of its own', () => {
  it('waits in the later queue: the seventh retry of a schedule, and the retries after a long delay', async () => {
    const seventh = await failing([0, 0, 0, 0, 0, 0, 7]);
    const afterLong = await failing([1, 1_800, 5]);
    seventh.put('retry3', message({ attempt: 7, maxAttempts: 8 }));
    afterLong.put('retry3', message({ attempt: 3 }));
    for (const cloud of [seventh, afterLong]) {
      cloud.time.now += 30_000;
      await cloud.run('retry3');
    }

    expect(seventh.nextDueAt('later')).toBe(seventh.time.now + 7_000);
    expect(afterLong.nextDueAt('later')).toBe(afterLong.time.now + 5_000);
  });

  it('of an endpoint that hangs waits in the later queue, and is sent to the slow lane when it is due', async () => {
    const cloud = await failing([1_800]);
    cloud.customer.answer = async () => TIMED_OUT;
    cloud.put('first', message({ maxAttempts: 2 }));
    await cloud.run('first');
    await cloud.webhooks.markSlow(message().accountId, message().webhookId, new Date(NOW).toISOString());

    await runUntilDue(cloud);

    expect(cloud.posts).toHaveLength(1);
    expect(cloud.counts('slow')).toMatchObject({ visible: 1 });
    expect(cloud.time.now).toBeGreaterThanOrEqual(NOW + 30_000 + 1_800_000);
  });
});

describe('an environment that is killed while a message waits', () => {
  it('before the hop: the message is received again and waits on', async () => {
    const cloud = await failing([1_800]);
    cloud.put('first', message({ maxAttempts: 2 }));
    await cloud.run('first');

    cloud.time.now = cloud.nextDueAt('later') ?? 0;
    cloud.receiveTexts('later');
    await runUntilDue(cloud);

    expect(cloud.posts).toHaveLength(2);
    expect(cloud.time.now).toBeGreaterThanOrEqual(END + 1_800_000);
    expect(cloud.time.now).toBeLessThan(END + 1_800_000 + 1_000);
  });

  it('when SQS takes no message: it is returned to its queue and not lost', async () => {
    const cloud = await failing([1_800]);
    cloud.put('first', message({ maxAttempts: 2 }));
    await cloud.run('first');
    const endOutage = cloud.intercept(outage('SendMessageBatch'));

    cloud.time.now = cloud.nextDueAt('later') ?? 0;
    await cloud.run('later');
    endOutage();
    await runUntilDue(cloud);

    expect(cloud.counters.get('returned')).toBe(1);
    expect(cloud.posts).toHaveLength(2);
  });

  it('after the hop: two copies wait, and only one of them continues the delivery [FAULT-5]', async () => {
    const cloud = await failing([1_800, 1_800]);
    cloud.put('first', message({ maxAttempts: 3 }));
    await cloud.run('first');

    cloud.time.now = cloud.nextDueAt('later') ?? 0;
    await cloud.runAndDie('later');
    cloud.time.now += VISIBILITY_MS;
    await cloud.run('later');
    expect(cloud.counts('later')).toEqual({ visible: 0, inFlight: 0, delayed: 2 });
    while (cloud.nextDueAt('later') !== undefined) {
      cloud.time.now = cloud.nextDueAt('later') ?? 0;
      await cloud.run('later');
    }

    expect(cloud.posts.map(({ headers }) => headers['X-Webhook-Attempt'])).toEqual(['1', '2', '3']);
    expect(await cloud.recordOf()).toMatchObject({ status: 'exhausted' });
    expect(cloud.counts('exhausted')).toMatchObject({ visible: 1 });
  });

  it('between the record and the later queue: a copy takes over after the time of the retry [FAULT-4]', async () => {
    const cloud = await failing([DAY_SECONDS]);
    cloud.put('first', message({ maxAttempts: 2 }));
    const endOutage = cloud.intercept(outage('SendMessageBatch', 'ChangeMessageVisibilityBatch'));
    await cloud.runAndDie('first');
    endOutage();

    cloud.time.now += VISIBILITY_MS;
    while (cloud.nextDueAt('later') === undefined && cloud.posts.length === 1) {
      await cloud.run('first');
      cloud.time.now = Math.max(cloud.time.now, cloud.nextDueAt('first') ?? 0);
    }

    expect(cloud.time.now).toBeGreaterThanOrEqual(END + DAY_SECONDS * 1_000 + 1.5 * VISIBILITY_MS);
    await runUntilDue(cloud);
    expect(cloud.posts.map(({ headers }) => headers['X-Webhook-Attempt'])).toEqual(['1', '2']);
  });
});
