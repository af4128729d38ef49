import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newEventId, newWebhookId } from '../../lambdas/shared/domain/ids.ts';
import { systemClock } from '../../lambdas/shared/runtime/clock.ts';
import { decodeItem, encodeItem } from '../../lambdas/shared/store/items.ts';
import { rateLimitKey, webhookKey } from '../../lambdas/shared/store/keys.ts';
import { webhookItem } from '../../lambdas/shared/store/webhook-item.ts';
import { createWebhookStore, type WebhookStore } from '../../lambdas/shared/store/webhooks.ts';
import { type Sent, startDynamoDB, type TestDynamoDB, watched } from '../support/dynamodb.ts';
import { ACCEPTED_AT, anAccount, aPendingWebhook, aWebhook, aWebhookId, LATER } from './builders.ts';

let db: TestDynamoDB;
let store: WebhookStore;

beforeAll(async () => {
  db = await startDynamoDB();
  store = createWebhookStore({ dynamodb: db.dynamodb, tableName: db.webhooksTable, clock: systemClock });
});
afterAll(() => db.stop());

describe('webhooks', () => {
  it('are read with all fields as they were created', async () => {
    const account = anAccount();
    const webhook = aWebhook(account, {
      pendingUrl: 'https://new.example.com/',
      description: 'Für die Buchhaltung 🧾',
      verification: { id: newEventId(), url: 'https://new.example.com/', startedAt: LATER },
      verifiedBy: newEventId(),
      verificationError: 'the endpoint answered 404; 200 was expected',
      slowSince: LATER,
      secrets: [
        { dataKey: 1, sealed: 'bmV3', createdAt: LATER },
        { dataKey: 1, sealed: 'b2xk', createdAt: LATER, expiresAt: LATER },
      ],
    });

    await store.create(webhook);

    expect(await store.get(account, webhook.id)).toEqual(webhook);
    expect(await store.list(account)).toEqual({ webhooks: [webhook], unreadable: 0 });
  });

  it('never replace an existing one', async () => {
    const account = anAccount();
    const first = aWebhook(account);
    await store.create(first);

    const answer = await store.create({ ...first, url: 'https://evil.example.com/' });

    expect(answer).toBe('exists');
    expect(await store.get(account, first.id)).toEqual(first);
  });

  it('are not found under the id of another account', async () => {
    const webhook = aWebhook(anAccount());
    await store.create(webhook);
    const stranger = anAccount();

    expect(await store.get(stranger, webhook.id)).toBeUndefined();
    expect(await store.remove(stranger, webhook.id)).toBe(false);
    expect(await store.update(stranger, webhook.id, { set: { status: 'disabled' } })).toBe('not_found');
    expect(await store.list(stranger)).toEqual({ webhooks: [], unreadable: 0 });
  });

  it('are removed once', async () => {
    const account = anAccount();
    const webhook = aWebhook(account);
    await store.create(webhook);

    expect(await store.remove(account, webhook.id)).toBe(true);
    expect(await store.remove(account, webhook.id)).toBe(false);
    expect(await store.get(account, webhook.id)).toBeUndefined();
  });
});

describe('an item with only some attributes of a verification', () => {
  it.each(['verification_id', 'verification_url', 'verification_started_at'])(
    'cannot be parsed: without %s',
    async (missing) => {
      const account = anAccount();
      const webhook = aPendingWebhook(account);
      const { [missing]: _, ...rest } = decodeItem(encodeItem(webhookItem(webhook)));
      await db.putRaw(db.webhooksTable, rest);

      expect(await store.list(account)).toEqual({ webhooks: [], unreadable: 1 });
    },
  );
});

describe('an update', () => {
  it('replaces or removes a verification as a whole', async () => {
    const account = anAccount();
    const webhook = aPendingWebhook(account);
    const newer = { id: newEventId(), url: 'https://new.example.com/', startedAt: LATER };
    await store.create(webhook);

    const replaced = await store.update(account, webhook.id, { set: { verification: newer } });
    await store.update(account, webhook.id, { remove: ['verification'] });

    const { verification: _, ...rest } = webhook;
    expect(replaced).toEqual({ ...webhook, verification: newer });
    expect(await store.get(account, webhook.id)).toEqual(rest);
  });

  it('sets and removes the fields that it names, and no others', async () => {
    const account = anAccount();
    const webhook = aWebhook(account, { description: 'old', pendingUrl: 'https://new.example.com/' });
    await store.create(webhook);

    const updated = await store.update(account, webhook.id, {
      set: { events: ['*'], updatedAt: LATER },
      remove: ['description'],
    });

    const { description: _, ...rest } = webhook;
    expect(updated).toEqual({ ...rest, events: ['*'], updatedAt: LATER });
    expect(await store.get(account, webhook.id)).toEqual(updated);
  });

  it('changes nothing when the condition is false', async () => {
    const account = anAccount();
    const webhook = aWebhook(account, { status: 'pending', verified: false });
    await store.create(webhook);

    const byStatus = await store.update(account, webhook.id, {
      set: { status: 'active' },
      when: { status: 'disabled' },
    });
    const byVerified = await store.update(account, webhook.id, {
      set: { status: 'active' },
      when: { verified: true },
    });
    const byTime = await store.update(account, webhook.id, {
      set: { status: 'active' },
      when: { updatedAt: LATER },
    });

    expect([byStatus, byVerified, byTime]).toEqual(['conflict', 'conflict', 'conflict']);
    expect(await store.get(account, webhook.id)).toEqual(webhook);
  });

  it('is made when the condition is true', async () => {
    const account = anAccount();
    const webhook = aWebhook(account, { status: 'disabled' });
    await store.create(webhook);

    const updated = await store.update(account, webhook.id, {
      set: { status: 'active' },
      when: { status: 'disabled', verified: true, updatedAt: webhook.updatedAt },
    });

    expect(updated).toEqual({ ...webhook, status: 'active' });
  });

  it('does not recreate a deleted webhook [FAULT-12]', async () => {
    const account = anAccount();
    const webhook = aWebhook(account);
    await store.create(webhook);
    await store.remove(account, webhook.id);

    const plain = await store.update(account, webhook.id, { set: { status: 'disabled' } });
    const expecting = await store.update(account, webhook.id, {
      set: { status: 'disabled' },
      when: { status: 'active' },
    });

    expect([plain, expecting]).toEqual(['not_found', 'not_found']);
    expect(await db.getRaw(db.webhooksTable, webhookKey(account, webhook.id))).toBeUndefined();
  });
});

