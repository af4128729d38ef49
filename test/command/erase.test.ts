import { DeleteItemCommand, ScanCommand, type ScanCommandOutput } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { type EraseRequest, erase } from '../../command/erase/erase.ts';
import { sealHeaders } from '../../lambdas/shared/secrets/custom-headers.ts';
import { createApiKeyStore } from '../../lambdas/shared/store/api-keys.ts';
import { createAuditLog } from '../../lambdas/shared/store/audit-log.ts';
import { parseBody } from '../../lambdas/shared/store/body-attribute.ts';
import { createIdempotencyStore } from '../../lambdas/shared/store/idempotency.ts';
import { busEvent } from '../dispatch-event/builders.ts';
import {
  accountId,
  deliveryId,
  eventId,
  listener,
  listenerId,
  message,
  webhookId,
} from '../support/builders.ts';
import { QUEUES, queueUrl, TABLES } from '../support/in-process-services.ts';
import { type Cloud, newCloud } from '../support/new-cloud.ts';
import { answered } from '../support/post-results.ts';

/** In the data of the event, and in everything that the endpoint answers. */
const MARKER = 'marker-7f3a9c';
const OTHER = 'other-51d0e2';
const OUTPUTS = {
  WebhooksTableName: TABLES.webhooksTable,
  DeliveriesTableName: TABLES.deliveriesTable,
  ExhaustedQueueUrl: queueUrl('exhausted'),
  UnreadableQueueUrl: queueUrl('unreadable'),
  UndispatchedQueueUrl: queueUrl('undispatched'),
  // The stack of this test has no queue that is named poison.
  PoisonQueueUrl: queueUrl('later'),
};
const ACCOUNT = accountId();
const EVENT = eventId('evt_erased');

let cloud: Cloud;
beforeEach(async () => {
  cloud = await newCloud({ disableAfter: false });
  // An empty queue is reported at once.
  cloud.intercept(({ action, input }, next) =>
    next(action === 'ReceiveMessage' ? { ...input, WaitTimeSeconds: 0 } : input),
  );
});

const requestForAccount = () => ({
  dynamodb: cloud.ports.dynamodb,
  sqs: cloud.ports.sqs,
  timer: cloud.ports.clock,
  outputs: OUTPUTS,
  accountId: ACCOUNT,
  confirm: true,
  limit: 1_000,
  onProgress: () => undefined,
});
const run = (change: Partial<EraseRequest> = {}) =>
  erase({ ...requestForAccount(), eventId: EVENT, ...change });

/** All items of both tables and all messages, as text. Compressed bodies are opened. */
async function everythingStored(): Promise<string[]> {
  const texts: string[] = [];
  for (const TableName of Object.values(TABLES)) {
    const { Items = [] }: ScanCommandOutput = await cloud.ports.dynamodb.send(new ScanCommand({ TableName }));
    texts.push(
      ...Items.map((item) => unmarshall(item)).map((item) => JSON.stringify([item, parseBody(item)])),
    );
  }
  texts.push(...QUEUES.flatMap((queue) => cloud.receiveTexts(queue)));
  // They are visible again then.
  cloud.time.now += 121_000;
  return texts;
}
const storedWith = async (marker: string) =>
  (await everythingStored()).filter((text) => text.includes(marker));

/** An event that a listener has, and whose delivery is exhausted; the endpoint answers with its data. */
async function exhaustedEvent(id = EVENT, marker = MARKER): Promise<void> {
  cloud.customer.answer = async () =>
    answered(500, {
      body: `you sent ${marker}`,
      headers: { server: marker },
      location: `/${marker}`,
    });
  const data = { file_id: marker, padding: marker.repeat(300) };
  await cloud.dispatch(busEvent({ id: `bus-${id}` }, { id, data }));
  await cloud.run('first');
  for (const [queue, seconds] of [
    ['retry1', 1],
    ['retry2', 5],
    ['retry3', 30],
  ] as const) {
    cloud.time.now += seconds * 1_000;
    await cloud.run(queue);
  }
}

async function givenWebhookAndListener(): Promise<void> {
  await cloud.addWebhook({ id: webhookId() });
  await cloud.listeners.create(listener({ events: ['*'] }));
}

