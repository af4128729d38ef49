import { describe, expect, it } from 'vitest';
import { message } from '../support/builders.ts';
import { newCloud, outage } from '../support/new-cloud.ts';
import { answered } from '../support/post-results.ts';
import { ADDRESS_REFUSED } from './builders.ts';

/** A failure that is retried, and one that ends the delivery. */
const FAILURES = [
  ['webhook.retry', answered(500)],
  ['webhook.exhausted', ADDRESS_REFUSED],
] as const;

describe.each(FAILURES)('%s', (type, result) => {
  it('is published after a failure when a webhook of the account subscribes to it', async () => {
    const cloud = await newCloud();
    cloud.customer.answer = async () => result;
    cloud.put('first', message({ subscribedSystemEvents: [type] }));

    await cloud.run('first');

    expect(cloud.published).toMatchObject([
      {
        'detail-type': type,
        source: 'webhook-fanout.test',
        detail: { account_id: 'acct_1', about_webhook_id: 'wh_1', data: { webhook_id: 'wh_1' } },
      },
    ]);
    expect(cloud.counters.get('system_event_lost')).toBeUndefined();
  });

  it('is not published when no webhook of the account subscribes to it', async () => {
    const cloud = await newCloud();
    cloud.customer.answer = async () => result;
    cloud.put('first', message({ subscribedSystemEvents: [] }));

    await cloud.run('first');

    expect(cloud.published).toEqual([]);
  });

  it('is not published before the follow-up is enqueued', async () => {
    const cloud = await newCloud();
    cloud.customer.answer = async () => result;
    cloud.intercept(outage('SendMessageBatch'));
    cloud.put('first', message({ subscribedSystemEvents: [type] }));

    await cloud.run('first');

    expect(cloud.published).toEqual([]);
    expect(cloud.counters.get('exhausted')).toBeUndefined();
    expect(cloud.counts('first').inFlight + cloud.counts('first').visible).toBe(1);
  });

  it('is counted as lost when the bus refuses it without a reason', async () => {
    const cloud = await newCloud();
    cloud.customer.answer = async () => result;
    cloud.intercept(async (call, next) => (call.action === 'PutEvents' ? { FailedEntryCount: 1 } : next()));
    cloud.put('first', message({ subscribedSystemEvents: [type] }));

    await cloud.run('first');

    expect(cloud.counters.get('system_event_lost')).toBe(1);
    expect(cloud.logged).toMatchObject([
      { message: 'an attempt failed' },
      { system_event_type: type, why: 'no error code: ' },
    ]);
  });
});

describe('a delivery of a system event', () => {
  it('that fails for the last time is counted, and not sent to the exhausted queue', async () => {
    const cloud = await newCloud();
    cloud.customer.answer = async () => ADDRESS_REFUSED;
    cloud.put('first', message({ eventType: 'webhook.retry' }));

    await cloud.run('first');

    expect(cloud.counters.get('exhausted')).toBe(1);
    expect(cloud.counts('exhausted').visible).toBe(0);
  });
});
