import { describe, expect, it } from 'vitest';
import { AwsError } from '../../local/aws-calls.ts';
import { accountId, eventId, listener, webhookId } from '../support/builders.ts';
import { actionsOf, type Cloud, newCloud, outage, recordCalls } from '../support/new-cloud.ts';
import { busEvent } from './builders.ts';

const KEPT_MS = 5_000;
const CHANGE_LIFETIME_MS = 120_000;
const READS = ['Query', 'GetItem'];
const AT = '2026-01-15T10:30:00.000Z';
const VERIFICATION = { id: eventId('evt_challenge'), url: 'https://example.com/', startedAt: AT };

/** An account whose webhooks the dispatcher keeps from now on, since one event was dispatched twice. */
async function keptAccount({ webhooks = 2 } = {}): Promise<Cloud> {
  const cloud = await newCloud({ dispatcher: { keepListsFrom: 2 } });
  for (let n = 1; n <= webhooks; n++) await cloud.addWebhook({ id: webhookId(`wh_${n}`) });
  await dispatchEvent(cloud, 'evt_first');
  await dispatchEvent(cloud, 'evt_second');
  return cloud;
}

/** Dispatches one event, and resolves to the ids of the webhooks that get it and the reads that it needed. */
async function dispatchEvent(cloud: Cloud, id: string, type = 'file.uploaded') {
  const calls = recordCalls(cloud);
  const response = await cloud.dispatch(busEvent({ id: `bus-${id}`, 'detail-type': type }, { id }));
  const ofAccount = calls.filter(
    ({ action, input }) => READS.includes(action) && JSON.stringify(input).includes(`ACCOUNT#${accountId()}`),
  );
  const messages = cloud.receiveMessages('first').filter(({ eventId }) => eventId === id);
  return {
    response,
    webhooks: messages.map((message) => message.webhookId).sort(),
    messages,
    reads: actionsOf(ofAccount),
  };
}

describe('the webhooks of an account', () => {
  it('are read for every batch while there are few', async () => {
    const cloud = await keptAccount({ webhooks: 1 });

    expect((await dispatchEvent(cloud, 'evt_1')).reads).toEqual(['Query']);
  });

  it('are kept when there are many: the next batch reads the version alone', async () => {
    const cloud = await keptAccount();

    const { reads, webhooks } = await dispatchEvent(cloud, 'evt_1');

    expect(reads).toEqual(['GetItem']);
    expect(webhooks).toEqual(['wh_1', 'wh_2']);
  });

  it('are read again after each change: an event finds a webhook that became active before it was published', async () => {
    const cloud = await keptAccount();
    await cloud.addWebhook({
      id: webhookId('wh_3'),
      status: 'pending',
      verified: false,
      verification: VERIFICATION,
    });

    const pending = await dispatchEvent(cloud, 'evt_1');
    await cloud.webhooks.activate(accountId(), webhookId('wh_3'), VERIFICATION.id, AT);
    const active = await dispatchEvent(cloud, 'evt_2');
    await cloud.webhooks.remove(accountId(), webhookId('wh_1'));
    const deleted = await dispatchEvent(cloud, 'evt_3');

    expect(pending.webhooks).toEqual(['wh_1', 'wh_2']);
    expect(active.webhooks).toEqual(['wh_1', 'wh_2', 'wh_3']);
    expect(deleted.webhooks).toEqual(['wh_2', 'wh_3']);
  });

  it.each(['before', 'after'])(
    'are not kept for two minutes when an environment was killed %s it wrote a change [FAULT-47]',
    async (when) => {
      const cloud = await keptAccount({ webhooks: 3 });
      const stop = cloud.intercept(async (call, next) => {
        if (call.action !== 'DeleteItem') return next();
        if (when === 'after') await next();
        throw new AwsError({ code: 'Killed', message: 'killed' });
      });
      await cloud.webhooks.remove(accountId(), webhookId('wh_1')).catch(() => undefined);
      stop();

      const first = await dispatchEvent(cloud, 'evt_1');
      const second = await dispatchEvent(cloud, 'evt_2');
      cloud.time.now += CHANGE_LIFETIME_MS;
      await dispatchEvent(cloud, 'evt_3');
      const last = await dispatchEvent(cloud, 'evt_4');

      const expected = when === 'before' ? ['wh_1', 'wh_2', 'wh_3'] : ['wh_2', 'wh_3'];
      expect([first.webhooks, second.webhooks]).toEqual([expected, expected]);
      expect([first.reads, second.reads]).toEqual([
        ['GetItem', 'Query'],
        ['GetItem', 'Query'],
      ]);
      expect(last.reads).toEqual(['GetItem']);
    },
  );

  it('are kept for at most 5 s, so that a slow mark and a count of failures take effect', async () => {
    const cloud = await keptAccount();
    await cloud.webhooks.markSlow(accountId(), webhookId('wh_1'), AT);

    const kept = await dispatchEvent(cloud, 'evt_1');
    cloud.time.now += KEPT_MS;
    const later = await dispatchEvent(cloud, 'evt_2');

    expect(kept.webhooks).toEqual(['wh_1', 'wh_2']);
    expect(later.reads).toEqual(['GetItem', 'Query']);
    expect(later.webhooks).toEqual(['wh_2']);
  });

  it('are matched with each type of event separately', async () => {
    const cloud = await newCloud({ dispatcher: { keepListsFrom: 2 } });
    await cloud.addWebhook({ id: webhookId('wh_1'), events: ['file.*'] });
    await cloud.addWebhook({ id: webhookId('wh_2'), events: ['user.*'] });
    for (const id of ['evt_1', 'evt_2']) await dispatchEvent(cloud, id);

    expect((await dispatchEvent(cloud, 'evt_3')).webhooks).toEqual(['wh_1']);
    expect((await dispatchEvent(cloud, 'evt_4', 'user.subscribed')).webhooks).toEqual(['wh_2']);
  });

  it('are not used when the version cannot be read: the event is returned to its queue', async () => {
    const cloud = await keptAccount();
    cloud.intercept(outage('GetItem'));

    const { response } = await dispatchEvent(cloud, 'evt_1');

    expect(response.batchItemFailures).toHaveLength(1);
  });

  it('include a listener that was created before the event was published', async () => {
    const cloud = await keptAccount();
    const { id } = listener();
    await cloud.listeners.create(listener());

    await dispatchEvent(cloud, 'evt_1');

    const { deliveries } = await cloud.listenerDeliveries.page(accountId(), id, 1_000_000, cloud.time.now);
    expect(deliveries.map(({ eventId }) => eventId)).toEqual(['evt_1']);
  });
});
