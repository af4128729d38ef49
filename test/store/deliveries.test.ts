import { marshall } from '@aws-sdk/util-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Attempt, DeliveryRecord } from '../../lambdas/shared/domain/delivery.ts';
import { newDeliveryId, newRecoveryId } from '../../lambdas/shared/domain/ids.ts';
import { createDeliveryStore, type DeliveryStore } from '../../lambdas/shared/store/deliveries.ts';
import type { DeliveryHeader } from '../../lambdas/shared/store/delivery-item.ts';
import { TTL_ATTRIBUTE } from '../../lambdas/shared/store/iam-attributes.ts';
import { itemSize, writeUnits } from '../../lambdas/shared/store/item-size.ts';
import { isMap } from '../../lambdas/shared/store/items.ts';
import { deliveryKey } from '../../lambdas/shared/store/keys.ts';
import { readDeliveryStates } from '../../lambdas/shared/store/read-delivery-states.ts';
import { NOW } from '../support/builders.ts';
import { startDynamoDB, type TestDynamoDB, watched } from '../support/dynamodb.ts';
import { createTestTimer } from '../support/test-timer.ts';
import {
  ACCEPTED_AT,
  aDelivery,
  aFailedAttempt,
  aGoodAttempt,
  anAccount,
  anEventId,
  aWebhookId,
  nameOf,
  recordOf,
} from './builders.ts';

const WITHIN_ONE_WRITE_UNIT = 1024;
const THIRTY_DAYS_SECONDS = 30 * 24 * 60 * 60;

let db: TestDynamoDB;
let store: DeliveryStore;

beforeAll(async () => {
  db = await startDynamoDB();
  store = createDeliveryStore({ dynamodb: db.dynamodb, tableName: db.deliveriesTable });
});
afterAll(() => db.stop());

describe('a success', () => {
  it('is recorded with all its fields when no record exists [NET-20]', async () => {
    const delivery = aDelivery(anAccount());
    const attempt = aGoodAttempt(1, { reconnected: true });

    await store.recordSuccess(delivery, attempt);

    expect(await recorded(delivery)).toEqual({
      ...recordOf(delivery),
      status: 'delivered',
      attempts: [attempt],
    });
  });

  it('overwrites a failure of the same attempt by another copy of the message', async () => {
    const delivery = aDelivery(anAccount());
    await store.recordFailure(delivery, aFailedAttempt(1), 'retrying');

    await store.recordSuccess(delivery, aGoodAttempt(1));

    expect(await recorded(delivery)).toMatchObject({ status: 'delivered', attempts: [aGoodAttempt(1)] });
  });

  it.each(['exhausted', 'held', 'canceled'] as const)('overwrites the status %s', async (ended) => {
    const delivery = aDelivery(anAccount());
    if (ended === 'exhausted') await store.recordFailure(delivery, aFailedAttempt(1), ended);
    else await store.recordEnd(delivery, ended, 'the webhook was deleted');

    await store.recordSuccess(delivery, aGoodAttempt(2));

    const record = await recorded(delivery);
    expect(record?.status).toBe('delivered');
    expect(record).not.toHaveProperty('reason');
  });

  it('keeps the earlier attempts', async () => {
    const delivery = aDelivery(anAccount());
    await store.recordFailure(delivery, aFailedAttempt(1), 'retrying');

    await store.recordSuccess(delivery, aGoodAttempt(2));

    expect((await recorded(delivery))?.attempts).toEqual([aFailedAttempt(1), aGoodAttempt(2)]);
  });
});

