import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AccountId } from '../../lambdas/shared/domain/ids.ts';
import {
  type AnnounceChange,
  CHANGE_LIFETIME_MS,
  createAnnounceChange,
  readAccountVersion,
} from '../../lambdas/shared/store/account-changes.ts';
import { accountVersionKey } from '../../lambdas/shared/store/keys.ts';
import { createListenerStore } from '../../lambdas/shared/store/listeners.ts';
import { createWebhookHealthUpdates } from '../../lambdas/shared/store/webhook-health.ts';
import { createWebhookStore } from '../../lambdas/shared/store/webhooks.ts';
import { listener } from '../support/builders.ts';
import { startDynamoDB, type TestDynamoDB, watched } from '../support/dynamodb.ts';
import { anAccount, aPendingWebhook, aWebhook, CREATED_AT, LATER } from './builders.ts';

let db: TestDynamoDB;
let announceChange: AnnounceChange;
const clock = { time: Date.parse(CREATED_AT), now: () => clock.time };

beforeAll(async () => {
  db = await startDynamoDB();
  announceChange = createAnnounceChange(table());
});
afterAll(() => db.stop());

function table() {
  return { dynamodb: db.dynamodb, tableName: db.webhooksTable, clock };
}

const versionOf = (account: AccountId) => readAccountVersion(table(), account, clock.now());

/** Announces a change that has not ended, and resolves when it is being written. */
async function beginChange(account: AccountId): Promise<{ end: () => Promise<void> }> {
  const written = Promise.withResolvers<void>();
  const begun = Promise.withResolvers<void>();
  const ended = announceChange(account, () => {
    begun.resolve();
    return written.promise;
  });
  await begun.promise;
  return {
    end() {
      written.resolve();
      return ended;
    },
  };
}

describe("an account's version", () => {
  it('is 0 and settled before any change', async () => {
    expect(await versionOf(anAccount())).toEqual({ version: 0, isSettled: true });
  });

  it('grows before a change is written and again after it, and is not settled in between', async () => {
    const account = anAccount();

    const change = await beginChange(account);
    const during = await versionOf(account);
    await change.end();
    const after = await versionOf(account);

    expect(during).toEqual({ version: 1, isSettled: false });
    expect(after).toEqual({ version: 2, isSettled: true });
  });

  it('is not settled while one of several changes is being written', async () => {
    const account = anAccount();
    const first = await beginChange(account);
    const second = await beginChange(account);

    await second.end();

    expect(await versionOf(account)).toEqual({ version: 3, isSettled: false });
    await first.end();
    expect(await versionOf(account)).toEqual({ version: 4, isSettled: true });
  });

  it('is settled two minutes after a change whose environment was killed, and the next change removes it', async () => {
    const account = anAccount();
    await beginChange(account);

    clock.time += CHANGE_LIFETIME_MS - 1;
    const before = await versionOf(account);
    clock.time += 1;
    const after = await versionOf(account);
    await announceChange(account, async () => undefined);

    expect([before.isSettled, after.isSettled]).toEqual([false, true]);
    const item = await db.getRaw(db.webhooksTable, accountVersionKey(account));
    expect(item).toEqual({ ...accountVersionKey(account), version: 3 });
  });

  it('is not settled after a change with an unknown result: it may still be written', async () => {
    const account = anAccount();

    const change = announceChange(account, () => Promise.reject(new Error('timeout')));

    await expect(change).rejects.toThrow('timeout');
    expect(await versionOf(account)).toEqual({ version: 1, isSettled: false });
  });

  it('grows even if its first write cannot be answered in time; nothing is changed then', async () => {
    const account = anAccount();
    let changed = false;
    const frozen = createAnnounceChange({
      ...table(),
      dynamodb: watched(db.dynamodb, { before: () => (clock.time += 30_001) }),
    });

    const change = frozen(account, async () => {
      changed = true;
    });

    await expect(change).rejects.toThrow('a webhook was not changed: announcing the change took 30001 ms');
    expect(changed).toBe(false);
  });

  it('does not change the result of a change when it cannot be raised afterwards', async () => {
    const account = anAccount();
    let calls = 0;
    const failing = createAnnounceChange({
      ...table(),
      dynamodb: watched(db.dynamodb, {
        before: () => {
          if (++calls === 2) throw new Error('DynamoDB is down');
        },
      }),
    });

    expect(await failing(account, async () => 'changed')).toBe('changed');
    expect(await versionOf(account)).toEqual({ version: 1, isSettled: false });
  });

  it('is raised by every change that decides which webhooks get an event', async () => {
    const webhooks = createWebhookStore(table());
    const health = createWebhookHealthUpdates(table());
    const listeners = createListenerStore(table());
    const account = anAccount();
    const pending = aPendingWebhook(account);
    const webhook = aWebhook(account);
    await webhooks.create(pending);
    await webhooks.create(webhook);
    const changes: Record<string, () => Promise<unknown>> = {
      activate: () => webhooks.activate(account, pending.id, pending.verification.id, LATER),
      update: () => webhooks.update(account, webhook.id, { set: { events: ['*'] } }),
      disable: () =>
        health.disable(
          { accountId: account, webhookId: webhook.id, url: webhook.url },
          { reason: 'gone', at: LATER },
        ),
      remove: () => webhooks.remove(account, webhook.id),
      'create a listener': () => listeners.create(listener({ accountId: account })),
    };

    const raisedBy: Record<string, number> = {};
    for (const [name, change] of Object.entries(changes)) {
      const { version } = await versionOf(account);
      await change();
      raisedBy[name] = (await versionOf(account)).version - version;
    }

    expect(raisedBy).toEqual({ activate: 2, update: 2, disable: 2, remove: 2, 'create a listener': 2 });
  });
});
