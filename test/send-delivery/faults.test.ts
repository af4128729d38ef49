import { afterEach, describe, expect, it } from 'vitest';
import { headerOf } from '../../lambdas/send-delivery/record-attempts.ts';
import { AwsError, type Interceptor } from '../../local/calls.ts';
import { attempt, message, webhookId } from '../support/builders.ts';
import { answered, createWorld, type World } from '../support/world.ts';

const worlds: World[] = [];

async function newWorld(): Promise<World> {
  const world = await createWorld();
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

/** SQS shows a message again this long after an environment died with it. */
const VISIBILITY_MS = 120_000;

describe('an environment that dies', () => {
  it('before it sends leaves no attempt behind: the message comes back and is sent as the first', async () => {
    const w = await newWorld();
    await w.addWebhook();
    w.put('first', message());

    w.receiveTexts('first');
    w.time.now += VISIBILITY_MS;
    await w.run('first');

    expect(w.posts.map(({ headers }) => headers['X-Webhook-Attempt'])).toEqual(['1']);
    expect(await w.recordOf()).toMatchObject({ status: 'delivered', attempts: [{ number: 1, status: 200 }] });
  });

  it('between recording a failure and scheduling its retry is made up for, without another POST', async () => {
    const w = await newWorld();
    await w.addWebhook();
    w.customer.answer = async () => answered(500);
    w.put('first', message());
    const heal = w.intercept(down('SendMessageBatch'));

    await w.runAndDie('first');
    heal();
    w.time.now += VISIBILITY_MS;
    await w.run('first');

    expect(w.posts).toHaveLength(1);
    expect((await w.recordOf())?.attempts).toHaveLength(1);
    w.time.now += 1_000;
    expect(w.receiveMessages('retry1').map(({ attempt }) => attempt)).toEqual([2]);
  });
});

describe('a message that two environments have at once', () => {
  it('is continued by one of them, though both were answered with a failure', async () => {
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

  it('is not dropped on the word of the other, which may die before it goes on', async () => {
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
    w.time.now += VISIBILITY_MS;
    await w.run('first');
    expect(w.posts).toHaveLength(1);
    w.time.now += 1_000;
    expect(w.receiveMessages('retry1').map(({ attempt }) => attempt)).toEqual([2]);
  });
});

describe('an environment that was frozen while it sent', () => {
  it('takes a timeout that it finds when it thaws for its own, and uses no attempt', async () => {
    const w = await newWorld();
    await w.addWebhook();
    w.customer.answer = async () => {
      w.time.now += 90_000;
      return { kind: 'failed', error: 'timeout', reason: 'late', durationMs: 30_000, reconnected: false };
    };
    w.put('first', message());

    const { batchItemFailures } = await w.run('first');

    expect(batchItemFailures).toHaveLength(1);
    expect(await w.recordOf()).toBeUndefined();
    w.customer.answer = async () => answered(200);
    w.time.now += VISIBILITY_MS;
    await w.run('first');
    expect(await w.recordOf()).toMatchObject({ status: 'delivered', attempts: [{ number: 1 }] });
  });

  it('believes a failure that was answered', async () => {
    const w = await newWorld();
    await w.addWebhook();
    w.customer.answer = async () => {
      w.time.now += 50_000;
      return answered(500);
    };
    w.put('first', message());

    await w.run('first');

    expect(await w.recordOf()).toMatchObject({ status: 'retrying', attempts: [{ status: 500 }] });
  });

  it('believes a success, however late it reads it', async () => {
    const w = await newWorld();
    await w.addWebhook();
    w.customer.answer = async () => {
      w.time.now += 50_000;
      return answered(200);
    };
    w.put('first', message());

    await w.run('first');

    expect(await w.recordOf()).toMatchObject({ status: 'delivered' });
  });
});

describe('a delivery that ends without being sent', () => {
  it('comes back while its end cannot be recorded: nothing else would tell of it', async () => {
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
  it('a cold environment uses no attempt and blames no webhook: the message comes back', async () => {
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

  it('a warm environment goes on', async () => {
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
  it('is tried anew every time, twenty times and more, each as a delivery of its own', async () => {
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
