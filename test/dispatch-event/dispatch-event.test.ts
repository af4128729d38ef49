import { createHmac } from 'node:crypto';
import { Webhook as StandardWebhook } from 'standardwebhooks';
import { describe, expect, it } from 'vitest';
import { deliveryIdOf } from '../../lambdas/shared/domain/ids.ts';
import { SECRET_UNREADABLE } from '../../lambdas/shared/domain/webhook.ts';
import { accountId, eventId, message, NOW, webhookId } from '../support/builders.ts';
import { SYSTEM_SOURCE } from '../support/in-process-functions.ts';
import { SECRET } from '../support/in-process-stack.ts';
import { actionsOf, newCloud, recordCalls } from '../support/new-cloud.ts';
import { busEvent } from './builders.ts';

describe('an event', () => {
  it('becomes one signed delivery for each active webhook of its account that subscribed to it', async () => {
    const cloud = await newCloud();
    await cloud.addWebhook({ id: webhookId('wh_exact'), events: ['file.uploaded'] });
    await cloud.addWebhook({ id: webhookId('wh_prefix'), events: ['file.*'] });
    await cloud.addWebhook({ id: webhookId('wh_all'), events: ['*'] });
    await cloud.addWebhook({ id: webhookId('wh_other'), events: ['user.*'] });
    await cloud.addWebhook({ id: webhookId('wh_foreign'), accountId: accountId('acct_2') });
    await cloud.addWebhook({ id: webhookId('wh_pending'), status: 'pending', verified: false });

    await cloud.dispatch(busEvent());

    const messages = cloud.receiveMessages('first');
    expect(messages.map((one) => one.webhookId).sort()).toEqual(['wh_all', 'wh_exact', 'wh_prefix']);
    const [one] = messages;
    const body =
      '{"id":"evt_1","type":"file.uploaded","created":"2026-01-15T10:30:00Z","data":{"file_id":"file_1"}}';
    expect(one).toMatchObject({ attempt: 1, kind: 'event', rerun: false, body, maxAttempts: 4 });
    const hex = createHmac('sha256', SECRET)
      .update(`${NOW / 1000}.${body}`)
      .digest('hex');
    expect(one?.signed.hex).toBe(hex);
    const verify = new StandardWebhook(SECRET, { format: 'raw' });
    expect(verify.sign('evt_1', new Date(NOW), body)).toBe(one?.signed.standard);
  });

  it.each(['pending', 'verification_failed'] as const)(
    'makes no message and no record for a webhook that was never verified: status %s [URL-16]',
    async (status) => {
      const cloud = await newCloud();
      await cloud.addWebhook({ status, verified: false });

      await cloud.dispatch(busEvent());

      expect(cloud.counts('first')).toMatchObject({ visible: 0 });
      expect(cloud.counters.get('held')).toBeUndefined();
    },
  );

  it.each([
    ['no id and no time', { id: undefined, created: undefined }],
    ['null as id and time', { id: null, created: null }],
  ])("with %s gets the bus's id and time", async (_, detail) => {
    const cloud = await newCloud();
    await cloud.addWebhook();

    await cloud.dispatch(busEvent({}, detail));

    expect(cloud.receiveMessages('first')[0]).toMatchObject({
      eventId: 'evt_6a7e8febb4914cf7a9f1bf3703467718',
      body: expect.stringContaining('"created":"2026-01-15T10:30:00Z"'),
    });
  });

  it.each([
    ['before 1970', '1969-12-31T23:59:59Z'],
    ['earlier than a queue retains messages, as from an archive', '2025-12-31T10:29:00Z'],
    ['in the far future', '2099-01-01T00:00:00Z'],
  ])(
    'with a time %s is accepted now, and its body has the time of the publisher [API-17]',
    async (_, time) => {
      const cloud = await newCloud();
      await cloud.addWebhook();

      await cloud.dispatch(busEvent({ time }));

      const [message] = cloud.receiveMessages('first');
      expect(message).toMatchObject({
        acceptedAt: NOW,
        body: expect.stringContaining(`"created":"${time}"`),
      });
    },
  );

  it('that waited for two weeks is accepted at the time of the bus [API-17]', async () => {
    const cloud = await newCloud();
    await cloud.addWebhook();
    const time = new Date(NOW - 14 * 86_400_000).toISOString();

    await cloud.dispatch(busEvent({ time }));

    expect(cloud.receiveMessages('first')[0]?.acceptedAt).toBe(Date.parse(time));
  });

  it('is recorded as held for a disabled webhook, and is sent to the slow queue for a slow webhook [FAULT-31]', async () => {
    const cloud = await newCloud();
    await cloud.addWebhook({ id: webhookId('wh_off'), status: 'disabled' });
    await cloud.addWebhook({ id: webhookId('wh_slow'), slowSince: '2026-01-15T10:00:00.000Z' });

    await cloud.dispatch(busEvent());

    const [slow] = cloud.receiveMessages('slow');
    expect(slow?.webhookId).toBe('wh_slow');
    expect(cloud.counts('first')).toMatchObject({ visible: 0 });
    expect(cloud.counters.get('held')).toBe(1);
    const names = { accountId: accountId(), eventId: eventId(), webhookId: webhookId('wh_off') };
    const held = message({ ...names, deliveryId: deliveryIdOf({ ...names, acceptedAt: NOW }) });
    expect(await cloud.recordOf(held)).toMatchObject({ status: 'held', reason: 'the webhook is disabled' });
  });

  it.each([
    ['a disabled webhook', { status: 'disabled' as const }],
    [
      'a webhook whose secret cannot be decrypted',
      { secrets: [{ dataKey: 1, sealed: 'AAAA', createdAt: new Date(NOW).toISOString() }] },
    ],
  ])('costs one write beside that of the event for %s, and no message', async (_, change) => {
    const cloud = await newCloud();
    await cloud.addWebhook(change);
    const calls = recordCalls(cloud);

    await cloud.dispatch(busEvent());

    const writes = actionsOf(calls).filter((action) => !['Query', 'GetItem', 'Decrypt'].includes(action));
    expect(writes).toEqual(['PutItem', 'PutItem']);
    expect(cloud.counters.get('held')).toBe(1);
  });

  it('is sent to the current URL while a new URL is being verified [FAULT-28]', async () => {
    const cloud = await newCloud();
    await cloud.addWebhook({ url: 'https://old.example/hook', pendingUrl: 'https://moved.example/hook' });

    await cloud.dispatch(busEvent());

    expect(cloud.receiveMessages('first').map(({ url }) => url)).toEqual(['https://old.example/hook']);
  });

  it('names the system events to which the account subscribes, unless it is a system event', async () => {
    const cloud = await newCloud();
    await cloud.addWebhook({ id: webhookId('wh_1'), events: ['*', 'webhook.retry'] });

    await cloud.dispatch(
      busEvent(),
      busEvent(
        { 'detail-type': 'webhook.retry', source: SYSTEM_SOURCE },
        { id: 'evt_2', about_webhook_id: 'wh_1' },
      ),
    );

    const [event, systemEvent] = cloud.receiveMessages('first');
    expect(event).toMatchObject({ subscribedSystemEvents: ['webhook.retry'], maxAttempts: 4 });
    expect(systemEvent).toMatchObject({
      eventType: 'webhook.retry',
      subscribedSystemEvents: [],
      maxAttempts: 1,
    });
  });

  it('names the system events to which any active webhook of the account subscribes', async () => {
    const cloud = await newCloud();
    await cloud.addWebhook({ id: webhookId('wh_1'), events: ['file.*'] });
    await cloud.addWebhook({ id: webhookId('wh_2'), events: ['webhook.retry'] });
    await cloud.addWebhook({ id: webhookId('wh_3'), events: ['webhook.exhausted'], status: 'disabled' });

    await cloud.dispatch(busEvent());

    expect(cloud.receiveMessages('first')).toMatchObject([{ subscribedSystemEvents: ['webhook.retry'] }]);
  });

  it('that matches no webhook of its account is stored with an empty set', async () => {
    const cloud = await newCloud();
    await cloud.addWebhook({ events: ['user.*'] });

    await cloud.dispatch(busEvent());

    const stored = await cloud.deliveries.getEvent(accountId(), eventId(), NOW);
    expect(stored).toMatchObject({ webhookIds: [], type: 'file.uploaded' });
    expect(cloud.counters.get('unmatched')).toBeUndefined();
  });

  it('of an account without any webhook is counted and not stored', async () => {
    const cloud = await newCloud();

    const response = await cloud.dispatch(busEvent());

    expect(response).toEqual({ batchItemFailures: [] });
    expect(await cloud.deliveries.getEvent(accountId(), eventId(), NOW)).toBeUndefined();
    expect(cloud.counters.get('unmatched')).toBe(1);
  });
});

