import { describe, expect, it } from 'vitest';
import { headerOf } from '../../lambdas/send-delivery/record.ts';
import { attempt, message } from '../support/builders.ts';
import { newCloud } from '../support/new-cloud.ts';
import { answered } from '../support/post-results.ts';
import { ADDRESS_REFUSED, OVERDUE_MS, VISIBILITY_MS } from './builders.ts';

describe('a duplicate message', () => {
  it('of a recorded success is dropped [FAULT-5]', async () => {
    const cloud = await newCloud();
    await cloud.addWebhook();
    cloud.put('first', message());

    await cloud.runAndDie('first');
    cloud.time.now += VISIBILITY_MS;
    await cloud.run('first');

    expect(cloud.posts).toHaveLength(1);
    expect(cloud.counters.get('duplicate_dropped')).toBe(1);
  });

  it('in the same batch is not processed and stays on its queue [FAULT-5]', async () => {
    const cloud = await newCloud();
    cloud.put('first', message(), message());

    const response = await cloud.run('first');

    expect(cloud.posts).toHaveLength(1);
    expect(response.batchItemFailures).toHaveLength(1);
  });

  it('that succeeds makes the delivery delivered, whether the other one fails before or after it [FAULT-9]', async () => {
    for (const statuses of [
      [500, 200],
      [200, 500],
    ]) {
      const cloud = await newCloud();
      await cloud.addWebhook();
      const answers = [...statuses];
      const responses: (() => void)[] = [];
      cloud.customer.answer = async () => {
        const status = answers.shift() ?? 500;
        await new Promise<void>((resolve) => responses.push(resolve));
        return answered(status);
      };
      cloud.put('first', message());
      const first = cloud.runAndDie('first');
      while (responses.length < 1) await new Promise(setImmediate);
      cloud.time.now += VISIBILITY_MS;
      const second = cloud.runAndDie('first');
      while (responses.length < 2) await new Promise(setImmediate);
      responses[0]?.();
      await first;
      responses[1]?.();
      await second;

      expect((await cloud.recordOf())?.status).toBe('delivered');
    }
  });
});

describe('two environments that receive the same message', () => {
  it('enqueue one retry when the attempts of both fail [FAULT-5]', async () => {
    const cloud = await newCloud();
    await cloud.addWebhook();
    let release = (): void => undefined;
    const bothSent = new Promise<void>((resolve) => {
      release = resolve;
    });
    cloud.customer.answer = async () => {
      if (cloud.posts.length === 2) release();
      await bothSent;
      return answered(500);
    };
    cloud.put('first', message());
    const one = cloud.runAndDie('first');
    cloud.put('first', message());

    await Promise.all([one, cloud.runAndDie('first')]);

    expect(cloud.posts).toHaveLength(2);
    cloud.time.now += 1_000;
    expect(cloud.receiveMessages('retry1')).toHaveLength(1);
  });

  it('one waits when the other recorded the attempt, and takes over when the other enqueued nothing [FAULT-5]', async () => {
    const cloud = await newCloud();
    await cloud.addWebhook();
    const first = message();
    cloud.customer.answer = async () => {
      if (cloud.posts.length === 1)
        await cloud.deliveries.recordFailure(headerOf(first), attempt({ token: 'other' }), 'retrying');
      return answered(500);
    };
    cloud.put('first', first);

    const { batchItemFailures } = await cloud.run('first');

    expect(batchItemFailures).toHaveLength(1);
    cloud.time.now += OVERDUE_MS;
    await cloud.run('first');
    expect(cloud.posts).toHaveLength(1);
    cloud.time.now += 1_000;
    expect(cloud.receiveMessages('retry1').map(({ attempt }) => attempt)).toEqual([2]);
  });
});

describe('a re-run of an event whose delivery is exhausted', () => {
  it('adds no message to the exhausted queue', async () => {
    const cloud = await newCloud();
    await cloud.addWebhook();
    cloud.customer.answer = async () => ADDRESS_REFUSED;
    cloud.put('first', message());
    await cloud.run('first');

    cloud.put('first', message({ rerun: true }));
    await cloud.run('first');

    expect(cloud.posts).toHaveLength(1);
    expect(cloud.counts('exhausted')).toEqual({ visible: 1, inFlight: 0, delayed: 0 });
    expect(cloud.counts('first')).toEqual({ visible: 0, inFlight: 0, delayed: 0 });
  });
});
