import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newEventId } from '../../lambdas/shared/domain/ids.ts';
import type { Webhook } from '../../lambdas/shared/domain/webhook.ts';
import { systemClock } from '../../lambdas/shared/runtime/clock.ts';
import { SENDER_WEBHOOK_ATTRIBUTES } from '../../lambdas/shared/store/iam-attributes.ts';
import { isMap } from '../../lambdas/shared/store/items.ts';
import { webhookKey } from '../../lambdas/shared/store/keys.ts';
import { createWebhookUpdates } from '../../lambdas/shared/store/sender-webhook-updates.ts';
import { createWebhookHealthUpdates } from '../../lambdas/shared/store/webhook-health.ts';
import { createWebhookStore, type WebhookStore } from '../../lambdas/shared/store/webhooks.ts';
import { type Sent, startDynamoDB, type TestDynamoDB, watched } from '../support/dynamodb.ts';
import { anAccount, aPendingWebhook, aWebhook, CREATED_AT, LATER } from './builders.ts';

let db: TestDynamoDB;
let store: WebhookStore;

beforeAll(async () => {
  db = await startDynamoDB();
  store = createWebhookStore({ dynamodb: db.dynamodb, tableName: db.webhooksTable, clock: systemClock });
});
afterAll(() => db.stop());

describe('an answered challenge', () => {
  it('makes a pending webhook active', async () => {
    const account = anAccount();
    const { verification, ...webhook } = aPendingWebhook(account);
    await store.create({ ...webhook, verification });

    const answer = await store.activate(account, webhook.id, verification.id, LATER);

    expect(answer).toBe('activated');
    expect(await store.get(account, webhook.id)).toEqual({
      ...webhook,
      status: 'active',
      verified: true,
      verifiedBy: verification.id,
      updatedAt: LATER,
    });
  });

  it('can be recorded twice', async () => {
    const account = anAccount();
    const { id, verification } = await created(aPendingWebhook(account));
    await store.activate(account, id, verification.id, LATER);
    const once = await store.get(account, id);

    const again = await store.activate(account, id, verification.id, '2026-01-15T10:32:00.000Z');

    expect(again).toBe('activated');
    expect(await store.get(account, id)).toEqual(once);
  });

  it('activates the webhook also after the verification failed', async () => {
    const account = anAccount();
    const { id, verification } = await created(aPendingWebhook(account));
    await store.failVerification(account, id, verification.id, 'the endpoint answered 500', LATER);

    const answer = await store.activate(account, id, verification.id, LATER);

    expect(answer).toBe('activated');
    const webhook = await store.get(account, id);
    expect(webhook).toMatchObject({ status: 'active', verified: true });
    expect(webhook).not.toHaveProperty('verificationError');
  });

  it('does not activate the webhook after a newer challenge was sent', async () => {
    const account = anAccount();
    const { id, verification } = await created(aPendingWebhook(account));
    const newer = { ...verification, id: newEventId(), url: 'https://new.example.com/' };
    const restarted = await store.update(account, id, { set: { verification: newer } });

    const answer = await store.activate(account, id, verification.id, LATER);

    expect(answer).toBe('superseded');
    expect(await store.get(account, id)).toEqual(restarted);
  });

  it.each(['active', 'disabled'] as const)(
    'replaces the URL of a webhook, which stays %s',
    async (status) => {
      const account = anAccount();
      const pendingUrl = 'https://new.example.com/';
      const webhook = await created({ ...aPendingWebhook(account), status, verified: true, pendingUrl });
      await store.update(account, webhook.id, {
        set: { verification: { ...webhook.verification, url: pendingUrl } },
      });

      await store.activate(account, webhook.id, webhook.verification.id, LATER);

      const { pendingUrl: _, verification, ...rest } = webhook;
      expect(await store.get(account, webhook.id)).toEqual({
        ...rest,
        url: 'https://new.example.com/',
        verifiedBy: verification.id,
        updatedAt: LATER,
      });
    },
  );
});

describe('an unanswered challenge', () => {
  it('makes a pending webhook verification_failed, with the reason', async () => {
    const account = anAccount();
    const webhook = await created(aPendingWebhook(account));

    const answer = await store.failVerification(
      account,
      webhook.id,
      webhook.verification.id,
      'timeout',
      LATER,
    );

    expect(answer).toBe('recorded');
    expect(await store.get(account, webhook.id)).toEqual({
      ...webhook,
      status: 'verification_failed',
      verificationError: 'timeout',
      updatedAt: LATER,
    });
  });

  it('does not change the status or URL of an active webhook', async () => {
    const account = anAccount();
    const pendingUrl = 'https://new.example.com/';
    const webhook = await created({
      ...aPendingWebhook(account),
      status: 'active',
      verified: true,
      pendingUrl,
    });

    const answer = await store.failVerification(
      account,
      webhook.id,
      webhook.verification.id,
      'timeout',
      LATER,
    );

    expect(answer).toBe('recorded');
    expect(await store.get(account, webhook.id)).toEqual({
      ...webhook,
      verificationError: 'timeout',
      updatedAt: LATER,
    });
  });

  it('changes nothing after a newer challenge was sent or the challenge was answered', async () => {
    const account = anAccount();
    const restarted = await created(aPendingWebhook(account));
    const answered = await created(aPendingWebhook(account));
    await store.activate(account, answered.id, answered.verification.id, LATER);
    const before = await store.list(account);

    const old = await store.failVerification(account, restarted.id, newEventId(), 'timeout', LATER);
    const late = await store.failVerification(
      account,
      answered.id,
      answered.verification.id,
      'timeout',
      LATER,
    );

    expect([old, late]).toEqual(['superseded', 'superseded']);
    expect(await store.list(account)).toEqual(before);
  });
});

