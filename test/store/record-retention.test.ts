import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deliveryIdOf } from '../../lambdas/shared/domain/ids.ts';
import { createDeliveryStore } from '../../lambdas/shared/store/deliveries.ts';
import { TTL_ATTRIBUTE } from '../../lambdas/shared/store/iam-attributes.ts';
import { deliveryKey, eventKey, recoveryKey } from '../../lambdas/shared/store/keys.ts';
import { readRecords } from '../../lambdas/shared/store/read-delivery-states.ts';
import { createRecoveryStore } from '../../lambdas/shared/store/recoveries.ts';
import { busEvent } from '../dispatch-event/builders.ts';
import { startApi } from '../serve-api/support/start-api.ts';
import { givenWebhook } from '../serve-api/support/webhook-states.ts';
import { accountId, eventId, NOW, recoveryId, webhookId } from '../support/builders.ts';
import { startDynamoDB, type TestDynamoDB } from '../support/dynamodb.ts';
import { createInProcessStack } from '../support/in-process-stack.ts';
import { ACCEPTED_AT, aDelivery, aFailedAttempt, aGoodAttempt, anAccount, aStoredEvent } from './builders.ts';

const DAY_SECONDS = 24 * 60 * 60;
const DAYS = 90;
const DAYS_MS = DAYS * DAY_SECONDS * 1_000;

let db: TestDynamoDB;
beforeAll(async () => {
  db = await startDynamoDB();
});
afterAll(() => db.stop());

describe('items of the deliveries table', () => {
  it('expire after the days that the operator chose, however they were written', async () => {
    const table = { dynamodb: db.dynamodb, tableName: db.deliveriesTable, retentionDays: DAYS };
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
      ...[put, success, failure, end, untried].map(({ webhookId, deliveryId }) =>
        deliveryKey(account, webhookId, deliveryId),
      ),
      recoveryKey(account, id),
    ];
    const expiryOf = async (key: (typeof keys)[number]) =>
      (await db.getRaw(db.deliveriesTable, key))?.[TTL_ATTRIBUTE];
    const accepted = ACCEPTED_AT / 1_000;

    expect(await Promise.all(keys.map(expiryOf))).toEqual(keys.map(() => accepted + DAYS * DAY_SECONDS));
    expect(await expiryOf(deliveryKey(account, repeat.webhookId, repeat.deliveryId))).toBe(
      accepted + (DAYS + 1) * DAY_SECONDS,
    );
  });
});

describe('the functions', () => {
  it('write events and records with the retention of their setting', async () => {
    const stack = await createInProcessStack({ recordRetentionDays: DAYS });
    const [sent, held] = [webhookId('wh_sent'), webhookId('wh_held')];
    await stack.addWebhook({ id: sent });
    await stack.addWebhook({ id: held, status: 'disabled' });
    await stack.dispatch(busEvent({ detail: { account_id: 'acct_1', id: 'evt_1', data: {} } }));
    await stack.run('first');
    const event = await stack.deliveries.getEvent(accountId(), eventId('evt_1'), NOW);
    const acceptedAt = event?.acceptedAt ?? 0;
    const statusesAt = async (now: number) => {
      const names = [sent, held].map((id) => ({
        accountId: accountId(),
        webhookId: id,
        deliveryId: deliveryIdOf({
          accountId: accountId(),
          eventId: eventId('evt_1'),
          webhookId: id,
          acceptedAt,
        }),
      }));
      const records = await readRecords(
        {
          dynamodb: stack.dynamodb,
          tableName: 'deliveries',
          clock: { now: () => now, sleep: async () => undefined },
        },
        names,
      );
      const stored = await stack.deliveries.getEvent(accountId(), eventId('evt_1'), now);
      return [stored?.id, ...names.map(({ deliveryId }) => records.get(deliveryId)?.status)];
    };

    expect(await statusesAt(acceptedAt + DAYS_MS)).toEqual(['evt_1', 'delivered', 'held']);
    expect(await statusesAt(acceptedAt + DAYS_MS + 1_000)).toEqual([undefined, undefined, undefined]);
  });

  it('include the API, which stores test events', async () => {
    const api = await startApi({ recordRetentionDays: DAYS });
    try {
      const { caller, id } = await givenWebhook(api, 'active');
      const json = { webhook_id: id, event_type: 'file.uploaded' };
      const sent = Object((await caller.call('POST', '/v1/webhooks/test', { json })).body);
      const statusAt = async (time: number) => {
        api.clock.time = time;
        return (await caller.call('GET', `/v1/events/${sent.event_id}`)).status;
      };

      expect(await statusAt(NOW + DAYS_MS)).toBe(200);
      expect(await statusAt(NOW + DAYS_MS + 1_000)).toBe(404);
    } finally {
      await api.close();
    }
  });
});
