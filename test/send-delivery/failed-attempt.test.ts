import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { message } from '../support/builders.ts';
import { SECRET } from '../support/in-process-stack.ts';
import { newCloud, outage } from '../support/new-cloud.ts';
import { answered } from '../support/post-results.ts';
import { ADDRESS_REFUSED, RETRIES, TIMED_OUT } from './builders.ts';

describe('a failed attempt', () => {
  it('is retried after 1, 5 and 30 seconds with new signatures; then the delivery is exhausted, with its history [API-3]', async () => {
    const cloud = await newCloud();
    await cloud.addWebhook();
    cloud.customer.answer = async () => answered(500, { body: 'sorry' });
    cloud.put('first', message());

    await cloud.run('first');
    for (const [queue, seconds] of RETRIES) {
      expect(cloud.nextDueAt(queue)).toBe(cloud.time.now + seconds * 1000);
      cloud.time.now += seconds * 1000;
      await cloud.run(queue);
    }

    expect(cloud.posts.map(({ headers }) => headers['X-Webhook-Attempt'])).toEqual(['1', '2', '3', '4']);
    expect(new Set(cloud.posts.map(({ headers }) => headers['X-Webhook-Delivery'])).size).toBe(1);
    const timestamp = String(Math.floor(cloud.time.now / 1000));
    const hex = createHmac('sha256', SECRET).update(`${timestamp}.${message().body}`).digest('hex');
    expect(cloud.posts[3]?.headers).toMatchObject({
      'X-Webhook-Timestamp': timestamp,
      'X-Webhook-Signature': `sha256=${hex}`,
    });
    expect((await cloud.recordOf())?.status).toBe('exhausted');
    const [exhausted] = cloud.receiveMessages('exhausted');
    expect(exhausted?.history.map(({ number, status, error }) => [number, status, error])).toEqual([
      [1, 500, 'http_status'],
      [2, 500, 'http_status'],
      [3, 500, 'http_status'],
      [4, 500, 'http_status'],
    ]);
    expect(exhausted?.history.map(({ excerpt }) => excerpt)).toEqual([
      undefined,
      undefined,
      undefined,
      'sorry',
    ]);
  });

  it('has 1 KiB of the response in the record until the next failure, then 256 bytes [NET-23, NET-24]', async () => {
    const cloud = await newCloud();
    await cloud.addWebhook();
    cloud.customer.answer = async () => answered(500, { body: 'x'.repeat(2_000) });
    cloud.put('first', message());
    const lengths: (number | undefined)[][] = [];
    const readLengths = async () =>
      lengths.push((await cloud.recordOf())?.attempts.map(({ excerpt }) => excerpt?.length) ?? []);

    await cloud.run('first');
    await readLengths();
    for (const [queue, seconds] of RETRIES) {
      cloud.time.now += seconds * 1000;
      await cloud.run(queue);
      await readLengths();
    }

    expect(lengths).toEqual([[1_024], [256, 1_024], [256, 256, 1_024], [256, 256, 256, 1_024]]);
    const [exhausted] = cloud.receiveMessages('exhausted');
    expect(exhausted?.history.map(({ excerpt }) => excerpt?.length)).toEqual([
      undefined,
      undefined,
      undefined,
      1_024,
    ]);
  });

  it.each([201, 204, 301, 404, 500])(
    'is an attempt with a response status other than 200: %i',
    async (status) => {
      const cloud = await newCloud();
      cloud.customer.answer = async () => answered(status);
      cloud.put('first', message());

      await cloud.run('first');

      expect(cloud.nextDueAt('retry1')).toBe(cloud.time.now + 1000);
      expect(await cloud.recordOf()).toMatchObject({
        status: 'retrying',
        attempts: [{ status, error: 'http_status' }],
      });
    },
  );

  it('to a refused address is not retried: the delivery is exhausted at once [NET-19]', async () => {
    const cloud = await newCloud();
    cloud.customer.answer = async () => ADDRESS_REFUSED;
    cloud.put('first', message());

    await cloud.run('first');

    expect(await cloud.recordOf()).toMatchObject({
      status: 'exhausted',
      attempts: [{ error: 'address_refused' }],
    });
    expect(cloud.counts('exhausted')).toMatchObject({ visible: 1 });
    expect(cloud.nextDueAt('retry1')).toBeUndefined();
  });

  it('that hung is retried on the slow queue, with the same delay [FAULT-31]', async () => {
    const cloud = await newCloud();
    cloud.customer.answer = async () => TIMED_OUT;
    cloud.put('first', message());

    await cloud.run('first');

    expect(cloud.nextDueAt('retry1')).toBeUndefined();
    expect(cloud.nextDueAt('slow')).toBe(cloud.time.now + 1000);
  });

  it('publishes webhook.retry with the ids of webhook and delivery when the account subscribes to it', async () => {
    const cloud = await newCloud();
    cloud.customer.answer = async () => answered(500);
    cloud.put('first', message({ subscribedSystemEvents: ['webhook.retry', 'webhook.exhausted'] }));

    await cloud.run('first');

    expect(cloud.published).toHaveLength(1);
    expect(cloud.published[0]).toMatchObject({
      'detail-type': 'webhook.retry',
      detail: {
        account_id: 'acct_1',
        about_webhook_id: 'wh_1',
        data: {
          original_event_id: 'evt_1',
          retry_count: 0,
          webhook_id: 'wh_1',
          delivery_id: message().deliveryId,
        },
      },
    });
  });

  it('is retried when the bus refuses the system event, and the lost event is counted [FAULT-35]', async () => {
    const cloud = await newCloud();
    cloud.customer.answer = async () => answered(500);
    cloud.intercept(async (call, next) =>
      call.action === 'PutEvents'
        ? { FailedEntryCount: 1, Entries: [{ ErrorCode: 'InternalFailure', ErrorMessage: 'down' }] }
        : next(),
    );
    cloud.put('first', message({ subscribedSystemEvents: ['webhook.retry'] }));

    const response = await cloud.run('first');

    expect(response.batchItemFailures).toEqual([]);
    expect(cloud.nextDueAt('retry1')).toBeDefined();
    expect(cloud.counters.get('system_event_lost')).toBe(1);
  });

  it('is retried when the bus is unavailable, and the lost event is counted [FAULT-35]', async () => {
    const cloud = await newCloud();
    cloud.customer.answer = async () => answered(500);
    cloud.intercept(outage('PutEvents'));
    cloud.put('first', message({ subscribedSystemEvents: ['webhook.retry'] }));

    const response = await cloud.run('first');

    expect(response.batchItemFailures).toEqual([]);
    expect(cloud.nextDueAt('retry1')).toBeDefined();
    expect(cloud.counters.get('system_event_lost')).toBe(1);
  });
});

describe('the last failed attempt of a system event', () => {
  it('is recorded as exhausted, and nothing is sent to the exhausted queue', async () => {
    const cloud = await newCloud();
    await cloud.addWebhook({ events: ['webhook.*'] });
    cloud.customer.answer = async () => answered(500);
    const last = message({ eventType: 'webhook.retry', attempt: 4 });
    cloud.put('retry3', last);
    cloud.time.now += 30_000;

    await cloud.run('retry3');

    expect(await cloud.recordOf(last)).toMatchObject({ status: 'exhausted' });
    expect(cloud.counts('exhausted')).toEqual({ visible: 0, inFlight: 0, delayed: 0 });
  });
});
