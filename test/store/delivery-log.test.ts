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
import { TTL_ATTRIBUTE } from '../../lambdas/shared/store/iam-attributes.ts';
import { deliveryKey, eventKey, recoveryKey } from '../../lambdas/shared/store/keys.ts';
import { createRecoveryStore } from '../../lambdas/shared/store/recoveries.ts';
import { recoveryId } from '../support/builders.ts';
import { startDynamoDB, type TestDynamoDB } from '../support/dynamodb.ts';
import {
  ACCEPTED_AT,
  aDelivery,
  aFailedAttempt,
  aGoodAttempt,
  anAccount,
  aStoredEvent,
  aWebhookId,
  nameOf,
} from './builders.ts';

const DAY_SECONDS = 24 * 60 * 60;
const EXPIRES_AT = ACCEPTED_AT + 30 * DAY_SECONDS * 1_000;

let db: TestDynamoDB;
let log: DeliveryLog;

beforeAll(async () => {
  db = await startDynamoDB();
  log = createDeliveryLog({ dynamodb: db.dynamodb, tableName: db.deliveriesTable });
});
afterAll(() => db.stop());

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
      [...(await log.getAll([name], now)).keys()],
    ];

    expect(await readAll(EXPIRES_AT)).toEqual([[id], id, [id]]);
    expect(await readAll(EXPIRES_AT + 1_000)).toEqual([[], undefined, []]);
  });

  it('leaves out an item that is no record, and goes on', async () => {
    const given = await givenDeliveries([0, 2]);
    const broken = deliveryKey(given.accountId, given.webhookId, newDeliveryId(ACCEPTED_AT + 1));
    await db.putRaw(db.deliveriesTable, { ...broken, status: 'lost' });

    expect(await listed(given, { pageSize: 1 })).toEqual(given.ids.toReversed());
  });

  it('reads many deliveries by name, of more than one batch', async () => {
    const given = await givenDeliveries(Array.from({ length: 101 }, (_, ms) => ms));
    const missing = newDeliveryId(ACCEPTED_AT);

    const records = await log.getAll(
      [...given.ids, missing].map((deliveryId) => ({ ...given, deliveryId })),
      ACCEPTED_AT,
    );

    expect(new Set(records.keys())).toEqual(new Set(given.ids));
  });
});

describe('items of the deliveries table', () => {
  it('expire after the days that the operator chose, however they were written', async () => {
    const table = { dynamodb: db.dynamodb, tableName: db.deliveriesTable, retentionDays: 90 };
    const store = createDeliveryStore(table);
    const account = anAccount();
    const event = aStoredEvent(account);
    const [put, success, failure, end, untried, repeat] = Array.from({ length: 6 }, () => aDelivery(account));
    if (!put || !success || !failure || !end || !untried || !repeat) throw new Error('six deliveries');
    const id = recoveryId('rcv_1');
    await store.putEvent(event);
    await store.putDelivered([{ delivery: put, attempt: aGoodAttempt(1) }]);
    await store.recordSuccess(success, aGoodAttempt(2));
    await store.recordFailure(failure, aFailedAttempt(2), 'retrying');
    await store.recordEnd(end, 'held', 'the webhook is disabled');
    await store.recordUntried(untried, 'held', 'the webhook is disabled');
    await store.recordSuccess({ ...repeat, startedAt: ACCEPTED_AT + DAY_SECONDS * 1_000 }, aGoodAttempt(1));
    await createRecoveryStore(table).create({
      id,
      accountId: account,
      webhookId: put.webhookId,
      createdAt: ACCEPTED_AT,
      since: ACCEPTED_AT,
      until: ACCEPTED_AT,
      statuses: ['held'],
      rate: 50,
      state: 'running',
      found: 0,
      enqueued: 0,
      expired: 0,
      delivered: 0,
      failed: 0,
      failedInRow: 0,
    });

    const keys = [
      eventKey(account, event.id),
      ...[put, success, failure, end, untried].map((delivery) => {
        const { accountId, webhookId, deliveryId } = nameOf(delivery);
        return deliveryKey(accountId, webhookId, deliveryId);
      }),
      recoveryKey(account, id),
    ];
    const expiryOf = async (key: (typeof keys)[number]) =>
      (await db.getRaw(db.deliveriesTable, key))?.[TTL_ATTRIBUTE];
    const accepted = ACCEPTED_AT / 1_000;

    expect(await Promise.all(keys.map(expiryOf))).toEqual(keys.map(() => accepted + 90 * DAY_SECONDS));
    expect(await expiryOf(deliveryKey(account, repeat.webhookId, repeat.deliveryId))).toBe(
      accepted + 91 * DAY_SECONDS,
    );
  });
});
