import { describe, expect, it } from 'vitest';
import { newDeliveryId, repeatedDeliveryId } from '../../lambdas/shared/domain/ids.ts';
import { AwsError } from '../../local/aws-calls.ts';
import { NOW } from '../support/builders.ts';
import { actionsOf, newCloud, outage, recordCalls } from '../support/new-cloud.ts';
import { answered } from '../support/post-results.ts';
import {
  eventIds,
  givenDeliveries,
  givenRecovery,
  nthMessage,
  OUTAGE,
  recovery,
  runFor,
  sentEvents,
} from './builders.ts';

const MINUTE = 60_000;
const FOR_LONG = 20 * MINUTE;

describe('a recovery whose function is killed', () => {
  it('at any of its calls neither skips nor repeats a delivery, and ends [FAULT-43]', async () => {
    const calls = await callsOfOneStep();
    for (let killedAt = 0; killedAt < calls; killedAt++) {
      const { cloud, held, job } = await givenRecovery(5, { rate: 0.2 });
      let made = 0;
      // The call is made, its response is lost, and nothing more happens in this environment.
      const revive = cloud.intercept(async (_, next) => {
        if (made > killedAt) throw killed();
        const output = await next();
        if (made++ === killedAt) throw killed();
        return output;
      });

      await cloud.runRecoveryAndDie();
      revive();
      await runFor(cloud, FOR_LONG);

      expect(sentEvents(cloud).toSorted(), `killed at call ${killedAt}`).toEqual(eventIds(held).toSorted());
      expect(await cloud.recoveries.get(job.accountId, job.id, cloud.time.now)).toMatchObject({
        state: 'done',
        found: 5,
        enqueued: 5,
        delivered: 5,
      });
    }
  });

  /** The number of calls that a whole step of the same recovery makes. */
  async function callsOfOneStep(): Promise<number> {
    const cloud = await newCloud();
    await cloud.addWebhook();
    await givenDeliveries(cloud, 5, 'held');
    await cloud.startRecovery(recovery({ rate: 0.2 }));
    const calls = recordCalls(cloud);
    await cloud.runRecovery();
    return calls.length;
  }

  const killed = () => new AwsError({ code: 'Crash', message: 'the environment was killed', status: 400 });
});

describe('a recovery with several messages', () => {
  it('makes no more steps than one with a single message [FAULT-43]', async () => {
    const { cloud, held, job } = await givenRecovery(60, { rate: 1 });
    cloud.sendRecovery(job);
    cloud.sendRecovery(job);

    await runFor(cloud, 19_000);

    expect(cloud.posts).toHaveLength(20);
    await runFor(cloud, FOR_LONG);
    expect(sentEvents(cloud).toSorted()).toEqual(eventIds(held).toSorted());
    expect(await cloud.recoveries.get(job.accountId, job.id, cloud.time.now)).toMatchObject({
      delivered: 60,
    });
    expect(cloud.counts('recoveries')).toEqual({ visible: 0, inFlight: 0, delayed: 0 });
  });

  it('makes one step when two functions receive them at the same time [FAULT-43]', async () => {
    const { cloud, job } = await givenRecovery(10);
    cloud.sendRecovery(job);

    await Promise.all([cloud.runRecovery(), cloud.runRecovery()]);

    expect(cloud.receiveMessages('slow')).toHaveLength(10);
  });
});

describe('two recoveries over one range', () => {
  it.each([0, 1])('at the same time send each event once, and both end (start %i)', async (startedLater) => {
    const cloud = await newCloud();
    await cloud.addWebhook();
    const held = await givenDeliveries(cloud, 60, 'held');
    const jobs = [recovery({ rate: 3 }), recovery({ rate: 3 })];
    for (const job of jobs) await cloud.startRecovery(job);
    if (startedLater === 0) await Promise.all([cloud.runRecovery(), cloud.runRecovery()]);

    await runFor(cloud, FOR_LONG);

    expect(sentEvents(cloud).toSorted()).toEqual(eventIds(held).toSorted());
    const ended = await Promise.all(
      jobs.map((job) => cloud.recoveries.get(job.accountId, job.id, cloud.time.now)),
    );
    expect(ended.map((job) => job?.state)).toEqual(['done', 'done']);
    expect(ended.reduce((sum, job) => sum + (job?.delivered ?? 0), 0)).toBe(60);
  });

  it('one after the other repeat what failed again, under another id', async () => {
    const cloud = await newCloud();
    await cloud.addWebhook();
    const [held] = await givenDeliveries(cloud, 1, 'held');
    cloud.customer.answer = async () => answered(500);
    await cloud.startRecovery(recovery());
    await runFor(cloud, FOR_LONG);

    cloud.customer.answer = async () => answered(200);
    await cloud.startRecovery(recovery({ createdAt: cloud.time.now, until: cloud.time.now }));
    await runFor(cloud, FOR_LONG);

    const again = repeatedDeliveryId(repeatedDeliveryId(held?.deliveryId ?? nthMessage(0).deliveryId));
    expect(cloud.posts.at(-1)?.headers['X-Webhook-Delivery']).toBe(again);
    expect(cloud.posts).toHaveLength(5);
  });
});

