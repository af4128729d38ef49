import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type AccountId,
  type DeliveryId,
  newDeliveryId,
  type WebhookId,
} from '../../lambdas/shared/domain/ids.ts';
import { createDeliveryStore } from '../../lambdas/shared/store/deliveries.ts';
import {
  createDeliveryLog,
  type DeliveryLog,
  type DeliveryRange,
} from '../../lambdas/shared/store/delivery-log.ts';
import { deliveryKey } from '../../lambdas/shared/store/keys.ts';
import { readRecords } from '../../lambdas/shared/store/read-delivery-states.ts';
import { startDynamoDB, type TestDynamoDB } from '../support/dynamodb.ts';
import { ACCEPTED_AT, aDelivery, aGoodAttempt, anAccount, aWebhookId } from './builders.ts';

const DAY_SECONDS = 24 * 60 * 60;
const EXPIRES_AT = ACCEPTED_AT + 30 * DAY_SECONDS * 1_000;

let db: TestDynamoDB;
let log: DeliveryLog;

beforeAll(async () => {
  db = await startDynamoDB();
  log = createDeliveryLog({ dynamodb: db.dynamodb, tableName: db.deliveriesTable });
});
afterAll(() => db.stop());

/** The table, read at this time (ms since 1970). */
function tableAt(now: number) {
  const clock = { now: () => now, sleep: async () => undefined };
  return { dynamodb: db.dynamodb, tableName: db.deliveriesTable, clock };
}

/** Stores deliveries whose ids have these times, counted in milliseconds from ACCEPTED_AT. */
async function givenDeliveries(times: readonly number[]) {
  const [accountId, webhookId] = [anAccount(), aWebhookId('wh_log')];
  const store = createDeliveryStore({ dynamodb: db.dynamodb, tableName: db.deliveriesTable });
  const deliveries = times.map((ms) =>
    aDelivery(accountId, { webhookId, deliveryId: newDeliveryId(ACCEPTED_AT + ms) }),
  );
  for (const delivery of deliveries) await store.recordSuccess(delivery, aGoodAttempt(1));
  return { accountId, webhookId, ids: deliveries.map(({ deliveryId }) => deliveryId) };
}

async function pagesOf(
  of: { accountId: AccountId; webhookId: WebhookId },
  range: Partial<DeliveryRange>,
  now = ACCEPTED_AT,
): Promise<{ ids: DeliveryId[]; last: DeliveryId | undefined }[]> {
  const pages = [];
  const whole: DeliveryRange = { order: 'newest_first', ...range };
  for await (const { records, last } of log.pages(of.accountId, of.webhookId, whole, now)) {
    pages.push({ ids: records.map(({ deliveryId }) => deliveryId), last });
  }
  return pages;
}

async function listed(...of: Parameters<typeof pagesOf>): Promise<DeliveryId[]> {
  return (await pagesOf(...of)).flatMap(({ ids }) => ids);
}

describe('the delivery log', () => {
  it('lists the deliveries of one webhook in both orders, page by page', async () => {
    const given = await givenDeliveries([0, 1, 2]);
    const [oldest, middle, newest] = given.ids;
    await givenDeliveries([1]);

    expect(await pagesOf(given, { pageSize: 2 })).toEqual([
      { ids: [newest, middle], last: middle },
      { ids: [oldest], last: undefined },
    ]);
    expect(await listed(given, { order: 'oldest_first' })).toEqual([oldest, middle, newest]);
  });

  it('begins at `since` and ends before `until`', async () => {
    const given = await givenDeliveries([0, 1, 2, 3]);

    const range = { since: ACCEPTED_AT + 1, until: ACCEPTED_AT + 3 };

    expect(await listed(given, range)).toEqual([given.ids[2], given.ids[1]]);
  });

  it('continues after a delivery, also after one that is deleted', async () => {
    const given = await givenDeliveries([0, 1, 2]);
    const deleted = newDeliveryId(ACCEPTED_AT + 1);

    expect(await listed(given, { after: deleted })).toEqual(
      given.ids.filter((id) => id < deleted).toReversed(),
    );
    expect(await listed(given, { after: deleted, order: 'oldest_first' })).toEqual(
      given.ids.filter((id) => id > deleted),
    );
  });

  it.each([
    { order: 'newest_first', ms: 0, rest: [] },
    { order: 'newest_first', ms: 5, rest: [3, 2] },
    { order: 'oldest_first', ms: 0, rest: [2, 3] },
    { order: 'oldest_first', ms: 5, rest: [] },
  ] as const)(
    'lists the rest of a range that does not contain the last delivery: $order, $ms',
    async (of) => {
      const given = await givenDeliveries([1, 2, 3, 4]);
      const range = { since: ACCEPTED_AT + 2, until: ACCEPTED_AT + 4 };

      const ids = await listed(given, {
        ...range,
        order: of.order,
        after: newDeliveryId(ACCEPTED_AT + of.ms),
      });

      expect(ids).toEqual(of.rest.map((ms) => given.ids[ms - 1]));
    },
  );

  it('is empty for a range that ends before it begins, or where it begins', async () => {
    const given = await givenDeliveries([0, 1]);

    expect(await listed(given, { since: ACCEPTED_AT + 1, until: ACCEPTED_AT })).toEqual([]);
    expect(await listed(given, { since: ACCEPTED_AT, until: ACCEPTED_AT })).toEqual([]);
  });

  it('never contains a record that has expired, though DynamoDB has not deleted it yet', async () => {
    const given = await givenDeliveries([0]);
    const [id] = given.ids;
    if (id === undefined) throw new Error('one delivery');
    const name = { ...given, deliveryId: id };
    const readAll = async (now: number) => [
      await listed(given, {}, now),
      (await log.get(given.accountId, given.webhookId, id, now))?.deliveryId,
      [...(await readRecords(tableAt(now), [name])).keys()],
    ];

    expect(await readAll(EXPIRES_AT)).toEqual([[id], id, [id]]);
    expect(await readAll(EXPIRES_AT + 1_000)).toEqual([[], undefined, []]);
  });

  it('leaves out an item that is not a record, and returns the others', async () => {
    const given = await givenDeliveries([0, 2]);
    const broken = deliveryKey(given.accountId, given.webhookId, newDeliveryId(ACCEPTED_AT + 1));
    await db.putRaw(db.deliveriesTable, { ...broken, status: 'lost' });

    expect(await listed(given, { pageSize: 1 })).toEqual(given.ids.toReversed());
  });

  it('reads many deliveries by name, of more than one batch', async () => {
    const given = await givenDeliveries(Array.from({ length: 101 }, (_, ms) => ms));
    const missing = newDeliveryId(ACCEPTED_AT);

    const records = await readRecords(
      tableAt(ACCEPTED_AT),
      [...given.ids, missing].map((deliveryId) => ({ ...given, deliveryId })),
    );

    expect(new Set(records.keys())).toEqual(new Set(given.ids));
  });
});
