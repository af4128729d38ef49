import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { HEADERS_UNREADABLE, type Webhook } from '../../lambdas/shared/domain/webhook.ts';
import type { PostRequest } from '../../lambdas/shared/http/post.ts';
import { sealHeaders } from '../../lambdas/shared/secrets/custom-headers.ts';
import { accountId, message, NOW, webhook, webhookId } from '../support/builders.ts';
import { SECRET } from '../support/in-process-stack.ts';
import { actionsOf, type Cloud, newCloud, outage, recordCalls } from '../support/new-cloud.ts';
import { answered } from '../support/post-results.ts';
import { nthDeliveryId } from './builders.ts';

const AT = new Date(NOW).toISOString();

describe('the rule of success of a webhook', () => {
  it.each([
    ['a 2xx is success for a webhook with this rule', '2xx', 202, 'delivered'],
    ["a 2xx is a failure by the stack's rule", undefined, 202, 'retrying'],
    ['200 alone is success for a webhook with this rule', '200', 204, 'retrying'],
  ] as const)('%s, in a fresh message', async (_, success, status, expected) => {
    const cloud = await newCloud();
    cloud.customer.answer = async () => answered(status);
    cloud.put('first', message(success === undefined ? {} : { success }));

    await cloud.run('first');

    expect((await cloud.recordOf())?.status).toBe(expected);
  });

  it('is that of the webhook now, when the webhook is read', async () => {
    const cloud = await newCloud();
    cloud.customer.answer = async () => answered(202);
    await cloud.addWebhook({ successStatus: '2xx' });
    cloud.put('first', message({ rerun: true, success: '200' }));

    await cloud.run('first');

    expect((await cloud.recordOf())?.status).toBe('delivered');
  });

  it("is the stack's again when the webhook has none any more", async () => {
    const cloud = await newCloud();
    cloud.customer.answer = async () => answered(202);
    await cloud.addWebhook();
    cloud.put('first', message({ rerun: true, success: '2xx' }));

    await cloud.run('first');

    expect((await cloud.recordOf())?.status).toBe('retrying');
  });

  it('does not count for a challenge, which needs 200', async () => {
    const cloud = await newCloud();
    const body = JSON.stringify({ type: 'webhook.verification', data: { challenge: 'c' } });
    cloud.customer.answer = async () => answered(202, { body: '{"challenge":"c"}' });
    cloud.put('first', message({ kind: 'verification', success: '2xx', body }));

    await cloud.run('first');

    expect((await cloud.recordOf())?.status).toBe('retrying');
  });
});

describe('the custom headers of a webhook', () => {
  it('are sent with a fresh message, and cost one read of the data key for each environment', async () => {
    const cloud = await newCloud();
    const { customHeaders } = await withHeaders(cloud);
    cloud.coldStart('first');
    const calls = recordCalls(cloud);

    for (const deliveryId of [nthDeliveryId(1), nthDeliveryId(2)]) {
      cloud.put('first', message({ deliveryId, customHeaders }));
      await cloud.run('first');
    }

    for (const { headers } of cloud.posts) {
      expect(headers).toMatchObject({ Authorization: 'Bearer 1', 'X-Key': 'k', 'webhook-id': 'evt_1' });
    }
    expect(cloud.posts).toHaveLength(2);
    expect(actionsOf(calls)).toEqual(['GetItem', 'Decrypt', 'BatchWriteItem', 'BatchWriteItem']);
  });

  it('are those of the webhook now, when the webhook is read', async () => {
    const cloud = await newCloud();
    const old = await sealed(cloud, [['Authorization', 'Bearer old']]);
    await withHeaders(cloud);
    cloud.put('retry1', message({ attempt: 2, customHeaders: old }));
    cloud.time.now += 1_000;

    await cloud.run('retry1');

    expect(cloud.posts[0]?.headers).toMatchObject({ Authorization: 'Bearer 1', 'X-Key': 'k' });
  });

  it('are sent with challenges', async () => {
    const cloud = await newCloud();
    const { customHeaders } = await withHeaders(cloud);
    cloud.put('first', message({ kind: 'verification', customHeaders }));

    await cloud.run('first');

    expect(cloud.posts[0]?.headers).toMatchObject({ Authorization: 'Bearer 1' });
  });

  it.each([
    ['were sealed for another webhook', { webhookId: webhookId('wh_other'), headerNames: ['Authorization'] }],
    ['are a signing secret', { webhookId: webhookId() }],
  ])('hold a fresh delivery when they %s [FAULT-38]', async (_, owner) => {
    const cloud = await newCloud();
    const whose = { accountId: accountId(), ...owner };
    const customHeaders = {
      names: ['Authorization'],
      sealed: await cloud.keyring.seal('["Bearer 1"]', whose, AT),
    };
    cloud.put('first', message({ customHeaders }));

    const { batchItemFailures } = await cloud.run('first');

    expect(cloud.posts).toEqual([]);
    expect(batchItemFailures).toEqual([]);
    expect(await cloud.recordOf()).toMatchObject({ status: 'held', reason: HEADERS_UNREADABLE });
    expect(cloud.logged).toContainEqual(
      expect.objectContaining({ level: 'error', message: 'custom headers do not open' }),
    );
  });

  it('hold a delivery whose webhook was read, and others continue [FAULT-38]', async () => {
    const cloud = await newCloud();
    const customHeaders = await sealed(cloud, [['Authorization', 'Bearer 1']]);
    await cloud.addWebhook({ customHeaders: { ...customHeaders, names: ['X-Other'] } });
    const healthy = await cloud.addWebhook({ id: webhookId('wh_2') });
    cloud.put('first', message({ rerun: true }));
    const other = message({
      rerun: true,
      webhookId: healthy.id,
      deliveryId: nthDeliveryId(2),
    });
    cloud.put('first', other);

    await cloud.run('first');

    expect(await cloud.recordOf()).toMatchObject({ status: 'held', reason: HEADERS_UNREADABLE });
    expect((await cloud.recordOf(other))?.status).toBe('delivered');
  });

  it('are not sent when their name is reserved, whatever was stored', async () => {
    const cloud = await newCloud();
    const customHeaders = await sealed(cloud, [['Host', 'elsewhere.example']]);
    cloud.put('first', message({ customHeaders }));

    await cloud.run('first');

    expect(cloud.posts).toEqual([]);
    expect((await cloud.recordOf())?.status).toBe('held');
  });

  it('leave the message on its queue while the keyring cannot be reached: no attempt is used [FAULT-26]', async () => {
    const cloud = await newCloud();
    const { customHeaders } = await withHeaders(cloud);
    cloud.coldStart('first');
    const heal = cloud.intercept(outage('Decrypt'));
    cloud.put('first', message({ customHeaders }));

    const { batchItemFailures } = await cloud.run('first');

    expect(batchItemFailures).toHaveLength(1);
    expect(cloud.posts).toEqual([]);
    expect(await cloud.recordOf()).toBeUndefined();
    heal();
    cloud.time.now += 60_000;
    await cloud.run('first');
    expect(cloud.posts[0]?.headers).toMatchObject({ Authorization: 'Bearer 1' });
  });
});

