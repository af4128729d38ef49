import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { DeliveryId } from '../../lambdas/shared/domain/ids.ts';
import { systemClock } from '../../lambdas/shared/runtime/clock.ts';
import { createDeliveryStore } from '../../lambdas/shared/store/deliveries.ts';
import { isMap } from '../../lambdas/shared/store/items.ts';
import { deliveryKey, webhookKey } from '../../lambdas/shared/store/keys.ts';
import { readDeliveryStates } from '../../lambdas/shared/store/read-delivery-states.ts';
import { createWebhookStore } from '../../lambdas/shared/store/webhooks.ts';
import { type Sent, startDynamoDB, type TestDynamoDB, watched } from '../support/dynamodb.ts';
import { createTestTimer, type TestTimer } from '../support/test-timer.ts';
import { aDelivery, aGoodAttempt, anAccount, aWebhook, nameOf, recordOf } from './builders.ts';

let db: TestDynamoDB;
let clock: TestTimer;

beforeAll(async () => {
  db = await startDynamoDB();
});
afterAll(() => db.stop());
beforeEach(() => {
  clock = createTestTimer();
});

describe('the state of deliveries', () => {
  it('has each webhook and record, or undefined when it does not exist', async () => {
    const webhook = await storedWebhook();
    const known = aDelivery(webhook.accountId, { webhookId: webhook.id });
    const unknown = aDelivery(anAccount());
    await storeDelivered([known]);

    const states = await readDeliveryStates({ ...db, clock }, [nameOf(known), nameOf(unknown)]);

    const record = { ...recordOf(known), status: 'delivered', attempts: [aGoodAttempt(1)] };
    expect(states).toEqual(
      new Map([
        [known.deliveryId, { webhook, record }],
        [unknown.deliveryId, { webhook: undefined, record: undefined }],
      ]),
    );
  });

  it('is read strongly consistent in one call, each key once', async () => {
    const webhook = await storedWebhook();
    const deliveries = Array.from({ length: 3 }, () =>
      aDelivery(webhook.accountId, { webhookId: webhook.id }),
    );
    await storeDelivered(deliveries);
    const sent: Sent[] = [];
    const dynamodb = watched(db.dynamodb, { before: (command) => sent.push(command) });

    const states = await readDeliveryStates(
      { ...db, dynamodb, clock },
      [...deliveries, ...deliveries].map(nameOf),
    );

    expect(states.size).toBe(3);
    expect(sent.map(({ command }) => command)).toEqual(['BatchGetItemCommand']);
    expect(sent[0]?.input.RequestItems).toMatchObject({
      [db.webhooksTable]: { ConsistentRead: true, Keys: { length: 1 } },
      [db.deliveriesTable]: { ConsistentRead: true, Keys: { length: 3 } },
    });
  });

  it('is read for more keys than DynamoDB accepts in one call', async () => {
    const webhook = await storedWebhook();
    const deliveries = Array.from({ length: 130 }, () =>
      aDelivery(webhook.accountId, { webhookId: webhook.id }),
    );
    await storeDelivered(deliveries);

    const states = await readDeliveryStates({ ...db, clock }, deliveries.map(nameOf));

    expect([...states.keys()].sort()).toEqual(deliveries.map(({ deliveryId }) => deliveryId).sort());
    for (const state of states.values()) {
      expect(state.webhook).toEqual(webhook);
      expect(state.record?.status).toBe('delivered');
    }
  });

  it('is requested again, after 25 and 100 ms, for keys that DynamoDB left unprocessed', async () => {
    const webhook = await storedWebhook();
    const deliveries = Array.from({ length: 4 }, () =>
      aDelivery(webhook.accountId, { webhookId: webhook.id }),
    );
    await storeDelivered(deliveries);
    const calls: Sent[] = [];
    const dynamodb = watched(db.dynamodb, {
      before: (sent) => calls.push(sent),
      after: (sent, answer) => (calls.length < 3 ? leaveUnprocessedAfter(1, sent, answer) : answer),
    });

    const states = await readDeliveryStates({ ...db, dynamodb, clock }, deliveries.map(nameOf));

    expect(calls).toHaveLength(3);
    expect(clock.waits).toEqual([25, 100]);
    for (const { input } of calls) {
      expect(input.RequestItems).toMatchObject({ [db.deliveriesTable]: { ConsistentRead: true } });
    }
    for (const { deliveryId } of deliveries) {
      expect(states.get(deliveryId)).toMatchObject({ webhook, record: { status: 'delivered' } });
    }
  });

  it('is an error when DynamoDB leaves keys unprocessed in every call: no delivery continues without it [FAULT-21]', async () => {
    const delivery = aDelivery(anAccount());
    const dynamodb = watched(db.dynamodb, {
      after: (sent, answer) => leaveUnprocessedAfter(0, sent, answer),
    });

    await expect(readDeliveryStates({ ...db, dynamodb, clock }, [nameOf(delivery)])).rejects.toThrow(
      /unprocessed/,
    );
  });

  it('distinguishes a webhook that cannot be parsed from a deleted one, and does not affect others [FAULT-12]', async () => {
    const webhook = await storedWebhook();
    const good = aDelivery(webhook.accountId, { webhookId: webhook.id });
    const bad = aDelivery(anAccount());
    await db.putRaw(db.webhooksTable, { ...webhookKey(bad.accountId, bad.webhookId), url: 7 });
    await db.putRaw(db.deliveriesTable, {
      ...deliveryKey(bad.accountId, bad.webhookId, bad.deliveryId),
      status: 'of a later version',
    });

    const states = await readDeliveryStates({ ...db, clock }, [nameOf(bad), nameOf(good)]);

    expect(states.get(bad.deliveryId)).toEqual({ webhook: 'unreadable', record: undefined });
    expect(states.get(good.deliveryId)?.webhook).toEqual(webhook);
  });

  it('of no deliveries needs no call', async () => {
    const dynamodb = watched(db.dynamodb, {
      before: () => {
        throw new Error('an unexpected read');
      },
    });

    expect(await readDeliveryStates({ ...db, dynamodb, clock }, [])).toEqual(new Map<DeliveryId, never>());
  });
});