describe('a list', () => {
  it('skips and counts items that cannot be parsed, and returns all others [FAULT-12]', async () => {
    const account = anAccount();
    const [good, bad] = [aWebhook(account), aWebhook(account)];
    await store.create(good);
    await db.putRaw(db.webhooksTable, { ...webhookKey(account, bad.id), url: 'https://example.com/' });
    await db.putRaw(db.webhooksTable, { ...webhookKey(account, aWebhookId('wh_odd')), status: ['?'] });
    await db.dynamodb.send(
      new PutItemCommand({
        TableName: db.webhooksTable,
        // A number with more digits than JavaScript supports.
        Item: { ...marshall(webhookKey(account, aWebhookId('wh_number'))), url: { N: '9007199254740993.5' } },
      }),
    );

    expect(await store.list(account)).toEqual({ webhooks: [good], unreadable: 3 });
    expect(await store.page(account, { limit: 10 })).toEqual({ webhooks: [good] });
    await expect(store.get(account, bad.id)).rejects.toThrow(bad.id);
  });

  it('is strongly consistent, like all other reads', async () => {
    const account = anAccount();
    const sent: Sent[] = [];
    const dynamodb = watched(db.dynamodb, { before: (command) => sent.push(command) });
    const watchedStore = createWebhookStore({ dynamodb, tableName: db.webhooksTable, clock: systemClock });

    await watchedStore.list(account);
    await watchedStore.page(account, { limit: 1 });
    await watchedStore.count(account);
    await watchedStore.get(account, newWebhookId(ACCEPTED_AT));

    expect(sent.map(({ input }) => input.ConsistentRead)).toEqual([true, true, true, true]);
  });

  it('skips the other items of the account', async () => {
    const account = anAccount();
    await db.putRaw(db.webhooksTable, { ...rateLimitKey(account, 'test'), used: 1 });

    expect(await store.list(account)).toEqual({ webhooks: [], unreadable: 0 });
    expect(await store.count(account)).toBe(0);
  });

  it('has all webhooks when they are larger than a page of DynamoDB, 1 MB', async () => {
    const account = anAccount();
    const events = Array.from({ length: 900 }, (_, index) => `ppt.generation.some_long_name_${index}`);
    const webhooks = Array.from({ length: 50 }, () => aWebhook(account, { events }));
    await Promise.all(webhooks.map((webhook) => store.create(webhook)));

    const { webhooks: listed, unreadable } = await store.list(account);

    expect(listed.map(({ id }) => id)).toEqual(webhooks.map(({ id }) => id).sort());
    expect(unreadable).toBe(0);
    expect(await store.count(account)).toBe(50);
  });

  it('is returned in pages, newest first, which together contain each webhook once', async () => {
    const account = anAccount();
    // Three of them were created within the same millisecond.
    const times = [4, 1, 3, 3, 3, 0, 2].map((ms) => ACCEPTED_AT + ms);
    const webhooks = times.map((time) => aWebhook(account, { id: newWebhookId(time) }));
    await Promise.all(webhooks.map((webhook) => store.create(webhook)));
    await db.putRaw(db.webhooksTable, { ...webhookKey(account, newWebhookId(ACCEPTED_AT + 3)), url: 7 });
    const newestFirst = webhooks
      .map(({ id }, index) => ({ id, time: times[index] ?? 0 }))
      .sort((a, b) => b.time - a.time || (a.id < b.id ? 1 : -1));

    const first = await store.page(account, { limit: 3 });
    const second = await store.page(account, { limit: 3, ...(first.next && { before: first.next }) });
    const third = await store.page(account, { limit: 3, ...(second.next && { before: second.next }) });

    const pages = [first, second, third].map((page) => page.webhooks.map(({ id }) => id));
    expect(pages.map((page) => page.length)).toEqual([3, 3, 1]);
    expect(pages.flat()).toEqual(newestFirst.map(({ id }) => id));
    expect(third.next).toBeUndefined();
  });

  it('has no next page when the last page is exactly full', async () => {
    const account = anAccount();
    await Promise.all([store.create(aWebhook(account)), store.create(aWebhook(account))]);

    const page = await store.page(account, { limit: 2 });

    expect(page.webhooks).toHaveLength(2);
    expect(page.next).toBeUndefined();
  });
});
