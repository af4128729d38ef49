import { afterEach, describe, expect, it } from 'vitest';
import { headerOf } from '../../lambdas/send-delivery/record.ts';
import { AwsError, type Interceptor } from '../../local/aws-calls.ts';
import { attempt, message, webhookId } from '../support/builders.ts';
import { createInProcessStack, type InProcessStack } from '../support/in-process-stack.ts';
import { answered } from '../support/post-results.ts';

const worlds: InProcessStack[] = [];

async function newWorld(): Promise<InProcessStack> {
  const world = await createInProcessStack();
  worlds.push(world);
  return world;
}

afterEach(async () => {
  for (const world of worlds.splice(0)) await world.close();
});

function down(...actions: string[]): Interceptor {
  return async ({ action }, next) => {
    if (actions.includes(action)) throw new AwsError({ code: 'Down', message: 'down', status: 503 });
    return next();
  };
}

/** A message of a killed environment becomes visible again after this time. */
const VISIBILITY_MS = 120_000;
/** The follow-up of attempt 1 is overdue this long after the attempt. */
const OVERDUE_MS = 1_020 + 180_000;

describe('an environment that dies', () => {
  it('before it sends leaves no attempt behind: the message comes back and is sent as the first [FAULT-3]', async () => {
    const w = await newWorld();
    await w.addWebhook();
    w.put('first', message());

    w.receiveTexts('first');
    w.time.now += VISIBILITY_MS;
    await w.run('first');

    expect(w.posts.map(({ headers }) => headers['X-Webhook-Attempt'])).toEqual(['1']);
    expect(await w.recordOf()).toMatchObject({ status: 'delivered', attempts: [{ number: 1, status: 200 }] });
  });

  it('between recording a failure and enqueueing its retry: another copy takes over, without another POST [FAULT-4]', async () => {
    const w = await newWorld();
    await w.addWebhook();
    w.customer.answer = async () => answered(500);
    w.put('first', message());
    const heal = w.intercept(down('SendMessageBatch', 'ChangeMessageVisibilityBatch'));

    await w.runAndDie('first');
    heal();
    const returned = w.counters.get('returned');
    const killedAt = w.time.now;
    w.time.now += VISIBILITY_MS;
    await w.run('first');
    expect(w.nextDueAt('first')).toBeGreaterThanOrEqual(killedAt + OVERDUE_MS);
    expect(w.counters.get('returned')).toBe(returned);
    w.time.now = w.nextDueAt('first') ?? 0;
    await w.run('first');

    expect(w.posts).toHaveLength(1);
    expect((await w.recordOf())?.attempts).toMatchObject([{ number: 1, takenAt: w.time.now }]);
    w.time.now += 1_000;
    expect(w.receiveMessages('retry1').map(({ attempt }) => attempt)).toEqual([2]);
    expect(w.counts('first')).toEqual({ visible: 0, inFlight: 0, delayed: 0 });
  });
});

describe('two copies of a failed attempt whose follow-up is overdue', () => {
  /** Both copies wait, and the follow-up was never enqueued. */
  async function bothOverdue(): Promise<InProcessStack> {
    const w = await newWorld();
    await w.addWebhook();
    await w.deliveries.recordFailure(headerOf(message()), attempt({ token: 'killed' }), 'retrying');
    w.time.now += OVERDUE_MS;
    return w;
  }

  it('start one chain: the copy whose takeover fails waits [FAULT-5]', async () => {
    const w = await bothOverdue();
    w.put('first', message());
    const one = w.run('first');
    w.put('first', message());
    await Promise.all([one, w.run('first')]);

    expect(w.counters.get('taken_over')).toBe(1);
    w.time.now += 1_000;
    const [retry, ...more] = w.receiveMessages('retry1');
    expect([retry?.attempt, more]).toEqual([2, []]);
    expect(retry?.after).toBe((await w.recordOf())?.attempts[0]?.token);
    expect(w.counts('first')).toEqual({ visible: 0, inFlight: 1, delayed: 0 });
  });

  it('start one chain after a crash too: another copy takes over from the one that was killed [FAULT-5]', async () => {
    const w = await bothOverdue();
    w.put('first', message());
    const heal = w.intercept(down('SendMessageBatch'));
    const killedAt = w.time.now;
    await w.runAndDie('first');
    heal();
    w.put('first', message());
    await w.run('first');
    while (w.nextDueAt('retry1') === undefined) {
      w.time.now = w.nextDueAt('first') ?? 0;
      await w.run('first');
    }

    expect(w.time.now).toBeGreaterThanOrEqual(killedAt + 1_000 + 180_000);
    expect(w.posts).toEqual([]);
    w.time.now += 1_000;
    expect(w.receiveMessages('retry1').map(({ attempt }) => attempt)).toEqual([2]);
  });

  it('leave a retry of the old chain without effect [FAULT-5]', async () => {
    const w = await bothOverdue();
    w.put('first', message());
    await w.run('first');
    w.put('retry1', message({ attempt: 2, after: 'killed' }));
    w.time.now += 1_000;

    await w.run('retry1');

    expect(w.posts.map(({ headers }) => headers['X-Webhook-Attempt'])).toEqual(['2']);
  });
});

