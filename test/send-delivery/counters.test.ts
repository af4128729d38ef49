import { describe, expect, it } from 'vitest';
import { message } from '../support/builders.ts';
import { type Cloud, newCloud, outage } from '../support/new-cloud.ts';
import { answered } from '../support/post-results.ts';
import { ADDRESS_REFUSED } from './builders.ts';

const SLOW_SINCE = '2026-01-15T10:29:00.000Z';

/** What happens to one message of the first lane, and what is counted. */
const OUTCOMES: [string, (cloud: Cloud) => Promise<unknown>, Record<string, number>][] = [
  ['a success', async (cloud) => cloud.put('first', message()), { delivered: 1 }],
  [
    'a failure that is retried',
    async (cloud) => {
      cloud.customer.answer = async () => answered(500);
      cloud.put('first', message());
    },
    { attempt_failed: 1, attempt_failed_http_status: 1 },
  ],
  [
    'the last failure',
    async (cloud) => {
      cloud.customer.answer = async () => ADDRESS_REFUSED;
      cloud.put('first', message());
    },
    { attempt_failed: 1, attempt_failed_address_refused: 1, exhausted: 1 },
  ],
  [
    'a message of a disabled webhook',
    async (cloud) => {
      await cloud.addWebhook({ status: 'disabled' });
      cloud.put('first', message({ rerun: true }));
    },
    { held: 1 },
  ],
  [
    'a message of a deleted webhook',
    async (cloud) => cloud.put('first', message({ rerun: true })),
    { canceled: 1 },
  ],
  [
    'a message of a webhook that is marked slow',
    async (cloud) => {
      await cloud.addWebhook({ slowSince: SLOW_SINCE });
      cloud.put('first', message({ rerun: true }));
    },
    { forwarded_slow: 1 },
  ],
  [
    'a message of a delivery that succeeded before',
    async (cloud) => {
      await cloud.addWebhook();
      cloud.put('first', message());
      await cloud.run('first');
      cloud.counters.clear();
      cloud.put('first', message({ rerun: true }));
    },
    { duplicate_dropped: 1 },
  ],
  ['an unreadable message', async (cloud) => cloud.putText('first', 'not JSON'), { unreadable: 1 }],
  [
    'a message whose webhook cannot be read',
    async (cloud) => {
      cloud.intercept(outage('BatchGetItem'));
      cloud.put('first', message({ rerun: true }));
    },
    { returned: 1, dependency_failed: 1 },
  ],
];

describe('the counters', () => {
  it.each(OUTCOMES)('count %s', async (_, prepare, expected) => {
    const cloud = await newCloud();
    await prepare(cloud);

    await cloud.run('first');

    expect(Object.fromEntries(cloud.counters)).toEqual(expected);
  });
});

describe('the latency', () => {
  it('is the time from the acceptance of the event to the answer', async () => {
    const cloud = await newCloud();
    const { acceptedAt } = message();
    cloud.put('first', message({ acceptedAt: acceptedAt - 400 }));
    const [startedAt, { durationMs }] = [cloud.time.now, answered(200)];

    await cloud.run('first');

    expect(cloud.latencies).toEqual([startedAt + durationMs - acceptedAt + 400]);
  });

  it.each([
    ['fails', message(), 500],
    ['is a test', message({ kind: 'test' }), 200],
    ['repeats another delivery', message({ resendOf: message().deliveryId }), 200],
  ])('is not measured of a delivery that %s', async (_, sent, status) => {
    const cloud = await newCloud();
    await cloud.addWebhook();
    cloud.customer.answer = async () => answered(status);
    cloud.put('first', sent);

    await cloud.run('first');

    expect(cloud.counters.size).toBeGreaterThan(0);
    expect(cloud.latencies).toEqual([]);
  });
});
