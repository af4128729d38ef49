import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Webhook } from '../../lambdas/shared/domain/webhook.ts';
import { systemClock } from '../../lambdas/shared/runtime/clock.ts';
import {
  createWebhookHealthUpdates,
  type WebhookAtUrl,
  type WebhookHealthUpdates,
} from '../../lambdas/shared/store/webhook-health.ts';
import { createWebhookStore, type WebhookStore } from '../../lambdas/shared/store/webhooks.ts';
import { startDynamoDB, type TestDynamoDB } from '../support/dynamodb.ts';
import { anAccount, aWebhook, CREATED_AT, LATER } from './builders.ts';

let db: TestDynamoDB;
let store: WebhookStore;
let health: WebhookHealthUpdates;

beforeAll(async () => {
  db = await startDynamoDB();
  const table = { dynamodb: db.dynamodb, tableName: db.webhooksTable, clock: systemClock };
  store = createWebhookStore(table);
  health = createWebhookHealthUpdates(table);
});
afterAll(() => db.stop());

async function given(change: Partial<Webhook> = {}) {
  const webhook = aWebhook(anAccount(), change);
  await store.create(webhook);
  const at: WebhookAtUrl = { accountId: webhook.accountId, webhookId: webhook.id, url: webhook.url };
  return { at, stored: () => store.get(webhook.accountId, webhook.id) };
}

const exhausted = (count: number, token: string, at = CREATED_AT) => ({ count, at, token });

describe('exhausted deliveries', () => {
  it('are added up, and the time of the first one is kept', async () => {
    const { at } = await given();

    await health.countExhausted(at, exhausted(2, 'one'));
    const counted = await health.countExhausted(at, exhausted(3, 'two', LATER));

    expect(counted).toEqual({ exhaustedInRow: 5, failingSince: CREATED_AT });
  });

  it('count once, also when the SDK repeats the write because its response was lost [FAULT-41]', async () => {
    const { at, stored } = await given();

    await health.countExhausted(at, exhausted(2, 'one'));
    const repeated = await health.countExhausted(at, exhausted(2, 'one'));

    expect(repeated).toBeUndefined();
    expect(await stored()).toMatchObject({ exhaustedInRow: 2 });
  });

  it.each([
    ['a disabled webhook', { status: 'disabled' as const }, {}],
    ['another URL', {}, { url: 'https://old.example/' }],
  ])('do not count for %s', async (_, change, other) => {
    const { at, stored } = await given(change);

    const counted = await health.countExhausted({ ...at, ...other }, exhausted(1, 'one'));

    expect(counted).toBeUndefined();
    expect((await stored())?.exhaustedInRow).toBeUndefined();
  });
});

describe('a success', () => {
  it('clears the count and the warning, once', async () => {
    const { at, stored } = await given({ exhaustedInRow: 9, failingSince: CREATED_AT, warnedAt: LATER });

    const answers = [await health.clearFailures(at), await health.clearFailures(at)];

    expect(answers).toEqual([true, false]);
    const webhook = await stored();
    expect([webhook?.exhaustedInRow, webhook?.failingSince, webhook?.warnedAt]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });
});

describe('a webhook', () => {
  const failing = { exhaustedInRow: 20, failingSince: CREATED_AT };

  it.each([
    ['both thresholds are reached', { exhausted: 20, failingSince: CREATED_AT }, true],
    ['too few deliveries were exhausted', { exhausted: 21, failingSince: CREATED_AT }, false],
    ['it has not failed for long enough', { exhausted: 20, failingSince: '2026-01-15T10:29:59.999Z' }, false],
  ])('is warned about and disabled by its counters: %s', async (_, reached, expected) => {
    const { at, stored } = await given(failing);

    const answers = [
      await health.markWarned(at, reached, LATER),
      await health.disable(at, { reason: 'it fails', at: LATER, reached }),
    ];

    expect(answers).toEqual([expected, expected]);
    expect((await stored())?.status).toBe(expected ? 'disabled' : 'active');
  });

  it('is disabled by one of several writers, with the reason and the time', async () => {
    const { at, stored } = await given(failing);
    const reached = { exhausted: 1, failingSince: LATER };

    const answers = await Promise.all(
      [1, 2, 3].map((n) => health.disable(at, { reason: `writer ${n}`, at: LATER, reached })),
    );

    expect(answers.filter(Boolean)).toHaveLength(1);
    expect(await stored()).toMatchObject({
      status: 'disabled',
      disabledReason: expect.stringContaining('writer'),
      disabledAt: LATER,
      updatedAt: LATER,
    });
  });

  it('is warned about once', async () => {
    const { at } = await given(failing);
    const reached = { exhausted: 1, failingSince: LATER };

    expect(await health.markWarned(at, reached, LATER)).toBe(true);
    expect(await health.markWarned(at, reached, LATER)).toBe(false);
  });

  it('is not disabled by an answer of its former URL', async () => {
    const { at, stored } = await given();

    await health.disable({ ...at, url: 'https://old.example/' }, { reason: 'gone', at: LATER });

    expect((await stored())?.status).toBe('active');
  });
});