describe('a failure', () => {
  it('is recorded with all its fields [NET-4, NET-23]', async () => {
    const delivery = aDelivery(anAccount(), { resendOf: aDelivery(anAccount()).deliveryId });
    const attempt = aFailedAttempt(1, {
      status: 302,
      location: 'https://elsewhere.example.com/',
      excerpt: '<html>\u0000 "moved" 🙂',
      excerptCut: true,
    });

    const answer = await store.recordFailure(delivery, attempt, 'retrying');

    expect(answer).toBe('recorded');
    expect(await recorded(delivery)).toEqual({
      ...recordOf(delivery),
      status: 'retrying',
      attempts: [attempt],
    });
  });

  it('never overwrites a success [FAULT-9]', async () => {
    const delivery = aDelivery(anAccount());
    await store.recordSuccess(delivery, aGoodAttempt(1));

    const same = await store.recordFailure(delivery, aFailedAttempt(1), 'retrying');
    const later = await store.recordFailure(delivery, aFailedAttempt(2), 'exhausted');

    expect([same, later]).toEqual(['already_recorded', 'already_recorded']);
    expect(await recorded(delivery)).toMatchObject({ status: 'delivered', attempts: [aGoodAttempt(1)] });
  });

  it('is recorded once when several copies of the message fail at the same time', async () => {
    const delivery = aDelivery(anAccount());
    const copies = ['a', 'b', 'c'].map((token) => aFailedAttempt(1, { token }));

    const answers = await Promise.all(copies.map((copy) => store.recordFailure(delivery, copy, 'retrying')));

    expect(answers.sort()).toEqual(['already_recorded', 'already_recorded', 'recorded']);
  });

  it('is recorded again when the same write is repeated', async () => {
    const delivery = aDelivery(anAccount());
    await store.recordFailure(delivery, aFailedAttempt(1), 'exhausted');

    expect(await store.recordFailure(delivery, aFailedAttempt(1), 'exhausted')).toBe('recorded');
  });

  it('without a token is not treated as a repeated write', async () => {
    const delivery = aDelivery(anAccount());
    const { token: _, ...attempt } = aFailedAttempt(1);
    await store.recordFailure(delivery, attempt, 'retrying');

    expect(await store.recordFailure(delivery, attempt, 'retrying')).toBe('already_recorded');
  });

  it('does not overwrite a success that was recorded before the write was repeated', async () => {
    const delivery = aDelivery(anAccount());
    await store.recordFailure(delivery, aFailedAttempt(2), 'retrying');
    await store.recordSuccess(delivery, aGoodAttempt(1));

    const again = await store.recordFailure(delivery, aFailedAttempt(2), 'retrying');

    expect(again).toBe('already_recorded');
    expect((await recorded(delivery))?.status).toBe('delivered');
  });

  it('does not change an end that another copy recorded before the write was repeated', async () => {
    const delivery = aDelivery(anAccount());
    await store.recordFailure(delivery, aFailedAttempt(1), 'retrying');
    await store.recordEnd(delivery, 'canceled', 'the webhook was deleted');

    const again = await store.recordFailure(delivery, aFailedAttempt(1), 'retrying');

    expect(again).toBe('already_recorded');
    expect((await recorded(delivery))?.status).toBe('canceled');
  });

  it('is not recorded when the next attempt is recorded', async () => {
    const delivery = aDelivery(anAccount());
    await store.recordFailure(delivery, aFailedAttempt(2), 'retrying');

    const answer = await store.recordFailure(delivery, aFailedAttempt(1), 'retrying');

    expect(answer).toBe('already_recorded');
    expect(await recorded(delivery)).toMatchObject({ status: 'retrying', attempts: [aFailedAttempt(2)] });
  });

  it.each(['canceled', 'exhausted', 'held'] as const)(
    'does not change the final status %s',
    async (ended) => {
      const delivery = aDelivery(anAccount());
      if (ended === 'exhausted') await store.recordFailure(delivery, aFailedAttempt(4), ended);
      else await store.recordEnd(delivery, ended, 'the webhook was deleted');

      const answer = await store.recordFailure(delivery, aFailedAttempt(2), 'retrying');

      expect(answer).toBe('already_recorded');
      expect((await recorded(delivery))?.status).toBe(ended);
    },
  );

  it('of the last attempt is recorded after the earlier ones', async () => {
    const delivery = aDelivery(anAccount());
    for (const number of [1, 2, 3]) {
      await store.recordFailure(delivery, aFailedAttempt(number), 'retrying');
    }

    await store.recordFailure(delivery, aFailedAttempt(4), 'exhausted');

    expect(await recorded(delivery)).toMatchObject({
      status: 'exhausted',
      attempts: [1, 2, 3, 4].map((number) => aFailedAttempt(number)),
    });
  });
});

