import { describe, expect, it, onTestFinished } from 'vitest';
import { type Journey, startJourney } from './support/journey.ts';
import { until } from './support/until.ts';

const WEBHOOKS = 1_000;

describe('one event for a thousand webhooks of one account', () => {
  it('is a thousand deliveries, each once, none lost', async () => {
    const journey = await startJourney();
    onTestFinished(() => journey.close());
    const customer = await journey.startCustomer();
    const paths = Array.from({ length: WEBHOOKS }, (_, n) => `/${n}`);
    for (let start = 0; start < WEBHOOKS; start += 50) {
      const batch = paths.slice(start, start + 50).map(async (path) => {
        const { status } = await journey.api('POST', '/v1/webhooks', {
          url: customer.url(path),
          events: ['*'],
        });
        expect(status).toBe(201);
      });
      await Promise.all(batch);
    }
    await until('all webhooks are active', () => areAllActive(journey), 40_000);

    const publishedAt = Date.now();
    await journey.publish('file.uploaded', { id: 'evt_thousand', data: { n: 1 } });
    await customer.received(WEBHOOKS, undefined, 60_000);

    console.info(`1,000 deliveries of one event took ${Date.now() - publishedAt} ms`);
    // A late duplicate would still be on a queue.
    await until('empty queues', () => areQueuesEmpty(journey) || undefined);
    expect(customer.requests.map(({ path }) => path).sort()).toEqual([...paths].sort());
    expect(new Set(customer.requests.map(({ headers }) => headers['x-webhook-delivery'])).size).toBe(
      WEBHOOKS,
    );
  });
});

async function areAllActive(journey: Journey): Promise<true | undefined> {
  let active = 0;
  let cursor: string | null = '';
  while (cursor !== null) {
    const path: string = cursor === '' ? '/v1/webhooks?limit=100' : `/v1/webhooks?limit=100&cursor=${cursor}`;
    const { body } = await journey.api('GET', path);
    active += body.data.filter(({ status }: { status: string }) => status === 'active').length;
    cursor = body.next_cursor;
  }
  return active === WEBHOOKS || undefined;
}

function areQueuesEmpty({ cloud }: Journey): boolean {
  return cloud.queues
    .queues()
    .map(({ url }) => cloud.queues.counts(url))
    .every(({ visible, inFlight, delayed }) => visible + inFlight + delayed === 0);
}
