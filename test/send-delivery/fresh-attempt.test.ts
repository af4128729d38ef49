import { describe, expect, it } from 'vitest';
import { message, NOW, webhookId } from '../support/builders.ts';
import { actionsOf, newCloud, recordCalls } from '../support/new-cloud.ts';
import { nthDeliveryId } from './builders.ts';

describe('a fresh first attempt', () => {
  it('is sent without a read, and ten successes are recorded with one write', async () => {
    const cloud = await newCloud();
    for (let n = 0; n < 10; n++)
      cloud.put('first', message({ deliveryId: nthDeliveryId(n), webhookId: webhookId(`wh_${n}`) }));
    const calls = recordCalls(cloud);

    const response = await cloud.run('first');

    expect(response.batchItemFailures).toEqual([]);
    expect(cloud.posts).toHaveLength(10);
    expect(actionsOf(calls)).toEqual(['BatchWriteItem']);
  });

  it('is sent with the signed headers and the signed body [API-3]', async () => {
    const cloud = await newCloud();
    const one = message();
    cloud.put('first', one);

    await cloud.run('first');

    expect(cloud.posts[0]).toMatchObject({
      url: one.url,
      body: one.body,
      headers: {
        'X-Webhook-Signature': `sha256=${one.signed.hex}`,
        'X-Webhook-Attempt': '1',
        'webhook-id': one.eventId,
      },
    });
    expect(await cloud.recordOf(one)).toMatchObject({
      status: 'delivered',
      attempts: [{ number: 1, status: 200 }],
    });
  });
});

describe('the record of an attempt', () => {
  it('has the signed timestamp when its second differs from that of the attempt', async () => {
    const cloud = await newCloud();
    const signedAt = (ms: number) => ({ ...message().signed, signedAt: NOW - ms });
    const before = message({ signed: signedAt(1_000) });
    const same = message({ deliveryId: nthDeliveryId(1), signed: signedAt(0) });
    cloud.put('first', before, same);

    await cloud.run('first');

    const timestamps = await Promise.all(
      [before, same].map(async (one) => (await cloud.recordOf(one))?.attempts[0]?.timestamp),
    );
    expect(timestamps).toEqual([Math.floor(before.signed.signedAt / 1_000), undefined]);
  });
});

describe('a first attempt that is not fresh', () => {
  it('is sent after one read when its event is a re-run or its signature is old', async () => {
    const cloud = await newCloud();
    await cloud.addWebhook();
    const reruns = [
      message({ rerun: true }),
      message({ deliveryId: nthDeliveryId(1), signed: { ...message().signed, signedAt: 1 } }),
    ];
    const calls = recordCalls(cloud);
    cloud.put('first', ...reruns);

    await cloud.run('first');

    expect(actionsOf(calls)[0]).toBe('BatchGetItem');
    expect(actionsOf(calls).filter((action) => action === 'BatchGetItem')).toHaveLength(1);
    expect(cloud.posts).toHaveLength(2);
  });

  it('shares the write of its record when it succeeds and none was found', async () => {
    const cloud = await newCloud();
    await cloud.addWebhook();
    const signed = { ...message().signed, signedAt: 1 };
    const old = Array.from({ length: 10 }, (_, n) => message({ deliveryId: nthDeliveryId(n), signed }));
    const calls = recordCalls(cloud);
    cloud.put('first', ...old);

    await cloud.run('first');

    expect(actionsOf(calls).slice(-1)).toEqual(['BatchWriteItem']);
    expect(actionsOf(calls).filter((action) => /^(Update|Batch)(Write)?Item$/.test(action))).toHaveLength(1);
    for (const one of old) expect(await cloud.recordOf(one)).toMatchObject({ status: 'delivered' });
  });

  it('keeps the claim of a repeated delivery when it succeeds', async () => {
    const cloud = await newCloud();
    await cloud.addWebhook();
    const repeat = message({ resendOf: nthDeliveryId(1), trigger: 'resend' });
    cloud.put('first', repeat);

    await cloud.run('first');

    expect(await cloud.recordOf(repeat)).toMatchObject({
      status: 'delivered',
      claimedAt: expect.any(Number),
    });
  });
});
