import { describe, expect, it } from 'vitest';
import { AwsError } from '../../local/aws-calls.ts';
import { message, webhookId } from '../support/builders.ts';
import { newCloud, outage } from '../support/new-cloud.ts';
import { answered } from '../support/post-results.ts';
import { nthDeliveryId, VISIBILITY_MS } from './builders.ts';

describe('when our own side fails', () => {
  it('no attempt is used while webhooks cannot be read: the message is redelivered with a growing delay [FAULT-21]', async () => {
    const cloud = await newCloud();
    await cloud.addWebhook();
    const endOutage = cloud.intercept(outage('BatchGetItem'));
    cloud.put('first', message({ rerun: true }));

    for (const seconds of [10, 20, 40]) {
      expect((await cloud.run('first')).batchItemFailures).toHaveLength(1);
      expect(cloud.nextDueAt('first')).toBe(cloud.time.now + seconds * 1000);
      cloud.time.now += seconds * 1000;
    }
    endOutage();
    await cloud.run('first');

    expect(cloud.posts.map(({ headers }) => headers['X-Webhook-Attempt'])).toEqual(['1']);
    expect((await cloud.recordOf())?.status).toBe('delivered');
  });

  it('no attempt is used while our own code fails before a request is sent: the message is returned and sent later [FAULT-48]', async () => {
    const cloud = await newCloud();
    await cloud.addWebhook();
    const { answer } = cloud.customer;
    cloud.customer.answer = () => Promise.reject(new TypeError('a defect of this code'));
    cloud.put('first', message());

    const { batchItemFailures } = await cloud.run('first');
    cloud.customer.answer = answer;
    cloud.time.now += 10_000;
    await cloud.run('first');

    expect(batchItemFailures).toHaveLength(1);
    expect(cloud.counters.get('returned')).toBe(1);
    expect(cloud.posts.map(({ headers }) => headers['X-Webhook-Attempt'])).toEqual(['1', '1']);
    expect(await cloud.recordOf()).toMatchObject({ status: 'delivered', attempts: [{ number: 1 }] });
  });

  it.each([
    ['first', 1],
    ['retry1', 2],
  ] as const)(
    'a success whose record cannot be written is not sent again, and the lost record is counted: queue %s [FAULT-22]',
    async (queue, attempt) => {
      const cloud = await newCloud();
      await cloud.addWebhook();
      cloud.intercept(outage('BatchWriteItem', 'UpdateItem'));
      cloud.put(queue, message({ attempt }));
      cloud.time.now += 1000;

      const response = await cloud.run(queue);

      expect(response.batchItemFailures).toEqual([]);
      expect(cloud.posts).toHaveLength(1);
      expect(cloud.counters.get('log_lost')).toBe(1);
    },
  );

  it.each([
    ['first', 1],
    ['retry1', 2],
  ] as const)(
    'the write of a success is tried again in the same run: queue %s [FAULT-22]',
    async (queue, attempt) => {
      const cloud = await newCloud();
      await cloud.addWebhook();
      cloud.put(queue, message({ attempt }));
      cloud.time.now += 1000;
      let writes = 0;
      cloud.intercept(async (call, next) => {
        if (call.action !== 'BatchWriteItem' && call.action !== 'UpdateItem') return next();
        if (++writes < 3)
          throw new AwsError({ code: 'ServiceUnavailable', message: 'simulated outage', status: 503 });
        return next();
      });

      const response = await cloud.run(queue);

      expect(response.batchItemFailures).toEqual([]);
      expect(cloud.posts).toHaveLength(1);
      expect(await cloud.recordOf()).toMatchObject({ status: 'delivered', attempts: [{ number: attempt }] });
      expect(cloud.counters.get('log_lost')).toBeUndefined();
    },
  );

  it('a failed attempt whose record cannot be written is retried [FAULT-22]', async () => {
    const cloud = await newCloud();
    cloud.customer.answer = async () => answered(500);
    cloud.intercept(outage('UpdateItem'));
    cloud.put('first', message());

    await cloud.run('first');

    expect(cloud.nextDueAt('retry1')).toBe(cloud.time.now + 1000);
    expect(cloud.counters.get('log_lost')).toBe(1);
  });

  it('a failed attempt is retried when its record was written but the response of DynamoDB was lost', async () => {
    const cloud = await newCloud();
    cloud.customer.answer = async () => answered(500);
    let isLost = false;
    cloud.intercept(async (call, next) => {
      const output = await next();
      if (call.action === 'UpdateItem' && !isLost) {
        isLost = true;
        throw new AwsError({ code: 'TimeoutError', message: 'the response was lost' });
      }
      return output;
    });
    cloud.put('first', message());

    await cloud.run('first');

    expect(cloud.nextDueAt('retry1')).toBe(cloud.time.now + 1000);
  });

  it('a message whose retry cannot be enqueued is redelivered, which enqueues the retry without another POST [FAULT-20]', async () => {
    const cloud = await newCloud();
    await cloud.addWebhook();
    cloud.customer.answer = async () => answered(500);
    const endOutage = cloud.intercept(outage('SendMessageBatch'));
    cloud.put('first', message());

    expect((await cloud.run('first')).batchItemFailures).toHaveLength(1);
    endOutage();
    while (cloud.nextDueAt('retry1') === undefined) {
      cloud.time.now = cloud.nextDueAt('first') ?? 0;
      await cloud.run('first');
    }

    expect(cloud.posts).toHaveLength(1);
    expect(cloud.nextDueAt('retry1')).toBe(cloud.time.now + 1000);
  });

  it('only the entries that SQS refused are sent again [FAULT-15]', async () => {
    const cloud = await newCloud();
    cloud.customer.answer = async () => answered(500);
    const sizes: number[] = [];
    cloud.intercept(async (call, next) => {
      if (call.action !== 'SendMessageBatch') return next();
      const entries = call.input.Entries as { Id: string }[];
      sizes.push(entries.length);
      if (sizes.length > 1) return next();
      const output = await next({ ...call.input, Entries: entries.slice(3) });
      const refused = entries
        .slice(0, 3)
        .map(({ Id }) => ({ Id, SenderFault: false, Code: 'InternalError' }));
      return { ...output, Failed: refused };
    });
    for (let n = 0; n < 10; n++) cloud.put('first', message({ deliveryId: nthDeliveryId(n) }));

    const response = await cloud.run('first');

    expect(response.batchItemFailures).toEqual([]);
    expect(sizes).toEqual([10, 3]);
    cloud.time.now += 1000;
    expect(new Set(cloud.receiveMessages('retry1').map(({ deliveryId }) => deliveryId)).size).toBe(10);
  });

  it('a message for which too little time remains is returned without an attempt [FAULT-36]', async () => {
    const cloud = await newCloud();
    cloud.put('first', message());

    const response = await cloud.run('first', { timeLeftMs: 29_000 });

    expect(cloud.posts).toEqual([]);
    expect(response.batchItemFailures).toHaveLength(1);
    expect(cloud.nextDueAt('first')).toBe(cloud.time.now + 10_000);
  });
});

