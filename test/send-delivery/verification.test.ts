import { describe, expect, it } from 'vitest';
import { eventId, message } from '../support/builders.ts';
import { auditOf, newCloud, outage } from '../support/new-cloud.ts';
import { answered } from '../support/post-results.ts';
import { RETRIES, VISIBILITY_MS } from './builders.ts';

describe('a challenge', () => {
  const body = JSON.stringify({ type: 'webhook.verification', data: { challenge: 'c-123' } });
  const challenge = message({
    kind: 'verification',
    eventId: eventId('evt_v'),
    eventType: 'webhook.verification',
    body,
  });
  const pending = {
    status: 'pending',
    verified: false,
    verification: { id: eventId('evt_v'), url: challenge.url, startedAt: '2026-01-15T10:30:00.000Z' },
  } as const;

  it('that the endpoint echoes activates the webhook', async () => {
    const cloud = await newCloud();
    await cloud.addWebhook(pending);
    cloud.customer.answer = async () => answered(200, { body: '{"challenge":"c-123","more":1}' });
    cloud.put('first', challenge);

    await cloud.run('first');

    expect(await cloud.webhooks.get(challenge.accountId, challenge.webhookId)).toMatchObject({
      status: 'active',
      verified: true,
    });
    expect(await auditOf(cloud)).toMatchObject([
      { action: 'service.verify', source: 'service', subject: challenge.webhookId, outcome: 'done' },
    ]);
  });

  it('activates the webhook when the audit log cannot be written, which is counted and logged', async () => {
    const cloud = await newCloud();
    await cloud.addWebhook(pending);
    cloud.customer.answer = async () => answered(200, { body: '{"challenge":"c-123"}' });
    cloud.put('first', challenge);
    cloud.intercept(outage('PutItem'));

    const response = await cloud.run('first');

    expect(response.batchItemFailures).toEqual([]);
    expect(await cloud.webhooks.get(challenge.accountId, challenge.webhookId)).toMatchObject({
      status: 'active',
    });
    expect(cloud.counters.get('audit_lost')).toBe(1);
    expect(cloud.logged).toContainEqual(
      expect.objectContaining({ level: 'error', action: 'service.verify', webhook_id: challenge.webhookId }),
    );
  });

  it.each(['', 'OK', '{"challenge":"other"}', '{"data":{"challenge":"c-123"}}', '"c-123"', '[]'])(
    'with the response body %j is retried, and the verification fails after four attempts [URL-16]',
    async (answer) => {
      const cloud = await newCloud();
      await cloud.addWebhook(pending);
      cloud.customer.answer = async () => answered(200, { body: answer });
      cloud.put('first', challenge);

      await cloud.run('first');
      for (const [queue, seconds] of RETRIES) {
        cloud.time.now += seconds * 1000;
        await cloud.run(queue);
      }

      const webhook = await cloud.webhooks.get(challenge.accountId, challenge.webhookId);
      expect(cloud.posts).toHaveLength(4);
      expect(webhook).toMatchObject({ status: 'verification_failed', verified: false });
      expect(webhook?.verificationError).toContain('"challenge"');
      expect(cloud.counts('exhausted')).toMatchObject({ visible: 0 });
    },
  );

  it('that was answered before the environment was killed activates the webhook after redelivery [FAULT-11]', async () => {
    const cloud = await newCloud();
    await cloud.addWebhook(pending);
    cloud.customer.answer = async () => answered(200, { body: '{"challenge":"c-123"}' });
    cloud.put('first', challenge);
    const endOutage = cloud.intercept(outage('UpdateItem'));

    await cloud.runAndDie('first');
    expect((await cloud.webhooks.get(challenge.accountId, challenge.webhookId))?.status).toBe('pending');
    endOutage();
    cloud.time.now += VISIBILITY_MS;
    await cloud.run('first');

    expect((await cloud.webhooks.get(challenge.accountId, challenge.webhookId))?.status).toBe('active');
  });

  it('for a new URL is sent to the new URL at every attempt, never to the current one [URL-16]', async () => {
    const cloud = await newCloud();
    const url = 'https://moved.example/hook';
    const verification = { ...pending.verification, url };
    await cloud.addWebhook({ url: 'https://old.example/hook', pendingUrl: url, verification });
    cloud.customer.answer = async () => answered(500);
    cloud.put('first', { ...challenge, url });

    await cloud.run('first');
    cloud.time.now += 1000;
    await cloud.run('retry1');

    expect(cloud.posts.map((post) => post.url)).toEqual([url, url]);
  });

  it('that was answered while the webhook could not be updated is redelivered and then activates it [FAULT-11]', async () => {
    const cloud = await newCloud();
    await cloud.addWebhook(pending);
    cloud.customer.answer = async () => answered(200, { body: '{"challenge":"c-123"}' });
    cloud.put('first', challenge);
    const endOutage = cloud.intercept(outage('UpdateItem'));

    const response = await cloud.run('first');
    endOutage();
    cloud.time.now += 10_000;
    await cloud.run('first');

    expect(response.batchItemFailures).toHaveLength(1);
    expect((await cloud.webhooks.get(challenge.accountId, challenge.webhookId))?.status).toBe('active');
  });

  it('that a newer one replaced does not activate the webhook [URL-16, FAULT-11]', async () => {
    const cloud = await newCloud();
    await cloud.addWebhook({
      ...pending,
      verification: { ...pending.verification, id: eventId('evt_newer') },
    });
    cloud.customer.answer = async () => answered(200, { body: '{"challenge":"c-123"}' });
    cloud.put('first', challenge);

    await cloud.run('first');

    expect((await cloud.webhooks.get(challenge.accountId, challenge.webhookId))?.status).toBe('pending');
  });
});
