import { describe, expect, it } from 'vitest';
import { SECRET_UNREADABLE } from '../../lambdas/shared/domain/webhook.ts';
import { message, webhookId } from '../support/builders.ts';
import { newCloud } from '../support/new-cloud.ts';
import { nthDeliveryId } from './builders.ts';

describe('a retry for a webhook that changed after the first attempt', () => {
  const retry = message({ attempt: 2 });

  it('is canceled when the webhook was deleted [FAULT-28]', async () => {
    const cloud = await newCloud();
    cloud.put('retry1', retry);
    cloud.time.now += 1000;

    await cloud.run('retry1');

    expect(cloud.posts).toEqual([]);
    expect((await cloud.recordOf())?.status).toBe('canceled');
  });

  it('is held when the webhook was disabled [FAULT-28]', async () => {
    const cloud = await newCloud();
    await cloud.addWebhook({ status: 'disabled' });
    cloud.put('retry1', retry);
    cloud.time.now += 1000;

    await cloud.run('retry1');

    expect(cloud.posts).toEqual([]);
    expect(await cloud.recordOf()).toMatchObject({ status: 'held', reason: 'the webhook is disabled' });
  });

  it('is canceled when the webhook no longer subscribes to the event type', async () => {
    const cloud = await newCloud();
    await cloud.addWebhook({ events: ['user.*'] });
    cloud.put('retry1', retry);
    cloud.time.now += 1000;

    await cloud.run('retry1');

    expect(cloud.posts).toEqual([]);
    expect(await cloud.recordOf()).toMatchObject({
      status: 'canceled',
      reason: 'the webhook no longer subscribes to file.uploaded',
    });
  });

  it('is sent to the new URL when the URL was changed', async () => {
    const cloud = await newCloud();
    await cloud.addWebhook({ url: 'https://moved.example/hook' });
    cloud.put('retry1', retry);
    cloud.time.now += 1000;

    await cloud.run('retry1');

    expect(cloud.posts[0]?.url).toBe('https://moved.example/hook');
  });

  it('is sent to the current URL while a new URL is being verified [FAULT-28]', async () => {
    const cloud = await newCloud();
    await cloud.addWebhook({ url: 'https://old.example/hook', pendingUrl: 'https://moved.example/hook' });
    cloud.put('retry1', retry);
    cloud.time.now += 1000;

    await cloud.run('retry1');

    expect(cloud.posts[0]?.url).toBe('https://old.example/hook');
  });

  it('is held when the secret cannot be decrypted; retries for other webhooks are sent [FAULT-27]', async () => {
    const cloud = await newCloud();
    await cloud.addWebhook({ secrets: [{ dataKey: 1, sealed: 'AAAA', createdAt: '' }] });
    await cloud.addWebhook({ id: webhookId('wh_2') });
    cloud.put(
      'retry1',
      retry,
      message({ attempt: 2, webhookId: webhookId('wh_2'), deliveryId: nthDeliveryId(2) }),
    );
    cloud.time.now += 1000;

    await cloud.run('retry1');

    expect(cloud.posts).toHaveLength(1);
    expect(await cloud.recordOf()).toMatchObject({ status: 'held', reason: SECRET_UNREADABLE });
  });
});
