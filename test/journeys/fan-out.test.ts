import { describe, expect, it, onTestFinished } from 'vitest';
import { startJourney } from './support/journey.ts';

const WEBHOOKS = 1_000;

describe('one event for a thousand webhooks of one account', () => {
  it('is a thousand deliveries, each once, none lost', async () => {
    const journey = await startJourney();
    onTestFinished(() => journey.close());
    const customer = await journey.startCustomer();
    const paths = Array.from({ length: WEBHOOKS }, (_, n) => `/${n}`);
    const ids: string[] = [];
    for (let start = 0; start < WEBHOOKS; start += 50) {
      const batch = paths.slice(start, start + 50).map(async (path) => {
        const { status, body } = await journey.api('POST', '/v1/webhooks', {
          url: customer.url(path),
          events: ['*'],
        });
        expect(status).toBe(201);
        ids.push(body.id);
      });
      await Promise.all(batch);
    }
    for (const id of ids) await journey.untilStatus(id, 'active');

    const publishedAt = Date.now();
    await journey.publish('file.uploaded', { id: 'evt_thousand', data: { n: 1 } });
    await customer.received(WEBHOOKS, undefined, 60_000);

    console.info(`1,000 deliveries of one event took ${Date.now() - publishedAt} ms`);
    expect(customer.requests.map(({ path }) => path).sort()).toEqual([...paths].sort());
    expect(new Set(customer.requests.map(({ headers }) => headers['x-webhook-delivery'])).size).toBe(
      WEBHOOKS,
    );
  });
});