describe('a slow mark', () => {
  it('is set once for each transition [FAULT-31]', async () => {
    const account = anAccount();
    const { id } = await created(aWebhook(account));

    const answers = await Promise.all([
      store.markSlow(account, id, CREATED_AT),
      store.markSlow(account, id, CREATED_AT),
    ]);

    expect(answers.sort()).toEqual([false, true]);
    expect(await store.get(account, id)).toMatchObject({ slowSince: CREATED_AT });
  });

  it('is cleared when it is older than the given time, and can be set again', async () => {
    const account = anAccount();
    const webhook = await created(aWebhook(account));
    await store.markSlow(account, webhook.id, CREATED_AT);

    expect(await store.clearSlow(account, webhook.id, CREATED_AT)).toBe(false);
    expect(await store.clearSlow(account, webhook.id, LATER)).toBe(true);
    expect(await store.get(account, webhook.id)).toEqual(webhook);
    expect(await store.clearSlow(account, webhook.id, LATER)).toBe(false);
    expect(await store.markSlow(account, webhook.id, LATER)).toBe(true);
  });
});

describe("the sender's updates", () => {
  it('do not recreate a deleted webhook [FAULT-12]', async () => {
    const account = anAccount();
    const { id, verification, url } = await created(aPendingWebhook(account));
    const health = createWebhookHealthUpdates({
      dynamodb: db.dynamodb,
      tableName: db.webhooksTable,
      clock: systemClock,
    });
    const failing = { accountId: account, webhookId: id, url };
    await store.remove(account, id);

    const answers = [
      await store.markSlow(account, id, LATER),
      await store.clearSlow(account, id, LATER),
      await store.activate(account, id, verification.id, LATER),
      await store.failVerification(account, id, verification.id, 'timeout', LATER),
      await health.clearFailures(failing),
      await health.countExhausted(failing, { count: 1, at: LATER, token: 'one' }),
      await health.disable(failing, { reason: 'gone', at: LATER }),
    ];

    expect(answers).toEqual([false, false, 'superseded', 'superseded', false, undefined, false]);
    expect(await db.getRaw(db.webhooksTable, webhookKey(account, id))).toBeUndefined();
  });

  it('name exactly the attributes that its role allows, no nested ones, and return at most those that they change', async () => {
    const named = new Set<unknown>();
    const sent: Sent[] = [];
    const dynamodb = watched(db.dynamodb, { before: (command) => sent.push(command) });
    const updates = createWebhookUpdates({ dynamodb, tableName: db.webhooksTable, clock: systemClock });
    const health = createWebhookHealthUpdates({ dynamodb, tableName: db.webhooksTable, clock: systemClock });
    const account = anAccount();
    const { id, verification, url } = await created(aPendingWebhook(account));
    const failing = { accountId: account, webhookId: id, url };
    const reached = { exhausted: 1, failingSince: LATER };

    await updates.markSlow(account, id, CREATED_AT);
    await updates.clearSlow(account, id, LATER);
    await updates.failVerification(account, id, newEventId(), 'timeout', LATER);
    await updates.failVerification(account, id, verification.id, 'timeout', LATER);
    await updates.activate(account, id, newEventId(), LATER);
    await updates.activate(account, id, verification.id, LATER);
    await health.clearFailures(failing);
    await health.countExhausted(failing, { count: 1, at: CREATED_AT, token: 'one' });
    await health.markWarned(failing, reached, LATER);
    await health.disable(failing, { reason: 'it fails', at: LATER, reached });

    for (const { command, input } of sent) {
      expect(command).toBe('UpdateItemCommand');
      expect([undefined, 'UPDATED_NEW']).toContain(input.ReturnValues);
      expect(expressionsIn(input)).not.toContain('.');
      if (isMap(input.Key)) for (const name of Object.keys(input.Key)) named.add(name);
      for (const path of pathsIn(input)) named.add(path);
    }
    expect([...named].sort()).toEqual([...SENDER_WEBHOOK_ATTRIBUTES].sort());
  });
});

async function created<Given extends Webhook>(webhook: Given): Promise<Given> {
  expect(await store.create(webhook)).toBe('created');
  return webhook;
}

/** The attributes in an update's expressions: IAM's condition compares them. */
function pathsIn(input: Sent['input']): unknown[] {
  const names = isMap(input.ExpressionAttributeNames) ? input.ExpressionAttributeNames : {};
  return [...expressionsIn(input).matchAll(/#\w+/g)].map(([placeholder]) => names[placeholder]);
}

function expressionsIn({ UpdateExpression, ConditionExpression }: Sent['input']): string {
  return [UpdateExpression, ConditionExpression].filter((text) => text !== undefined).join(' ');
}
