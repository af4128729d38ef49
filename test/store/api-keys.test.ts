import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../lambdas/shared/runtime/clock.ts';
import { type ApiKeyStore, createApiKeyStore } from '../../lambdas/shared/store/api-keys.ts';
import { createWebhookStore } from '../../lambdas/shared/store/webhooks.ts';
import { startDynamoDB, type TestDynamoDB, watched } from '../support/dynamodb.ts';
import { anAccount, aWebhook, CREATED_AT, LATER, ACCEPTED_AT as NOW } from './builders.ts';

let db: TestDynamoDB;
let store: ApiKeyStore;

beforeAll(async () => {
  db = await startDynamoDB();
  store = createApiKeyStore({ dynamodb: db.dynamodb, tableName: db.webhooksTable });
});
afterAll(() => db.stop());

describe('an API key', () => {
  it('is found by its text, with the account that owns it', async () => {
    const account = anAccount();

    const created = await store.create(account, 'billing', NOW);

    expect(created.key).toMatch(/^whk_[A-Za-z0-9_-]{32}$/);
    const { key, ...rest } = created;
    expect(rest).toEqual({
      id: expect.stringMatching(/^key_[0-9a-f]{16}$/),
      accountId: account,
      name: 'billing',
      createdAt: CREATED_AT,
    });
    expect(await store.find(key, NOW)).toEqual({
      ...rest,
      revoked: false,
      hash: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
  });

  it('is neither stored in the table nor returned by a list [API-5]', async () => {
    const account = anAccount();
    const sent: unknown[] = [];
    const dynamodb = watched(db.dynamodb, { before: ({ input }) => sent.push(input) });

    const { key } = await createApiKeyStore({ dynamodb, tableName: db.webhooksTable }).create(
      account,
      'billing',
      NOW,
    );

    expect(sent).toHaveLength(1);
    expect(JSON.stringify([sent, await store.list(account)])).not.toContain(key.slice(4));
  });

  it('is stored and found only by its SHA-256 [API-5]', async () => {
    const account = anAccount();
    const sent: unknown[] = [];
    const dynamodb = watched(db.dynamodb, { before: ({ input }) => sent.push(input) });
    const watchedStore = createApiKeyStore({ dynamodb, tableName: db.webhooksTable });

    const { key } = await watchedStore.create(account, 'billing', NOW);
    await watchedStore.find(key, NOW);

    const hash = createHash('sha256').update(key).digest('hex');
    expect(sent).toMatchObject([
      { Item: { pk: { S: `KEY#${hash}` } } },
      { Key: { pk: { S: `KEY#${hash}` } } },
    ]);
  });

  it('is revoked at once [API-5]', async () => {
    const { key } = await store.create(anAccount(), 'billing', NOW);

    expect(await store.revoke(key, Date.parse(LATER))).toBe('revoked');

    expect(await store.find(key, NOW)).toMatchObject({ revoked: true, revokedAt: LATER });
  });

  it('can be revoked by its id; a second revocation is reported as such', async () => {
    const [{ id, key }, other] = [
      await store.create(anAccount(), 'billing', NOW),
      await store.create(anAccount(), 'billing', NOW),
    ];

    expect(await store.revoke(id, Date.parse(LATER))).toBe('revoked');
    expect(await store.revoke(id, NOW)).toBe('already_revoked');
    expect(await store.find(key, NOW)).toMatchObject({ revokedAt: LATER });
    expect(await store.find(other.key, NOW)).toMatchObject({ revoked: false });
  });

  it('is changed by its id without another scan when a scan has found it', async () => {
    const account = anAccount();
    const calls: string[] = [];
    const dynamodb = watched(db.dynamodb, {
      before: ({ command }) => void calls.push(command),
    });
    const watchedStore = createApiKeyStore({ dynamodb, tableName: db.webhooksTable });
    await watchedStore.create(account, 'billing', NOW);
    await watchedStore.create(account, 'shipping', NOW);
    const keys = await watchedStore.list(account);

    for (const { id } of keys) {
      await watchedStore.revoke(id, Date.parse(LATER));
      await watchedStore.removeName(id);
    }

    expect(calls.filter((name) => name === 'ScanCommand')).toHaveLength(1);
    expect(await store.list(account)).toMatchObject([
      { name: '', revokedAt: LATER },
      { name: '', revokedAt: LATER },
    ]);
  });

  it('is refused from its expiry on [API-38]', async () => {
    const account = anAccount();

    const { key } = await store.create(account, 'short', NOW, { validUntil: NOW + 1_000 });

    const validUntil = new Date(NOW + 1_000).toISOString();
    expect(await store.find(key, NOW + 999)).toMatchObject({ revoked: false, validUntil });
    expect(await store.find(key, NOW + 1_000)).toMatchObject({ revoked: true });
    expect(await store.list(account)).toMatchObject([{ validUntil }]);
  });

  it.each([
    'whk_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
    'key_0000000000000000',
    'key_',
    'whk_',
    '',
    'KEYRING',
    `whk_${'A'.repeat(5000)}`,
  ])('is not found when it was never created: %s', async (text) => {
    expect(await store.find(text, NOW)).toBeUndefined();
    expect(await store.revoke(text, NOW)).toBe('not_found');
  });

  it('is not looked up when its format is invalid', async () => {
    const dynamodb = watched(db.dynamodb, {
      before: () => {
        throw new Error('an unexpected read');
      },
    });
    const watchedStore = createApiKeyStore({ dynamodb, tableName: db.webhooksTable });

    expect(await watchedStore.find('Bearer x', NOW)).toBeUndefined();
  });

  it('is listed with the other keys of its account, oldest first, without other items', async () => {
    const account = anAccount();
    const newest = await store.create(account, 'newest', Date.parse(LATER));
    const oldest = await store.create(account, 'oldest', NOW);
    await store.create(anAccount(), 'of another', NOW);
    await createWebhookStore({
      dynamodb: db.dynamodb,
      tableName: db.webhooksTable,
      clock: systemClock,
    }).create(aWebhook(account));

    const mine = await store.list(account);
    const all = await store.list();

    expect(mine.map(({ id }) => id)).toEqual([oldest.id, newest.id]);
    expect(all.length).toBeGreaterThan(2);
    expect(all.every(({ id }) => id.startsWith('key_'))).toBe(true);
  });
});