async function storedWebhook() {
  const webhook = aWebhook(anAccount());
  await createWebhookStore({ dynamodb: db.dynamodb, tableName: db.webhooksTable, clock: systemClock }).create(
    webhook,
  );
  return webhook;
}

async function storeDelivered(deliveries: ReturnType<typeof aDelivery>[]): Promise<void> {
  const store = createDeliveryStore({ dynamodb: db.dynamodb, tableName: db.deliveriesTable });
  await store.putDelivered(deliveries.map((delivery) => ({ delivery, attempt: aGoodAttempt(1) })));
}

/** Alters a response as DynamoDB does under load: it has only the first `count` keys of each table. */
function leaveUnprocessedAfter(count: number, sent: Sent, answer: Sent['input']): Sent['input'] {
  const responses: Record<string, unknown> = {};
  const unprocessed: Record<string, unknown> = {};
  for (const [table, request] of Object.entries(
    isMap(sent.input.RequestItems) ? sent.input.RequestItems : {},
  )) {
    if (!isMap(request) || !Array.isArray(request.Keys)) continue;
    const kept = request.Keys.slice(0, count).map(nameOfKey);
    const found = isMap(answer.Responses) ? answer.Responses[table] : [];
    responses[table] = Array.isArray(found) ? found.filter((item) => kept.includes(nameOfKey(item))) : [];
    const unread = request.Keys.slice(count);
    if (unread.length > 0) unprocessed[table] = { Keys: unread };
  }
  return { ...answer, Responses: responses, UnprocessedKeys: unprocessed };
}

function nameOfKey(key: Sent['input']): string {
  return JSON.stringify([key.pk, key.sk]);
}
