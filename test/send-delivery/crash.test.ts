import { describe, expect, it } from 'vitest';
import { headerOf } from '../../lambdas/send-delivery/record.ts';
import { attempt, message } from '../support/builders.ts';
import { type Cloud, newCloud, outage } from '../support/new-cloud.ts';
import { answered } from '../support/post-results.ts';
import { OVERDUE_MS, VISIBILITY_MS } from './builders.ts';

describe('an environment that is killed', () => {
  it('after the POST and before the record: the message is sent again with the same ids [FAULT-2]', async () => {
    const cloud = await newCloud();
    await cloud.addWebhook();
    cloud.put('first', message());
    const endOutage = cloud.intercept(outage('BatchWriteItem', 'UpdateItem'));

    await cloud.runAndDie('first');
    endOutage();
    cloud.time.now += VISIBILITY_MS;
    await cloud.run('first');

    expect(cloud.posts).toHaveLength(2);
    expect(cloud.posts[1]?.headers['X-Webhook-Delivery']).toBe(cloud.posts[0]?.headers['X-Webhook-Delivery']);
    expect(cloud.posts[1]?.headers['X-Webhook-Attempt']).toBe('1');
    expect((await cloud.recordOf())?.status).toBe('delivered');
  });

  it('before the POST: the message is redelivered and sent as attempt 1 [FAULT-3]', async () => {
    const cloud = await newCloud();
    await cloud.addWebhook();
    cloud.put('first', message());

    cloud.receiveTexts('first');
    cloud.time.now += VISIBILITY_MS;
    await cloud.run('first');

    expect(cloud.posts.map(({ headers }) => headers['X-Webhook-Attempt'])).toEqual(['1']);
    expect(await cloud.recordOf()).toMatchObject({
      status: 'delivered',
      attempts: [{ number: 1, status: 200 }],
    });
  });

  it('between the record of a failure and its retry: another copy takes over, without another POST [FAULT-4]', async () => {
    const cloud = await newCloud();
    await cloud.addWebhook();
    cloud.customer.answer = async () => answered(500);
    cloud.put('first', message());
    const endOutage = cloud.intercept(outage('SendMessageBatch', 'ChangeMessageVisibilityBatch'));

    await cloud.runAndDie('first');
    endOutage();
    const returned = cloud.counters.get('returned');
    const killedAt = cloud.time.now;
    cloud.time.now += VISIBILITY_MS;
    await cloud.run('first');
    expect(cloud.nextDueAt('first')).toBeGreaterThanOrEqual(killedAt + OVERDUE_MS);
    expect(cloud.counters.get('returned')).toBe(returned);
    cloud.time.now = cloud.nextDueAt('first') ?? 0;
    await cloud.run('first');

    expect(cloud.posts).toHaveLength(1);
    expect((await cloud.recordOf())?.attempts).toMatchObject([{ number: 1, takenAt: cloud.time.now }]);
    cloud.time.now += 1_000;
    expect(cloud.receiveMessages('retry1').map(({ attempt }) => attempt)).toEqual([2]);
    expect(cloud.counts('first')).toEqual({ visible: 0, inFlight: 0, delayed: 0 });
  });
});

describe('two copies of a failed attempt whose follow-up is overdue', () => {
  /** The attempt is recorded as failed by an environment that was killed, and its follow-up is overdue. */
  async function overdueFollowUp(): Promise<Cloud> {
    const cloud = await newCloud();
    await cloud.addWebhook();
    await cloud.deliveries.recordFailure(headerOf(message()), attempt({ token: 'killed' }), 'retrying');
    cloud.time.now += OVERDUE_MS;
    return cloud;
  }

  it('enqueue one retry: the copy whose takeover fails waits [FAULT-5]', async () => {
    const cloud = await overdueFollowUp();
    cloud.put('first', message());
    const one = cloud.run('first');
    cloud.put('first', message());
    await Promise.all([one, cloud.run('first')]);

    expect(cloud.counters.get('taken_over')).toBe(1);
    cloud.time.now += 1_000;
    const [retry, ...more] = cloud.receiveMessages('retry1');
    expect([retry?.attempt, more]).toEqual([2, []]);
    expect(retry?.after).toBe((await cloud.recordOf())?.attempts[0]?.token);
    expect(cloud.counts('first')).toEqual({ visible: 0, inFlight: 1, delayed: 0 });
  });

  it('enqueue one retry after a crash too: a copy takes over from the one that was killed [FAULT-5]', async () => {
    const cloud = await overdueFollowUp();
    cloud.put('first', message());
    const endOutage = cloud.intercept(outage('SendMessageBatch'));
    const killedAt = cloud.time.now;
    await cloud.runAndDie('first');
    endOutage();
    cloud.put('first', message());
    await cloud.run('first');
    while (cloud.nextDueAt('retry1') === undefined) {
      cloud.time.now = cloud.nextDueAt('first') ?? 0;
      await cloud.run('first');
    }

    expect(cloud.time.now).toBeGreaterThanOrEqual(killedAt + 1_000 + 180_000);
    expect(cloud.posts).toEqual([]);
    cloud.time.now += 1_000;
    expect(cloud.receiveMessages('retry1').map(({ attempt }) => attempt)).toEqual([2]);
  });

  it('drop the retry of the copy from which another one took over [FAULT-5]', async () => {
    const cloud = await overdueFollowUp();
    cloud.put('first', message());
    await cloud.run('first');
    cloud.put('retry1', message({ attempt: 2, after: 'killed' }));
    cloud.time.now += 1_000;

    await cloud.run('retry1');

    expect(cloud.posts.map(({ headers }) => headers['X-Webhook-Attempt'])).toEqual(['2']);
  });
});