describe('a function that Lambda invokes long after it received the batch', () => {
  it('sends nothing when another consumer holds the message by now [FAULT-6]', async () => {
    const w = await newWorld();
    await w.addWebhook();
    w.put('first', message());

    await w.runLate('first', 130_000);

    expect(w.posts).toEqual([]);
  });

  it('extends its hold on the message first, and reads before it sends [FAULT-6]', async () => {
    const w = await newWorld();
    await w.addWebhook();
    const made: string[] = [];
    w.intercept(async ({ action }, next) => {
      made.push(action);
      return next();
    });
    w.put('first', message());

    await w.runLate('first', 61_000);

    expect(made.slice(0, 2)).toEqual(['ChangeMessageVisibilityBatch', 'BatchGetItem']);
    expect(w.posts).toHaveLength(1);
  });

  it('does not extend within the first minute', async () => {
    const w = await newWorld();
    const made: string[] = [];
    w.intercept(async ({ action }, next) => {
      made.push(action);
      return next();
    });
    const late = message({ signed: { ...message().signed, signedAt: w.time.now + 59_000 } });
    w.put('first', late);

    await w.runLate('first', 59_000);

    expect(made).toEqual(['BatchWriteItem']);
  });
});

describe('a message that two environments have at once', () => {
  it('is continued by one of them, though both were answered with a failure [FAULT-5]', async () => {
    const w = await newWorld();
    await w.addWebhook();
    let release = (): void => undefined;
    const bothSent = new Promise<void>((resolve) => {
      release = resolve;
    });
    w.customer.answer = async () => {
      if (w.posts.length === 2) release();
      await bothSent;
      return answered(500);
    };
    w.put('first', message());
    const one = w.runAndDie('first');
    w.put('first', message());

    await Promise.all([one, w.runAndDie('first')]);

    expect(w.posts).toHaveLength(2);
    w.time.now += 1_000;
    expect(w.receiveMessages('retry1')).toHaveLength(1);
  });

  it('waits when the other copy recorded the attempt, and takes over when that copy enqueued nothing [FAULT-5]', async () => {
    const w = await newWorld();
    await w.addWebhook();
    const first = message();
    w.customer.answer = async () => {
      if (w.posts.length === 1)
        await w.deliveries.recordFailure(headerOf(first), attempt({ token: 'other' }), 'retrying');
      return answered(500);
    };
    w.put('first', first);

    const { batchItemFailures } = await w.run('first');

    expect(batchItemFailures).toHaveLength(1);
    w.time.now += OVERDUE_MS;
    await w.run('first');
    expect(w.posts).toHaveLength(1);
    w.time.now += 1_000;
    expect(w.receiveMessages('retry1').map(({ attempt }) => attempt)).toEqual([2]);
  });
});

describe('a delivery that ends without being sent', () => {
  it('comes back while its end cannot be recorded: nothing else would tell of it [FAULT-23]', async () => {
    const w = await newWorld();
    await w.addWebhook({ status: 'disabled' });
    w.put('retry1', message({ attempt: 2 }));
    w.time.now += 1_000;
    const heal = w.intercept(down('UpdateItem'));

    const { batchItemFailures } = await w.run('retry1');

    expect(batchItemFailures).toHaveLength(1);
    expect(w.counters.get('log_lost')).toBeUndefined();
    heal();
    w.time.now += VISIBILITY_MS;
    await w.run('retry1');
    expect(await w.recordOf()).toMatchObject({ status: 'held' });
  });
});

describe('while KMS is down', () => {
  it('a cold environment uses no attempt and blames no webhook: the message comes back [FAULT-26]', async () => {
    const w = await newWorld();
    await w.addWebhook();
    w.coldStart('retry');
    w.put('retry1', message({ attempt: 2 }));
    w.time.now += 1_000;
    const heal = w.intercept(down('Decrypt'));

    const response = await w.run('retry1');

    expect(response.batchItemFailures).toHaveLength(1);
    expect(w.posts).toEqual([]);
    expect(await w.recordOf()).toBeUndefined();
    expect(await w.webhooks.get(message().accountId, message().webhookId)).toMatchObject({
      status: 'active',
    });
    heal();
    w.time.now += 10_000;
    await w.run('retry1');
    expect(w.posts.map(({ headers }) => headers['X-Webhook-Attempt'])).toEqual(['2']);
  });

  it('a warm environment goes on [FAULT-26]', async () => {
    const w = await newWorld();
    await w.addWebhook();
    await w.addWebhook({ id: webhookId('wh_2') });
    w.put('retry1', message({ attempt: 2 }));
    w.time.now += 1_000;
    await w.run('retry1');
    w.intercept(down('Decrypt', 'GenerateDataKey'));

    const other = message({ attempt: 2, webhookId: webhookId('wh_2') });
    w.put('retry1', { ...other, deliveryId: `${other.deliveryId}x` as typeof other.deliveryId });
    w.time.now += 1_000;
    const response = await w.run('retry1');

    expect(response.batchItemFailures).toEqual([]);
    expect(w.posts).toHaveLength(2);
  });
});

describe('a delivery that is moved back to its lane again and again', () => {
  it('is tried anew every time, twenty times and more, each as a delivery of its own [FAULT-29]', async () => {
    const w = await newWorld();
    await w.addWebhook();
    w.customer.answer = async () => ({
      kind: 'failed',
      error: 'address_refused',
      reason: 'it has an address that is not public',
      durationMs: 1,
      reconnected: false,
    });
    w.put('first', message());
    await w.run('first');

    for (let move = 0; move < 20; move++) {
      w.put('first', ...w.receiveMessages('exhausted'));
      await w.run('first');
    }

    expect(w.posts).toHaveLength(21);
    expect(new Set(w.posts.map(({ headers }) => headers['X-Webhook-Delivery'])).size).toBe(21);
    expect(w.receiveMessages('exhausted')).toHaveLength(1);
  });
});