describe('erase event', () => {
  test('leaves no item and no message with the body of the event or an answer to it [API-46]', async () => {
    await givenWebhookAndListener();
    await exhaustedEvent();
    cloud.putText('undispatched', JSON.stringify(busEvent({}, { id: EVENT, data: MARKER })));
    cloud.putText('later', JSON.stringify({ v: 99, account_id: ACCOUNT, event_id: EVENT, body: MARKER }));
    cloud.putText('unreadable', `{"account_id":"${ACCOUNT}","event_id":"${EVENT}","body":"${MARKER}`);

    const { items, messages } = await run();

    expect(await storedWith(MARKER)).toEqual([]);
    expect(items).toEqual({ event: 1, copy: 1, record: 1, settings: 0, other: 0 });
    expect([...messages].map(([queue, { found }]) => [queue, found])).toEqual([
      ['Exhausted', 1],
      ['Poison', 1],
      ['Unreadable', 1],
      ['Undispatched', 1],
    ]);
  });

  test('keeps the record of the delivery, and everything of other events and accounts', async () => {
    await givenWebhookAndListener();
    await exhaustedEvent();
    await exhaustedEvent(eventId('evt_other'), OTHER);
    cloud.putText(
      'undispatched',
      JSON.stringify(busEvent({}, { id: EVENT, account_id: 'acct_2', data: OTHER })),
    );
    // The data of another event names the erased one.
    const data = { account_id: ACCOUNT, event_id: EVENT, other: OTHER };
    cloud.putText('undispatched', JSON.stringify(busEvent({}, { id: 'evt_2', data })));
    const before = (await storedWith(OTHER)).length;

    await run();

    expect(await storedWith(OTHER)).toHaveLength(before);
    const records = (await storedWith('DELIVERY#')).filter((text) => text.includes(EVENT));
    expect(records).toHaveLength(1);
    expect(records[0]).toContain('"status":"exhausted"');
    expect(records[0]).toContain('"http_status"');
  });

  test('changes nothing without confirm, and reports the same', async () => {
    await givenWebhookAndListener();
    await exhaustedEvent();
    const before = (await storedWith(MARKER)).length;

    const found = await run({ confirm: false });
    const erased = await run();

    expect(before).toBeGreaterThan(3);
    expect(found.items).toEqual(erased.items);
    expect(found.messages).toEqual(erased.messages);
    expect((await run()).items).toEqual({ event: 0, copy: 0, record: 0, settings: 0, other: 0 });
  });

  test('completes what an interrupted run left: the item of the event is the last one', async () => {
    await givenWebhookAndListener();
    await exhaustedEvent();
    const endFault = cloud.intercept(({ action, input }, next) => {
      if (action === 'DeleteItem' && JSON.stringify(input).includes('EVENT#')) throw new Error('killed');
      return next();
    });
    await expect(run()).rejects.toThrow();
    endFault();

    await run();

    expect(await storedWith(MARKER)).toEqual([]);
  });

  test('finds the copy for a listener that is gone when it reads everything', async () => {
    await givenWebhookAndListener();
    await exhaustedEvent();
    await cloud.listeners.remove(ACCOUNT, listenerId());
    await run();
    const left = await storedWith(MARKER);

    const { items } = await run({ everywhere: true });

    expect(left).toHaveLength(1);
    expect(items.copy).toBe(1);
    expect(await storedWith(MARKER)).toEqual([]);
  });

  test('finds the answers in a delivery that was sent again, and those of an event that is not stored', async () => {
    await givenWebhookAndListener();
    await exhaustedEvent();
    const resent = { deliveryId: deliveryId('dlv_zzzzzzzzzzresent'), resendOf: message().deliveryId };
    cloud.put('slow', message({ ...resent, eventId: EVENT, attempt: 4 }));
    await cloud.run('slow');
    await cloud.ports.dynamodb.send(
      new DeleteItemCommand({
        TableName: TABLES.deliveriesTable,
        Key: { pk: { S: `EVENT#${ACCOUNT}#${EVENT}` }, sk: { S: 'EVENT' } },
      }),
    );

    const { items } = await run();

    expect(items).toMatchObject({ event: 0, record: 2 });
    expect(await storedWith(MARKER)).toEqual([]);
  });
});

describe('erase account', () => {
  test('leaves nothing of the account but revoked keys and the audit log [API-46]', async () => {
    await givenWebhookAndListener();
    await exhaustedEvent();
    const owner = { accountId: ACCOUNT, webhookId: webhookId('wh_headers') };
    const customHeaders = await sealHeaders([['x-token', MARKER]], owner, '2026', cloud.keyring.seal);
    await cloud.addWebhook({ id: owner.webhookId, customHeaders, url: `https://example.com/${MARKER}` });
    await createIdempotencyStore({ dynamodb: cloud.ports.dynamodb, tableName: TABLES.deliveriesTable }).begin(
      { accountId: ACCOUNT, key: 'once', fingerprint: 'x' },
      cloud.time.now,
    );
    const keys = createApiKeyStore({ dynamodb: cloud.ports.dynamodb, tableName: TABLES.webhooksTable });
    const { key } = await keys.create(ACCOUNT, 'customer', cloud.time.now);
    await createAuditLog({ dynamodb: cloud.ports.dynamodb, tableName: TABLES.deliveriesTable }).record({
      accountId: ACCOUNT,
      at: cloud.time.now,
      action: 'account.erase',
      source: 'command',
    });
    cloud.putText('undispatched', JSON.stringify(busEvent({}, { data: MARKER })));

    await erase({ ...requestForAccount(), confirm: false });
    expect((await keys.find(key, cloud.time.now))?.revoked).toBe(false);
    await erase(requestForAccount());

    const left = (await everythingStored()).filter((text) => text.includes(ACCOUNT));
    expect(left.map((text) => JSON.parse(text)[0].pk.split('#')[0]).sort()).toEqual(['AUDIT', 'KEY']);
    expect(await storedWith(MARKER)).toEqual([]);
    expect((await keys.find(key, cloud.time.now))?.revoked).toBe(true);
  });

  test('touches nothing of an account whose id begins with the same text', async () => {
    const other = accountId(`${ACCOUNT}0`);
    await cloud.addWebhook();
    await cloud.addWebhook({ accountId: other });
    await cloud.dispatch(busEvent({}, { id: 'evt_2', account_id: other, data: { file_id: OTHER } }));
    const before = (await everythingStored()).filter((text) => text.includes(other)).length;
    const progress = vi.fn();

    await erase({ ...requestForAccount(), onProgress: progress });

    expect((await everythingStored()).filter((text) => text.includes(other))).toHaveLength(before);
    expect(await cloud.webhooks.count(other)).toBe(1);
    expect(await cloud.webhooks.count(ACCOUNT)).toBe(0);
    expect(progress).toHaveBeenCalled();
  });
});
