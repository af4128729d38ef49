import { describe, expect, it } from 'vitest';
import { sealHeaders } from '../../lambdas/shared/secrets/custom-headers.ts';
import { NOW, webhook } from '../support/builders.ts';
import { newCloud } from '../support/new-cloud.ts';
import { answered } from '../support/post-results.ts';
import { busEvent } from './builders.ts';

describe('the settings of a webhook', () => {
  it('reach its first attempt, which is sent without a read of the webhook', async () => {
    const cloud = await newCloud();
    const { accountId, id } = webhook();
    const customHeaders = await sealHeaders(
      [['Authorization', 'Bearer 1']],
      { accountId, webhookId: id },
      new Date(NOW).toISOString(),
      cloud.keyring.seal,
    );
    await cloud.addWebhook({ customHeaders, successStatus: '2xx' });
    cloud.customer.answer = async () => answered(204);

    await cloud.dispatch(busEvent());
    const reads: string[] = [];
    cloud.intercept(async (call, next) => {
      reads.push(call.action);
      return next();
    });
    await cloud.run('first');

    expect(cloud.posts[0]?.headers).toMatchObject({ Authorization: 'Bearer 1' });
    expect(reads).not.toContain('BatchGetItem');
    expect(cloud.counters.get('delivered')).toBe(1);
  });

  it('are no part of the message of a webhook that has none', async () => {
    const cloud = await newCloud();
    await cloud.addWebhook();

    await cloud.dispatch(busEvent());

    const [sent] = cloud.receiveMessages('first');
    expect(sent).not.toHaveProperty('customHeaders');
    expect(sent).not.toHaveProperty('success');
  });
});