describe('a delivery whose next attempt is not made', () => {
  it('is recorded with its reason and keeps the attempts', async () => {
    const delivery = aDelivery(anAccount());
    await store.recordFailure(delivery, aFailedAttempt(1), 'retrying');

    const answer = await store.recordEnd(delivery, 'canceled', 'the webhook was deleted');

    expect(answer).toBe('recorded');
    expect(await recorded(delivery)).toEqual({
      ...recordOf(delivery),
      status: 'canceled',
      reason: 'the webhook was deleted',
      attempts: [aFailedAttempt(1)],
    });
  });

  it.each(['delivered', 'exhausted', 'canceled', 'held'] as const)(
    'keeps the final status %s',
    async (ended) => {
      const delivery = aDelivery(anAccount());
      if (ended === 'delivered') await store.recordSuccess(delivery, aGoodAttempt(1));
      if (ended === 'exhausted') await store.recordFailure(delivery, aFailedAttempt(1), 'exhausted');
      if (ended === 'canceled' || ended === 'held') await store.recordEnd(delivery, ended, 'first');
      const before = await recorded(delivery);

      const answers = [
        await store.recordEnd(delivery, 'held', 'second'),
        await store.recordEnd(delivery, 'canceled', 'second'),
      ];

      expect(answers).toEqual(['already_ended', 'already_ended']);
      expect(await recorded(delivery)).toEqual(before);
    },
  );

  it('is recorded by the dispatcher only when no record exists', async () => {
    const delivery = aDelivery(anAccount());

    const answers = [
      await store.recordUntried(delivery, 'held', 'the webhook is disabled'),
      await store.recordUntried(delivery, 'canceled', 'second'),
    ];

    expect(answers).toEqual(['recorded', 'exists']);
    expect(await recorded(delivery)).toEqual({
      ...recordOf(delivery),
      status: 'held',
      reason: 'the webhook is disabled',
      attempts: [],
    });
  });
});

describe('the time of the next attempt', () => {
  const nextAttemptAt = ACCEPTED_AT + 60_000;

  it('is recorded with a failure, and moves with the next failure and with a takeover', async () => {
    const delivery = aDelivery(anAccount());
    const times = [];

    await store.recordFailure(delivery, aFailedAttempt(1), 'retrying', { nextAttemptAt });
    times.push((await recorded(delivery))?.nextAttemptAt);
    const by = { token: 'other', takenAt: ACCEPTED_AT + 90_000, nextAttemptAt: nextAttemptAt + 1 };
    await store.takeOver(delivery, aFailedAttempt(1), by);
    times.push((await recorded(delivery))?.nextAttemptAt);
    await store.recordFailure(delivery, aFailedAttempt(2), 'retrying', { nextAttemptAt: nextAttemptAt + 2 });
    times.push((await recorded(delivery))?.nextAttemptAt);

    expect(times).toEqual([nextAttemptAt, nextAttemptAt + 1, nextAttemptAt + 2]);
  });

  it.each(['delivered', 'exhausted', 'held', 'canceled'] as const)(
    'is removed when the delivery ends as %s',
    async (status) => {
      const delivery = aDelivery(anAccount());
      await store.recordFailure(delivery, aFailedAttempt(1), 'retrying', { nextAttemptAt });

      if (status === 'delivered') await store.recordSuccess(delivery, aGoodAttempt(2));
      else if (status === 'exhausted') await store.recordFailure(delivery, aFailedAttempt(2), status);
      else await store.recordEnd(delivery, status, 'why');

      const record = await recorded(delivery);
      expect(record?.status).toBe(status);
      expect(record?.nextAttemptAt).toBeUndefined();
    },
  );
});

describe('the excerpts of a record', () => {
  const excerpt = `${'x'.repeat(255)}${'é'.repeat(300)}`;

  it('are cut to 256 bytes of whole characters when the next failure is recorded, in the same call', async () => {
    const delivery = aDelivery(anAccount());
    const earlier = aFailedAttempt(1, { excerpt });
    await store.recordFailure(delivery, earlier, 'retrying');

    await store.recordFailure(delivery, aFailedAttempt(2, { excerpt }), 'retrying', { earlier });

    const { attempts = [] } = (await recorded(delivery)) ?? {};
    expect(attempts).toEqual([
      { ...earlier, excerpt: 'x'.repeat(255), excerptCut: true },
      aFailedAttempt(2, { excerpt }),
    ]);
  });

  it('stay as they are when they are short', async () => {
    const delivery = aDelivery(anAccount());
    const earlier = aFailedAttempt(1, { excerpt: 'sorry' });
    await store.recordFailure(delivery, earlier, 'retrying');

    await store.recordFailure(delivery, aFailedAttempt(2), 'retrying', { earlier });

    expect((await recorded(delivery))?.attempts[0]).toEqual(earlier);
  });

  it('and the headers of four failures fit into four write units', async () => {
    const delivery = aDelivery(anAccount());
    const failed = (number: number) =>
      aFailedAttempt(number, {
        token: '1f3870be',
        at: ACCEPTED_AT + number * 10_000,
        timing: { dnsMs: 12, connectMs: 85, tlsMs: 190, firstByteMs: 1_234 },
        excerpt: 'x'.repeat(1_024),
        excerptCut: true,
        responseHeaders: {
          'retry-after': '120',
          'content-type': 'text/html; charset=utf-8',
          'x-request-id': '4bf92f35-77b3-4da6-a3ce-929d0e0e4736',
          'cf-ray': '8c1f0a2b3c4d5e6f-FRA',
          server: 'cloudflare',
          date: 'Thu, 15 Jan 2026 10:30:00 GMT',
          allow: 'a'.repeat(78),
        },
      });
    const sizes = [];

    for (const number of [1, 2, 3, 4]) {
      const earlier = number === 1 ? {} : { earlier: failed(number - 1) };
      const next = number === 4 ? {} : { nextAttemptAt: ACCEPTED_AT + 20_000 };
      const status = number === 4 ? 'exhausted' : 'retrying';
      await store.recordFailure(delivery, failed(number), status, { ...earlier, ...next });
      sizes.push(itemSize(marshall(await raw(delivery))));
    }

    expect(
      Object.entries(failed(1).responseHeaders ?? {})
        .flat()
        .join(''),
    ).toHaveLength(256);
    expect(sizes.map(writeUnits)).toEqual([2, 3, 4, 4]);
  });
});

