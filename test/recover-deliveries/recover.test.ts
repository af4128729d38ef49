import { describe, expect, it } from 'vitest';
import { repeatedDeliveryId } from '../../lambdas/shared/domain/ids.ts';
import { parseTraceparent, spanIdOf } from '../../lambdas/shared/domain/traceparent.ts';
import { SECRET_UNREADABLE } from '../../lambdas/shared/domain/webhook.ts';
import { accountId, NOW, webhookId } from '../support/builders.ts';
import { newCloud } from '../support/new-cloud.ts';
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

describe('a recovery', () => {
  it('repeats held and exhausted deliveries once, oldest first, as deliveries that name the old ones', async () => {
    const cloud = await newCloud();
    await cloud.addWebhook();
    const held = await givenDeliveries(cloud, 3, 'held');
    const exhausted = await givenDeliveries(cloud, 2, 'exhausted', { from: 3 });
    await givenDeliveries(cloud, 2, 'delivered', { from: 5 });
    await givenDeliveries(cloud, 1, 'canceled', { from: 7 });
    const job = recovery();
    await cloud.startRecovery(job);

    await runFor(cloud, 5 * MINUTE);

    expect(sentEvents(cloud)).toEqual(eventIds([...held, ...exhausted]));
    const [old] = held;
    expect(old && (await cloud.recordOf(old))).toMatchObject({
      status: 'held',
      resentAs: old && repeatedDeliveryId(old.deliveryId),
      resentBy: job.id,
    });
    expect(
      old && (await cloud.recordOf({ ...old, deliveryId: repeatedDeliveryId(old.deliveryId) })),
    ).toMatchObject({ status: 'delivered', trigger: 'recovery', resendOf: old?.deliveryId, startedAt: NOW });
    expect(await cloud.recoveries.get(job.accountId, job.id, cloud.time.now)).toMatchObject({
      state: 'done',
      found: 5,
      enqueued: 5,
      delivered: 5,
      failed: 0,
      expired: 0,
    });
    expect(cloud.counts('recoveries')).toEqual({ visible: 0, inFlight: 0, delayed: 0 });
    expect(cloud.counters.get('recovered')).toBe(5);
  });

  it('repeats a delivery with the trace of its event, with spans of its own', async () => {
    const trace = '4bf92f3577b34da6a3ce929d0e0e4736';
    const traceparent = parseTraceparent(`00-${trace}-00f067aa0ba902b7-01`);
    if (traceparent === undefined) throw new Error('it is valid');
    const cloud = await newCloud({ forwardTraceparent: true });
    await cloud.addWebhook();
    const [held = nthMessage(0)] = await givenDeliveries(cloud, 1, 'held', { traceparent });
    await cloud.startRecovery(recovery());

    await runFor(cloud, MINUTE);

    const span = spanIdOf(repeatedDeliveryId(held.deliveryId), 1);
    expect(cloud.posts.map(({ headers }) => headers.traceparent)).toEqual([`00-${trace}-${span}-01`]);
  });

  it('repeats only the chosen statuses of the chosen time, the end excluded', async () => {
    const cloud = await newCloud();
    await cloud.addWebhook();
    const held = await givenDeliveries(cloud, 5, 'held');
    await givenDeliveries(cloud, 5, 'exhausted', { from: 5 });
    const range = { since: OUTAGE + 1_000, until: OUTAGE + 4_000 };
    await cloud.startRecovery(recovery({ statuses: ['held'], ...range }));

    await runFor(cloud, 5 * MINUTE);

    expect(sentEvents(cloud)).toEqual(eventIds(held.slice(1, 4)));
  });

  it('is done at once when it finds nothing', async () => {
    const cloud = await newCloud();
    await cloud.addWebhook();
    await givenDeliveries(cloud, 2, 'delivered');
    const job = recovery();
    await cloud.startRecovery(job);

    expect(await cloud.runRecovery()).toEqual({ batchItemFailures: [] });

    expect(await cloud.recoveries.get(job.accountId, job.id, NOW)).toMatchObject({ state: 'done', found: 0 });
  });

  it('counts a minute after its creation, and is done when all results are there', async () => {
    const { cloud, job } = await givenRecovery(2);

    await runFor(cloud, MINUTE - 1_000);
    const before = await cloud.recoveries.get(job.accountId, job.id, cloud.time.now);
    await runFor(cloud, 1_000);

    expect(before).toMatchObject({ state: 'running', enqueued: 2, delivered: 0 });
    expect(await cloud.recoveries.get(job.accountId, job.id, cloud.time.now)).toMatchObject({
      state: 'done',
      delivered: 2,
    });
  });

  it('uses the current URL of the webhook, and does not repeat its own failed repeats', async () => {
    const cloud = await newCloud();
    await cloud.addWebhook({ url: 'https://customer.example/new' });
    await givenDeliveries(cloud, 3, 'held');
    cloud.customer.answer = async () => answered(500);
    const job = recovery({ rate: 0.1 });
    await cloud.startRecovery(job);

    await runFor(cloud, 20 * MINUTE);

    expect(new Set(cloud.posts.map(({ url }) => url))).toEqual(new Set(['https://customer.example/new']));
    expect(new Set(cloud.posts.map(({ headers }) => headers['X-Webhook-Delivery'])).size).toBe(3);
    expect(cloud.posts).toHaveLength(12);
    expect(await cloud.recoveries.get(job.accountId, job.id, cloud.time.now)).toMatchObject({
      state: 'done',
      enqueued: 3,
      failed: 3,
    });
  });

  it('does not repeat its own repeats when its clock is behind that of the API', async () => {
    const cloud = await newCloud();
    await cloud.addWebhook();
    await givenDeliveries(cloud, 30, 'held');
    cloud.customer.answer = async () => answered(500);
    await cloud.startRecovery(recovery({ createdAt: NOW + 3_000, rate: 1 }));

    await runFor(cloud, 4 * MINUTE);

    expect(new Set(cloud.posts.map(({ headers }) => headers['X-Webhook-Delivery'])).size).toBe(30);
  });

  it('counts events that have expired and continues with the next', async () => {
    const cloud = await newCloud();
    await cloud.addWebhook();
    const held = await givenDeliveries(cloud, 2, 'held');
    const day = 86_400_000;
    // A repeat of an old delivery: its record outlives the event.
    const [old, kept] = held;
    if (old === undefined || kept === undefined) throw new Error('the deliveries were not made');
    const late = { ...old, deliveryId: repeatedDeliveryId(old.deliveryId), startedAt: OUTAGE + 29 * day };
    await cloud.deliveries.recordUntried({ ...late, trigger: 'recovery' }, 'held', 'the webhook is disabled');
    cloud.time.now = OUTAGE + 31 * day;
    const job = recovery({ createdAt: cloud.time.now, until: cloud.time.now });
    await cloud.startRecovery(job);

    await runFor(cloud, 5 * MINUTE);

    expect(cloud.posts).toEqual([]);
    expect(await cloud.recoveries.get(job.accountId, job.id, cloud.time.now)).toMatchObject({
      state: 'done',
      found: 1,
      expired: 1,
      enqueued: 0,
    });
  });

  it('slows down while more than half of its deliveries fail, and stops after twenty failures in a row', async () => {
    const cloud = await newCloud();
    await cloud.addWebhook();
    await givenDeliveries(cloud, 150, 'held');
    let requests = 0;
    cloud.customer.answer = async () => answered(++requests % 13 === 0 && requests < 110 ? 200 : 500);
    const job = recovery({ rate: 1.2 });
    await cloud.startRecovery(job);

    await runFor(cloud, 20 * MINUTE);

    const ended = await cloud.recoveries.get(job.accountId, job.id, cloud.time.now);
    expect(ended).toMatchObject({ state: 'stopped', rate: 1, endedAt: expect.any(Number) });
    expect(ended?.reason).toMatch(/^the last \d+ recovered deliveries failed$/);
    expect(ended?.enqueued).toBeLessThan(150);
  });

  it.each([
    ['disabled', { status: 'disabled' as const }, 'the webhook is disabled'],
    [
      'unreadable in its secret',
      { secrets: [{ dataKey: 1, sealed: 'AAAA', createdAt: new Date(NOW).toISOString() }] },
      SECRET_UNREADABLE,
    ],
  ])('stops when the webhook is %s, and records the reason', async (_, change, reason) => {
    const cloud = await newCloud();
    await cloud.addWebhook({ id: webhookId('wh_other') });
    await cloud.addWebhook(change);
    await givenDeliveries(cloud, 2, 'held');
    const job = recovery();
    await cloud.startRecovery(job);

    await cloud.runRecovery();

    expect(await cloud.recoveries.get(job.accountId, job.id, NOW)).toMatchObject({
      state: 'stopped',
      reason,
    });
    expect(cloud.counts('slow')).toEqual({ visible: 0, inFlight: 0, delayed: 0 });
    expect(cloud.counts('recoveries')).toEqual({ visible: 0, inFlight: 0, delayed: 0 });
  });

  it('stops when the webhook was deleted', async () => {
    const cloud = await newCloud();
    await givenDeliveries(cloud, 2, 'held');
    const job = recovery();
    await cloud.startRecovery(job);

    await cloud.runRecovery();

    expect(await cloud.recoveries.get(job.accountId, job.id, NOW)).toMatchObject({
      state: 'stopped',
      reason: 'the webhook was deleted or cannot be read',
    });
  });

  it('that was stopped enqueues nothing more', async () => {
    const { cloud, job } = await givenRecovery(30, { rate: 1 });
    await cloud.runRecovery();

    await cloud.recoveries.end(job, 'stopped', NOW);
    await runFor(cloud, 5 * MINUTE);

    expect(cloud.posts).toHaveLength(20);
    expect(cloud.counts('recoveries')).toEqual({ visible: 0, inFlight: 0, delayed: 0 });
  });

  it('is done an hour after the last repeat was enqueued, also when some have not ended, and counts the others', async () => {
    const { cloud, held, job } = await givenRecovery(3);
    await cloud.runRecovery();
    const [, first] = cloud.receiveMessages('slow');
    expect(first?.eventId).toBe(held[1]?.eventId);
    // The messages of the first stay in flight; those of the others are delivered.
    for (const old of held.slice(1)) {
      const deliveryId = repeatedDeliveryId(old.deliveryId);
      const delivery = { ...old, deliveryId, startedAt: NOW, trigger: 'recovery' as const };
      await cloud.deliveries.recordSuccess(delivery, { number: 1, at: NOW, durationMs: 1 });
    }

    for (let n = 0; n < 70; n++) {
      cloud.time.now += MINUTE;
      await cloud.runRecovery();
    }

    expect(await cloud.recoveries.get(job.accountId, job.id, cloud.time.now)).toMatchObject({
      state: 'done',
      enqueued: 3,
      delivered: 2,
      failed: 0,
    });
  });

  it('of another account finds nothing', async () => {
    const { cloud } = await givenRecovery(2, { accountId: accountId('acct_other') });

    await runFor(cloud, MINUTE);

    expect(cloud.posts).toEqual([]);
  });
});
