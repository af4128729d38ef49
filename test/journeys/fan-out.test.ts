import { describe, expect, it, onTestFinished } from 'vitest';
import { putWebhooks } from '../../fixtures/put-webhooks.ts';
import { startJourney } from './support/journey.ts';

const WEBHOOKS = 1_000;

describe('one event for a thousand webhooks of one account', () => {
  it('is delivered exactly once to each webhook', async () => {
    const journey = await startJourney();
    onTestFinished(() => journey.close());
    const customer = await journey.startCustomer();
    const paths = Array.from({ length: WEBHOOKS }, (_, n) => `/${n}`);
    await putWebhooks(journey.cloud, journey.accountId, paths.map(customer.url));

    await journey.publish('file.uploaded', { id: 'evt_thousand', data: { n: 1 } });

    await customer.received(WEBHOOKS);
    await journey.untilIdle();
    expect(customer.requests.map(({ path }) => path).sort()).toEqual(paths.toSorted());
    expect(new Set(customer.requests.map(({ headers }) => headers['x-webhook-delivery'])).size).toBe(
      WEBHOOKS,
    );
  });
});
