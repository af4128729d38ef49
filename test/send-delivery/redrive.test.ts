import { describe, expect, it } from 'vitest';
import { deliveryId, message } from '../support/builders.ts';
import { newCloud } from '../support/new-cloud.ts';
import { ADDRESS_REFUSED } from './builders.ts';

describe('an exhausted message that is moved back to a lane', () => {
  it('is one new delivery that names the old one and starts over, even if the message is duplicated [FAULT-10]', async () => {
    const cloud = await newCloud();
    await cloud.addWebhook();
    const old = message({ attempt: 4, exhausted: true });
    cloud.put('first', old);
    await cloud.run('first');
    cloud.put('first', old);
    await cloud.run('first');

    expect(cloud.posts).toHaveLength(1);
    const headers = cloud.posts[0]?.headers;
    expect(headers?.['X-Webhook-Attempt']).toBe('1');
    expect(headers?.['X-Webhook-Delivery']).not.toBe(old.deliveryId);
    const redriven = { ...old, deliveryId: deliveryId(headers?.['X-Webhook-Delivery'] ?? '') };
    expect(await cloud.recordOf(redriven)).toMatchObject({ status: 'delivered', redriveOf: old.deliveryId });
  });

  it('twenty times is sent each time, as a new delivery [FAULT-29]', async () => {
    const cloud = await newCloud();
    await cloud.addWebhook();
    cloud.customer.answer = async () => ADDRESS_REFUSED;
    cloud.put('first', message());
    await cloud.run('first');

    for (let move = 0; move < 20; move++) {
      cloud.put('first', ...cloud.receiveMessages('exhausted'));
      await cloud.run('first');
    }

    expect(cloud.posts).toHaveLength(21);
    expect(new Set(cloud.posts.map(({ headers }) => headers['X-Webhook-Delivery'])).size).toBe(21);
    expect(cloud.receiveMessages('exhausted')).toHaveLength(1);
  });
});
