import { DeleteItemCommand } from '@aws-sdk/client-dynamodb';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { type EraseRequest, erase } from '../../command/erase/erase.ts';
import { AUDIT_SOURCES, type AuditSource } from '../../lambdas/shared/domain/audit.ts';
import { newSessionId } from '../../lambdas/shared/domain/ids.ts';
import type { Session } from '../../lambdas/shared/domain/session.ts';
import { sealHeaders } from '../../lambdas/shared/secrets/custom-headers.ts';
import { createApiKeyStore } from '../../lambdas/shared/store/api-keys.ts';
import { createAuditLog } from '../../lambdas/shared/store/audit-log.ts';
import { createIdempotencyStore } from '../../lambdas/shared/store/idempotency.ts';
import { createRecoveryStore } from '../../lambdas/shared/store/recoveries.ts';
import { createSessionStore } from '../../lambdas/shared/store/sessions.ts';
import { busEvent } from '../dispatch-event/builders.ts';
import { recovery } from '../recover-deliveries/builders.ts';
import {
  accountId,
  deliveryId,
  eventId,
  listener,
  listenerId,
  message,
  webhookId,
} from '../support/builders.ts';
import { queueUrl, TABLES } from '../support/in-process-services.ts';
import { type Cloud, newCloud } from '../support/new-cloud.ts';
import { answered } from '../support/post-results.ts';
import { everythingStored } from './support/everything-stored.ts';

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

const storedWith = async (marker: string) =>
  (await everythingStored(cloud)).filter((text) => text.includes(marker));

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
    expect(items).toEqual({ event: 1, copy: 1, record: 1, settings: 0, other: 0, audit: 0 });
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
    expect((await run()).items).toEqual({ event: 0, copy: 0, record: 0, settings: 0, other: 0, audit: 0 });
  });

  test('completes an interrupted run: the item of the event is the last one', async () => {
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

  test('finds the copy for a deleted listener when it reads everything', async () => {
    await givenWebhookAndListener();
    await exhaustedEvent();
    await cloud.listeners.remove(ACCOUNT, listenerId());
    await run();
    const stored = await storedWith(MARKER);

    const { items } = await run({ everywhere: true });

    expect(stored).toHaveLength(1);
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

const deliveriesTable = () => ({ dynamodb: cloud.ports.dynamodb, tableName: TABLES.deliveriesTable });

/** A session of a person. */
const session = (): Session => ({
  ...{ id: newSessionId(cloud.time.now), accountId: ACCOUNT, createdAt: cloud.time.now },
  ...{ right: 'write', actor: MARKER, ttlSeconds: 60, returnUrl: `https://example.com/${MARKER}` },
});

/** A change in the audit log. */
const change = (source: AuditSource, actor: string | undefined) => ({
  ...{ accountId: ACCOUNT, at: cloud.time.now, source, keyId: `id-of-${source}` },
  action: 'webhook.change' as const,
  ...(actor === undefined ? {} : { actor }),
});

describe('erase account', () => {
  test('leaves nothing of the account but revoked keys and the audit log [API-46]', async () => {
    await givenWebhookAndListener();
    await exhaustedEvent();
    const owner = { accountId: ACCOUNT, webhookId: webhookId('wh_headers') };
    const customHeaders = await sealHeaders([['x-token', MARKER]], owner, '2026', cloud.keyring.seal);
    await cloud.addWebhook({ id: owner.webhookId, customHeaders, url: `https://example.com/${MARKER}` });
    await createIdempotencyStore(deliveriesTable()).begin(
      { accountId: ACCOUNT, key: 'once', fingerprint: 'x' },
      cloud.time.now,
    );
    const keys = createApiKeyStore({ dynamodb: cloud.ports.dynamodb, tableName: TABLES.webhooksTable });
    const { key } = await keys.create(ACCOUNT, MARKER, cloud.time.now);
    await createSessionStore(deliveriesTable()).create(session());
    await createRecoveryStore(deliveriesTable()).create(recovery());
    await createAuditLog(deliveriesTable()).record(change('command', 'ann'));
    cloud.putText('undispatched', JSON.stringify(busEvent({}, { data: MARKER })));

    await erase({ ...requestForAccount(), confirm: false });
    expect((await keys.find(key, cloud.time.now))?.revoked).toBe(false);
    await erase(requestForAccount());

    const storedOfAccount = (await everythingStored(cloud)).filter((text) => text.includes(ACCOUNT));
    expect(storedOfAccount.map((text) => JSON.parse(text)[0].pk.split('#')[0]).sort()).toEqual([
      'AUDIT',
      'KEY',
    ]);
    expect(await storedWith(MARKER)).toEqual([]);
    expect((await keys.find(key, cloud.time.now))?.revoked).toBe(true);
  });

  test("keeps what was changed and by which key, without the names of the account's persons and keys [API-46]", async () => {
    const audit = createAuditLog(deliveriesTable());
    const list = () => audit.list(ACCOUNT, { since: 0, until: cloud.time.now + 1, limit: 10 });
    const names = { api: MARKER, session: MARKER, portal: MARKER, command: 'ann', service: undefined };
    for (const source of AUDIT_SOURCES) await audit.record(change(source, names[source]));
    await audit.record({ ...change('api', OTHER), accountId: accountId('acct_2') });
    const before = await list();

    const found = await erase({ ...requestForAccount(), confirm: false });
    const erased = await erase(requestForAccount());
    const again = await erase(requestForAccount());

    const entries = await list();
    expect(entries).toEqual(
      before.map(({ actor, ...entry }) => (entry.source === 'command' ? { ...entry, actor } : entry)),
    );
    expect(entries).toHaveLength(AUDIT_SOURCES.length);
    expect(entries.map(({ keyId }) => keyId)).not.toContain(undefined);
    expect([found.items.audit, erased.items.audit, again.items.audit]).toEqual([3, 3, 0]);
    expect(await storedWith(OTHER)).toHaveLength(1);
  });

  test('removes the names of keys that were revoked before, and keeps those of the keys of commands', async () => {
    const keys = createApiKeyStore({ dynamodb: cloud.ports.dynamodb, tableName: TABLES.webhooksTable });
    const revoked = await keys.create(ACCOUNT, MARKER, cloud.time.now);
    await keys.revoke(revoked.id, cloud.time.now);
    const ofCommand = await keys.create(ACCOUNT, 'resend by ann', cloud.time.now, { ofCommand: true });

    const erased = await erase(requestForAccount());
    const again = await erase(requestForAccount());

    expect(await keys.get(revoked.id)).toMatchObject({ name: '', revokedAt: expect.any(String) });
    expect(await keys.get(ofCommand.id)).toMatchObject({
      name: 'resend by ann',
      revokedAt: expect.any(String),
    });
    expect([erased.keys, again.keys]).toEqual([2, 0]);
  });

  test('touches nothing of an account whose id begins with the same text', async () => {
    const other = accountId(`${ACCOUNT}0`);
    await cloud.addWebhook();
    await cloud.addWebhook({ accountId: other });
    await cloud.dispatch(busEvent({}, { id: 'evt_2', account_id: other, data: { file_id: OTHER } }));
    const before = (await everythingStored(cloud)).filter((text) => text.includes(other)).length;
    const progress = vi.fn();

    await erase({ ...requestForAccount(), onProgress: progress });

    expect((await everythingStored(cloud)).filter((text) => text.includes(other))).toHaveLength(before);
    expect(await cloud.webhooks.count(other)).toBe(1);
    expect(await cloud.webhooks.count(ACCOUNT)).toBe(0);
    expect(progress).toHaveBeenCalled();
  });
});