describe('a delivery that ends without being sent', () => {
  it('is redelivered until its status is recorded, since only the record shows why it was not sent [FAULT-23]', async () => {
    const cloud = await newCloud();
    await cloud.addWebhook({ status: 'disabled' });
    cloud.put('retry1', message({ attempt: 2 }));
    cloud.time.now += 1_000;
    const endOutage = cloud.intercept(outage('UpdateItem'));

    const { batchItemFailures } = await cloud.run('retry1');

    expect(batchItemFailures).toHaveLength(1);
    expect(cloud.counters.get('log_lost')).toBeUndefined();
    endOutage();
    cloud.time.now += VISIBILITY_MS;
    await cloud.run('retry1');
    expect(await cloud.recordOf()).toMatchObject({ status: 'held' });
  });
});

describe('during a KMS outage', () => {
  it('a new environment uses no attempt and does not change the webhook: the message is redelivered [FAULT-26]', async () => {
    const cloud = await newCloud();
    await cloud.addWebhook();
    cloud.coldStart('retry');
    cloud.put('retry1', message({ attempt: 2 }));
    cloud.time.now += 1_000;
    const endOutage = cloud.intercept(outage('Decrypt'));

    const response = await cloud.run('retry1');

    expect(response.batchItemFailures).toHaveLength(1);
    expect(cloud.posts).toEqual([]);
    expect(await cloud.recordOf()).toBeUndefined();
    expect(await cloud.webhooks.get(message().accountId, message().webhookId)).toMatchObject({
      status: 'active',
    });
    endOutage();
    cloud.time.now += 10_000;
    await cloud.run('retry1');
    expect(cloud.posts.map(({ headers }) => headers['X-Webhook-Attempt'])).toEqual(['2']);
  });

  it('an environment that has opened the data key before continues to send [FAULT-26]', async () => {
    const cloud = await newCloud();
    await cloud.addWebhook();
    await cloud.addWebhook({ id: webhookId('wh_2') });
    cloud.put('retry1', message({ attempt: 2 }));
    cloud.time.now += 1_000;
    await cloud.run('retry1');
    cloud.intercept(outage('Decrypt', 'GenerateDataKey'));

    const other = message({ attempt: 2, webhookId: webhookId('wh_2') });
    cloud.put('retry1', { ...other, deliveryId: `${other.deliveryId}x` as typeof other.deliveryId });
    cloud.time.now += 1_000;
    const response = await cloud.run('retry1');

    expect(response.batchItemFailures).toEqual([]);
    expect(cloud.posts).toHaveLength(2);
  });
});