describe('a webhook that cannot be used', () => {
  it('is skipped and counted when its item cannot be read; other webhooks get their deliveries [FAULT-12]', async () => {
    const cloud = await newCloud();
    await cloud.addWebhook({ id: webhookId('wh_1') });
    // An item without a secret does not parse.
    await cloud.addWebhook({ id: webhookId('wh_2'), secrets: [] });

    await cloud.dispatch(busEvent());

    expect(cloud.receiveMessages('first').map((one) => one.webhookId)).toEqual(['wh_1']);
    expect(cloud.counters.get('webhook_unreadable')).toBe(1);
    expect(cloud.logged).toMatchObject([
      { level: 'error', account_id: 'acct_1', unreadable: 1, sort_keys: ['WEBHOOK#wh_2'] },
    ]);
  });

  it('gets a held delivery when its secret cannot be decrypted; other webhooks get their deliveries [FAULT-27]', async () => {
    const cloud = await newCloud();
    await cloud.addWebhook({ id: webhookId('wh_1') });
    await cloud.addWebhook({
      id: webhookId('wh_2'),
      secrets: [{ dataKey: 1, sealed: 'AAAA', createdAt: '' }],
    });

    await cloud.dispatch(busEvent());

    expect(cloud.receiveMessages('first').map((one) => one.webhookId)).toEqual(['wh_1']);
    expect(cloud.counters.get('held')).toBe(1);
    const names = { accountId: accountId(), eventId: eventId(), webhookId: webhookId('wh_2') };
    const held = message({ ...names, deliveryId: deliveryIdOf({ ...names, acceptedAt: NOW }) });
    expect(await cloud.recordOf(held)).toMatchObject({ status: 'held', reason: SECRET_UNREADABLE });
  });
});