describe('the claim of a first attempt', () => {
  const claim = (delivery: ReturnType<typeof aDelivery>, token: string, at = NOW) =>
    store.claim(delivery, { token, at }, at - 120_000);

  it('is given to one of several copies, and again to the same one', async () => {
    const delivery = aDelivery(anAccount());

    const answers = await Promise.all(['a', 'b', 'c'].map((token) => claim(delivery, token)));

    expect(answers.toSorted()).toEqual(['claimed', 'lost', 'lost']);
    const winner = ['a', 'b', 'c'][answers.indexOf('claimed')] ?? '';
    expect(await claim(delivery, winner)).toBe('claimed');
    expect(await recorded(delivery)).toMatchObject({ status: 'retrying', claimedAt: NOW, attempts: [] });
  });

  it('is given to another copy when it is older than the limit', async () => {
    const delivery = aDelivery(anAccount());
    await claim(delivery, 'a');

    expect(await claim(delivery, 'b', NOW + 120_000)).toBe('lost');
    expect(await claim(delivery, 'b', NOW + 120_001)).toBe('claimed');
  });

  it('is lost after the attempt was recorded, and after the delivery ended', async () => {
    const [failed, held] = [aDelivery(anAccount()), aDelivery(anAccount())];
    await store.recordFailure(failed, aFailedAttempt(1), 'retrying');
    await store.recordEnd(held, 'held', 'the webhook is disabled');

    expect([await claim(failed, 'a'), await claim(held, 'a')]).toEqual(['lost', 'lost']);
    expect((await recorded(held))?.status).toBe('held');
  });
});

describe('the mark of a repeated delivery', () => {
  const recoveries = [newRecoveryId(NOW), newRecoveryId(NOW + 1)] as const;

  it('keeps the first repeat and the first recovery, unless a resend replaces it', async () => {
    const delivery = aDelivery(anAccount());
    await store.recordEnd(delivery, 'held', 'the webhook is disabled');
    const [one, other] = [newDeliveryId(NOW), newDeliveryId(NOW)];

    const answers = [
      await store.markResent(delivery, one, { by: recoveries[0] }),
      await store.markResent(delivery, one, { by: recoveries[0] }),
      await store.markResent(delivery, one, { by: recoveries[1] }),
      await store.markResent(delivery, one),
      await store.markResent(delivery, other),
    ];

    expect(answers).toEqual(['marked', 'marked', 'already', 'marked', 'already']);
    expect(await recorded(delivery)).toMatchObject({ resentAs: one, resentBy: recoveries[0] });
    expect(await store.markResent(delivery, other, { over: true })).toBe('marked');
    expect(await recorded(delivery)).toMatchObject({ resentAs: other });
  });

  it('creates no record', async () => {
    const delivery = aDelivery(anAccount());

    expect(await store.markResent(delivery, newDeliveryId(NOW), { over: true })).toBe('already');
    expect(await recorded(delivery)).toBeUndefined();
  });
});