describe('a step of a recovery that fails', () => {
  it('because SQS refuses some messages repeats those only', async () => {
    const { cloud, held, job } = await givenRecovery(25);
    let sends = 0;
    const accept = cloud.intercept(async (call, next) => {
      if (call.action === 'SendMessageBatch' && ++sends > 2) {
        throw new AwsError({ code: 'ServiceUnavailable', message: 'simulated outage', status: 503 });
      }
      return next();
    });

    const response = await cloud.runRecovery();
    accept();

    expect(response.batchItemFailures).toHaveLength(1);
    expect(await cloud.recoveries.get(job.accountId, job.id, NOW)).toMatchObject({ enqueued: 0 });
    await runFor(cloud, FOR_LONG);
    expect(sentEvents(cloud).toSorted()).toEqual(eventIds(held).toSorted());
    expect(await cloud.recoveries.get(job.accountId, job.id, cloud.time.now)).toMatchObject({
      enqueued: 25,
      delivered: 25,
    });
  });

  it('900 times ends the recovery with the reason, so that none runs endlessly', async () => {
    const { cloud, job } = await givenRecovery(1);
    cloud.intercept(outage('Query'));

    await cloud.runRecovery({ receiveCount: 899 });
    expect(await cloud.recoveries.get(job.accountId, job.id, NOW)).toMatchObject({ state: 'running' });
    cloud.time.now += MINUTE;
    await cloud.runRecovery({ receiveCount: 900 });

    expect(await cloud.recoveries.get(job.accountId, job.id, cloud.time.now)).toMatchObject({
      state: 'stopped',
      reason: 'our side failed too often; start another recovery',
    });
  });

  it('is not made for a message that names no recovery', async () => {
    const cloud = await newCloud();
    cloud.putText('recoveries', '{"v":1}');

    const response = await cloud.runRecovery();

    expect(response.batchItemFailures).toHaveLength(1);
    expect(cloud.counters.get('returned')).toBe(1);
  });
});

describe('a message of a recovery', () => {
  it('of another version waits on its queue, for a deployment that reads it [FAULT-14]', async () => {
    const { cloud, job } = await givenRecovery(1);
    const [body = ''] = cloud.receiveTexts('recoveries');
    cloud.putText('recoveries', JSON.stringify({ ...JSON.parse(body), v: 2 }));

    const response = await cloud.runRecovery();

    expect(response.batchItemFailures).toHaveLength(1);
    expect(cloud.receiveTexts('slow')).toEqual([]);
    expect(await cloud.recoveries.get(job.accountId, job.id, NOW)).toMatchObject({ found: 0 });
  });

  it('is replaced after 900 receipts, so that a long recovery ends', async () => {
    const cloud = await newCloud();
    await cloud.addWebhook();
    const held = await givenDeliveries(cloud, 30, 'held');
    await cloud.startRecovery(recovery({ rate: 1 }));

    const response = await cloud.runRecovery({ receiveCount: 900 });

    expect(response.batchItemFailures).toEqual([]);
    expect(cloud.counts('recoveries')).toEqual({ visible: 0, inFlight: 0, delayed: 1 });
    await runFor(cloud, FOR_LONG);
    expect(sentEvents(cloud).toSorted()).toEqual(eventIds(held).toSorted());
  });
});

describe('a delivery that a resend marked before its function was killed', () => {
  it('is sent by a recovery under the id that the resend gave it', async () => {
    const cloud = await newCloud();
    await cloud.addWebhook();
    const [held] = await givenDeliveries(cloud, 1, 'held');
    if (held === undefined) throw new Error('the delivery was not made');
    const as = newDeliveryId(NOW - MINUTE);
    await cloud.deliveries.markResent(held, as, { over: true });
    const job = recovery();
    await cloud.startRecovery(job);

    await runFor(cloud, FOR_LONG);

    expect(cloud.posts.map(({ headers }) => headers['X-Webhook-Delivery'])).toEqual([as]);
    expect(await cloud.recoveries.get(job.accountId, job.id, cloud.time.now)).toMatchObject({
      state: 'done',
      delivered: 1,
    });
  });

  it('is not sent again when the resent delivery has begun', async () => {
    const cloud = await newCloud();
    await cloud.addWebhook();
    const [held] = await givenDeliveries(cloud, 1, 'held');
    if (held === undefined) throw new Error('the delivery was not made');
    const as = newDeliveryId(NOW - MINUTE);
    await cloud.deliveries.markResent(held, as, { over: true });
    const resent = { ...held, deliveryId: as, startedAt: NOW - MINUTE, trigger: 'resend' as const };
    await cloud.deliveries.recordSuccess(resent, { number: 1, at: NOW, durationMs: 1 });
    await cloud.startRecovery(recovery());

    await runFor(cloud, FOR_LONG);

    expect(cloud.posts).toEqual([]);
  });
});

describe('the costs of a recovery', () => {
  it('are one read of each page and its events, one send for ten repeats, and one write for each', async () => {
    const cloud = await newCloud();
    await cloud.addWebhook();
    await givenDeliveries(cloud, 100, 'held');
    await cloud.startRecovery(recovery({ since: OUTAGE }));
    await cloud.runRecovery({ timeLeftMs: 10_000 });
    cloud.time.now += 20_000;
    const calls = recordCalls(cloud);

    await cloud.runRecovery();

    const counts = Map.groupBy(actionsOf(calls), (action) => action);
    const times = (action: string): number => counts.get(action)?.length ?? 0;
    expect(times('BatchGetItem')).toBe(1);
    expect(times('SendMessageBatch')).toBe(5);
    // One for each repeat, one that begins the step and one that notes its result.
    expect(times('UpdateItem')).toBe(50 + 2);
  });
});
