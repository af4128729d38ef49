import { describe, expect, it } from 'vitest';
import { message, NOW } from '../support/builders.ts';
import { type Cloud, newCloud, outage } from '../support/new-cloud.ts';
import { answered } from '../support/post-results.ts';
import { RETRIES, VISIBILITY_MS } from './builders.ts';

/** A cloud whose customer always answers with this status and `Retry-After`. */
async function askedToWait(
  retryAfter: string,
  { status = 503, ...options }: { status?: number } & Parameters<typeof newCloud>[0] = {},
): Promise<Cloud> {
  const cloud = await newCloud(options);
  await cloud.addWebhook();
  cloud.customer.answer = async () => {
    cloud.time.now += 20;
    return answered(status, { headers: { 'retry-after': retryAfter } });
  };
  return cloud;
}

/** The end of the first attempt. */
const END = NOW + 20;

describe('an endpoint that requests a later retry', () => {
  it.each([429, 503])('with %i receives it from the later queue, not earlier', async (status) => {
    const cloud = await askedToWait('120', { status });
    cloud.put('first', message());

    await cloud.run('first');
    const dueAt = cloud.nextDueAt('later') ?? 0;
    cloud.time.now = dueAt;
    await cloud.run('later');

    expect(cloud.nextDueAt('retry1')).toBeUndefined();
    expect(dueAt).toBe(END + 120_000);
    expect(cloud.posts.map(({ headers }) => headers['X-Webhook-Attempt'])).toEqual(['1', '2']);
  });

  it('receives no request before that time, even when the queue delivers too early', async () => {
    const cloud = await askedToWait('120');
    cloud.put('first', message());
    await cloud.run('first');

    cloud.time.now = (cloud.nextDueAt('later') ?? 0) + 1;
    // The sender's clock is one second behind.
    const [early] = cloud.receiveTexts('later');
    cloud.putText('later', early ?? '');
    cloud.time.now = END + 119_000;
    await cloud.run('later');

    expect(cloud.posts).toHaveLength(1);
    expect(cloud.nextDueAt('later')).toBeGreaterThanOrEqual(END + 120_000);
  });

  it('has the true time in the record and in webhook.retry', async () => {
    const cloud = await askedToWait('120');
    cloud.put('first', message({ subscribedSystemEvents: ['webhook.retry'] }));

    await cloud.run('first');

    expect(await cloud.recordOf()).toMatchObject({
      status: 'retrying',
      nextAttemptAt: END + 120_000,
      attempts: [{ responseHeaders: { 'retry-after': '120' } }],
    });
    // Whole seconds, rounded up.
    expect(cloud.published.map(({ detail }) => detail.data)).toMatchObject([
      { next_retry_at: '2026-01-15T10:32:01Z' },
    ]);
  });

  it.each(['soon', '-5', '0', 'Wed, 14 Jan 2026 10:30:00 GMT', '1'])(
    'with %j is retried by the schedule [NET-27]',
    async (value) => {
      const cloud = await askedToWait(value);
      cloud.put('first', message());

      await cloud.run('first');

      expect(cloud.nextDueAt('retry1')).toBe(END + 1_000);
      expect(cloud.nextDueAt('later')).toBeUndefined();
    },
  );

  it('waits at most for the cap, and by the schedule where the cap is 0 [NET-27]', async () => {
    const capped = await askedToWait('9'.repeat(200));
    const ignoring = await askedToWait('600', { maxRetryAfterSeconds: 0 });
    for (const cloud of [capped, ignoring]) {
      cloud.put('first', message());
      await cloud.run('first');
    }

    expect(capped.nextDueAt('later')).toBe(END + 900_000);
    expect(ignoring.nextDueAt('later')).toBeUndefined();
    expect(ignoring.nextDueAt('retry1')).toBe(END + 1_000);
  });

  it('has no more attempts than others', async () => {
    const cloud = await askedToWait('60');
    cloud.put('first', message());

    await cloud.run('first');
    for (const _ of RETRIES) {
      cloud.time.now = cloud.nextDueAt('later') ?? 0;
      await cloud.run('later');
    }

    expect(cloud.posts).toHaveLength(4);
    expect(await cloud.recordOf()).toMatchObject({ status: 'exhausted' });
    expect((await cloud.recordOf())?.nextAttemptAt).toBeUndefined();
    expect(cloud.counts('later')).toEqual({ visible: 0, inFlight: 0, delayed: 0 });
  });

  it('and has a slow mark receives the retry from the slow queue', async () => {
    const cloud = await askedToWait('60');
    await cloud.webhooks.markSlow(message().accountId, message().webhookId, new Date(NOW).toISOString());
    cloud.put('slow', message({ rerun: true }));

    await cloud.run('slow');

    expect(cloud.nextDueAt('later')).toBeUndefined();
    expect(cloud.nextDueAt('slow')).toBe(END + 60_000);
  });

  it('receives no earlier request when an environment was killed: another copy takes over after that time [FAULT-4]', async () => {
    const cloud = await askedToWait('600');
    cloud.put('first', message({ subscribedSystemEvents: ['webhook.retry'] }));
    const endOutage = cloud.intercept(outage('SendMessageBatch', 'ChangeMessageVisibilityBatch'));

    await cloud.runAndDie('first');
    endOutage();
    cloud.time.now += VISIBILITY_MS;
    await cloud.run('first');
    const overdueAt = cloud.nextDueAt('first') ?? 0;
    cloud.time.now = overdueAt;
    await cloud.run('first');

    expect(overdueAt).toBeGreaterThanOrEqual(END + 600_000 + 1.5 * VISIBILITY_MS);
    expect(cloud.posts).toHaveLength(1);
    // The wait is over: the retry has the delay of its queue alone.
    expect(cloud.nextDueAt('retry1')).toBe(cloud.time.now + 1_000);
    expect(await cloud.recordOf()).toMatchObject({ nextAttemptAt: cloud.time.now + 1_000 });
    // It has the content that the killed environment would have published: the same id never has two bodies.
    expect(cloud.published.map(({ detail }) => detail.data)).toMatchObject([
      { next_retry_at: '2026-01-15T10:40:01Z' },
    ]);
  });
});