describe('the secrets of a webhook during a rotation', () => {
  const NEW_SECRET = 'the_new_secret_of_it';

  async function rotated(cloud: Cloud): Promise<void> {
    const expiresAt = new Date(NOW + 60_000).toISOString();
    const { accountId, id } = webhook();
    const owner = { accountId, webhookId: id };
    const newest = await cloud.keyring.seal(NEW_SECRET, owner, AT);
    const replaced = { ...(await cloud.keyring.seal(SECRET, owner, AT)), expiresAt };
    await cloud.addWebhook({ secrets: [newest, replaced] });
  }

  it('sign a queued retry with all that are valid at that time, newest first', async () => {
    const cloud = await newCloud();
    await rotated(cloud);
    cloud.put('retry1', message({ attempt: 2 }));
    cloud.time.now = NOW + 59_000;

    await cloud.run('retry1');

    const [sent] = cloud.posts;
    const signatures = sent?.headers['webhook-signature']?.split(' ') ?? [];
    expect(signatures).toHaveLength(2);
    expect(sent?.headers).toMatchObject({
      'X-Webhook-Signature': hexOf(NEW_SECRET, sent),
      'X-Webhook-Signature-Previous': hexOf(SECRET, sent),
    });
  });

  it('sign a queued retry with the new one alone after the grace time', async () => {
    const cloud = await newCloud();
    await rotated(cloud);
    cloud.put('retry1', message({ attempt: 2, signed: { ...message().signed, previousHex: 'old' } }));
    cloud.time.now = NOW + 60_000;

    await cloud.run('retry1');

    const [sent] = cloud.posts;
    expect(sent?.headers['X-Webhook-Signature']).toBe(hexOf(NEW_SECRET, sent));
    expect(sent?.headers['webhook-signature']?.split(' ')).toHaveLength(1);
    expect(sent?.headers).not.toHaveProperty('X-Webhook-Signature-Previous');
  });
});

function hexOf(secret: string, sent: PostRequest | undefined): string {
  const text = `${sent?.headers['X-Webhook-Timestamp']}.${sent?.body}`;
  return `sha256=${createHmac('sha256', secret).update(text).digest('hex')}`;
}

async function withHeaders(
  cloud: Cloud,
): Promise<Webhook & { customHeaders: NonNullable<Webhook['customHeaders']> }> {
  const customHeaders = await sealed(cloud, [
    ['Authorization', 'Bearer 1'],
    ['X-Key', 'k'],
  ]);
  return { ...(await cloud.addWebhook({ customHeaders })), customHeaders };
}

function sealed(cloud: Cloud, headers: readonly (readonly [string, string])[]) {
  const { accountId, id } = webhook();
  return sealHeaders(headers, { accountId, webhookId: id }, AT, cloud.keyring.seal);
}