describe('deliveries that succeeded at the first attempt', () => {
  it('are written together, also more than DynamoDB accepts in one call', async () => {
    const account = anAccount();
    const delivered = Array.from({ length: 60 }, () => ({
      delivery: aDelivery(account),
      attempt: aGoodAttempt(1),
    }));

    const { unwritten } = await store.putDelivered(delivered);

    expect(unwritten).toEqual([]);
    for (const { delivery, attempt } of delivered) {
      expect(await recorded(delivery)).toEqual({
        ...recordOf(delivery),
        status: 'delivered',
        attempts: [attempt],
      });
    }
  });

  it('can contain a delivery twice', async () => {
    const delivery = aDelivery(anAccount());
    const delivered = { delivery, attempt: aGoodAttempt(1) };

    expect(await store.putDelivered([delivered, delivered])).toEqual({ unwritten: [] });
    expect((await recorded(delivery))?.status).toBe('delivered');
  });

  it('are returned when DynamoDB left them unprocessed', async () => {
    const account = anAccount();
    const delivered = Array.from({ length: 5 }, () => ({
      delivery: aDelivery(account),
      attempt: aGoodAttempt(1),
    }));
    const unprocessed = [delivered[1], delivered[4]];
    const dynamodb = watched(db.dynamodb, {
      after: ({ input }, answer) => ({ ...answer, UnprocessedItems: pick(input.RequestItems, [1, 4]) }),
    });

    const { unwritten } = await createDeliveryStore({ dynamodb, tableName: db.deliveriesTable }).putDelivered(
      delivered,
    );

    expect(unwritten).toEqual(unprocessed);
  });

  it('throw when DynamoDB is down', async () => {
    const dynamodb = watched(db.dynamodb, {
      before: () => {
        throw new Error('down');
      },
    });
    const failing = createDeliveryStore({ dynamodb, tableName: db.deliveriesTable });
    const delivery = aDelivery(anAccount());

    await expect(failing.putDelivered([{ delivery, attempt: aGoodAttempt(1) }])).rejects.toThrow('down');
    await expect(failing.recordFailure(delivery, aFailedAttempt(1), 'retrying')).rejects.toThrow('down');
  });
});

describe('a record', () => {
  it('expires 30 days after its event was accepted, for each kind of write', async () => {
    const account = anAccount();
    const [put, success, failure, end, untried] = Array.from({ length: 5 }, () => aDelivery(account));
    const at = { at: ACCEPTED_AT + 50_000 };
    if (!put || !success || !failure || !end || !untried) throw new Error('five deliveries');
    await store.putDelivered([{ delivery: put, attempt: aGoodAttempt(1, at) }]);
    await store.recordSuccess(success, aGoodAttempt(2, at));
    await store.recordFailure(failure, aFailedAttempt(2, at), 'retrying');
    await store.recordEnd(end, 'held', 'the webhook is disabled');
    await store.recordUntried(untried, 'held', 'the webhook is disabled');

    const expiries = await Promise.all(
      [put, success, failure, end, untried].map(async (delivery) => (await raw(delivery))?.[TTL_ATTRIBUTE]),
    );

    expect(new Set(expiries)).toEqual(new Set([ACCEPTED_AT / 1000 + THIRTY_DAYS_SECONDS]));
  });

  it('needs less than half a write unit for an ordinary delivery, and one for the longest ids', async () => {
    const account = anAccount();
    const ordinary = aDelivery(account);
    const longest = aDelivery(account, {
      webhookId: aWebhookId(`wh_${'w'.repeat(61)}`),
      eventId: anEventId('e'.repeat(64)),
      eventType: `${'t'.repeat(63)}.${'t'.repeat(64)}`,
    });
    const attempt: Attempt = aGoodAttempt(1, { token: '1f3870be' });
    await store.putDelivered([
      { delivery: ordinary, attempt },
      { delivery: longest, attempt },
    ]);

    expect(itemSize(marshall(await raw(ordinary)))).toBeLessThan(400);
    expect(itemSize(marshall(await raw(longest)))).toBeLessThan(WITHIN_ONE_WRITE_UNIT);
  });
});

async function recorded(delivery: DeliveryHeader): Promise<DeliveryRecord | undefined> {
  const states = await readDeliveryStates({ ...db, clock: createTestTimer() }, [nameOf(delivery)]);
  return states.get(delivery.deliveryId)?.record;
}

function raw({ accountId, webhookId, deliveryId }: DeliveryHeader) {
  return db.getRaw(db.deliveriesTable, deliveryKey(accountId, webhookId, deliveryId));
}

function pick(requests: unknown, indexes: readonly number[]): Record<string, unknown[]> {
  if (!isMap(requests)) return {};
  return Object.fromEntries(
    Object.entries(requests).map(([table, writes]) => [
      table,
      Array.isArray(writes) ? writes.filter((_, index) => indexes.includes(index)) : [],
    ]),
  );
}
