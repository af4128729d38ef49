import { describe, expect, it } from 'vitest';
import { countDeliveries } from '../../lambdas/serve-api/webhooks/count-deliveries.ts';
import { accountId, deliveryId, NOW, record, webhookId } from '../support/builders.ts';

const OF = { accountId: accountId(), webhookId: webhookId() };
const LIMITS = { maxPages: 3, maxMs: 5_000 };

/** A log of so many pages of one record. Each page takes `pageMs` to read. */
function log(pageCount: number, pageMs = 0) {
  const clock = { time: NOW, now: () => clock.time };
  const deliveryLog = {
    get: async () => undefined,
    async *pages() {
      for (let page = 1; page <= pageCount; page++) {
        clock.time += pageMs;
        yield { records: [record()], ...(page < pageCount ? { last: deliveryId(`dlv_${page}`) } : {}) };
      }
    },
  };
  return { deliveryLog, clock };
}

const count = (deps: ReturnType<typeof log>) =>
  countDeliveries(deps, OF, { order: 'oldest_first' }, () => true, LIMITS);

describe('a count of deliveries', () => {
  it('is exact when it reads all pages', async () => {
    expect(await count(log(3))).toEqual({ count: 3, atLeast: false });
  });

  it('ends after the most pages, and says that there may be more [API-37]', async () => {
    expect(await count(log(4))).toEqual({ count: 3, atLeast: true });
  });

  it('ends when it takes too long, and says that there may be more [API-37]', async () => {
    expect(await count(log(3, 2_500))).toEqual({ count: 2, atLeast: true });
  });
});
