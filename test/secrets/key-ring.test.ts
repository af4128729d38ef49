import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { SealedSecret } from '../../lambdas/shared/domain/webhook.ts';
import { createDataKeys } from '../../lambdas/shared/secrets/data-keys.ts';
import { createKeyring, type Keyring } from '../../lambdas/shared/secrets/key-ring.ts';
import type { SecretOwner } from '../../lambdas/shared/secrets/seal.ts';
import { currentDataKeyKey, dataKeyKey } from '../../lambdas/shared/store/keys.ts';
import { anAccount, aWebhookId, CREATED_AT } from '../store/builders.ts';
import { startDynamoDB, type TestDynamoDB, watched } from '../support/dynamodb.ts';
import { startKms, type TestKms } from '../support/kms.ts';

const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

let db: TestDynamoDB;
let test: TestKms;
let owner: SecretOwner;

beforeAll(async () => {
  db = await startDynamoDB();
});
afterAll(() => db.stop());
beforeEach(async () => {
  test = startKms();
  owner = { accountId: anAccount(), webhookId: aWebhookId('wh_1') };
  for (let number = 1; number <= 9; number++) await db.deleteRaw(db.webhooksTable, dataKeyKey(number));
  await db.deleteRaw(db.webhooksTable, currentDataKeyKey());
});

describe('a sealed secret', () => {
  it('can be opened for its webhook, in the environment that sealed it and in every other one', async () => {
    const keyring = aKeyring();

    const sealed = await keyring.seal(SECRET, owner, CREATED_AT);

    expect(sealed).toMatchObject({ dataKey: 1, createdAt: CREATED_AT });
    expect(await keyring.open(sealed, owner)).toEqual({ ok: true, secret: SECRET });
    expect(await aReadingKeyring().open(sealed, owner)).toEqual({ ok: true, secret: SECRET });
  });

  it('does not contain the secret, and is different each time', async () => {
    const keyring = aKeyring();

    const [one, other] = [
      await keyring.seal(SECRET, owner, CREATED_AT),
      await keyring.seal(SECRET, owner, CREATED_AT),
    ];

    expect(one.sealed).not.toBe(other.sealed);
    const bytes = Buffer.from(one.sealed, 'base64');
    expect(bytes).toHaveLength(12 + SECRET.length + 16);
    expect(bytes.includes(SECRET.slice(6, 16))).toBe(false);
  });

  it('cannot be opened for another webhook or another account [API-4]', async () => {
    const keyring = aKeyring();
    const sealed = await keyring.seal(SECRET, owner, CREATED_AT);

    const moved = await keyring.open(sealed, { ...owner, webhookId: aWebhookId('wh_2') });
    const stolen = await keyring.open(sealed, { ...owner, accountId: anAccount() });

    expect([moved.ok, stolen.ok]).toEqual([false, false]);
  });

  it('cannot be opened when one of its bytes was changed, or some are missing', async () => {
    const keyring = aKeyring();
    const sealed = await keyring.seal(SECRET, owner, CREATED_AT);
    const bytes = Buffer.from(sealed.sealed, 'base64');
    const tampered = [0, 12, bytes.length - 1].map((index) => {
      const copy = Buffer.from(bytes);
      copy[index] = (copy[index] ?? 0) ^ 1;
      return copy;
    });
    const cut = [bytes.subarray(0, -1), bytes.subarray(0, 20), Buffer.alloc(0)];

    const opened = await Promise.all(
      [...tampered, ...cut].map((broken) => keyring.open(withBytes(sealed, broken), owner)),
    );

    expect(opened.map(({ ok }) => ok)).toEqual(opened.map(() => false));
    for (const answer of opened) expect(answer).toHaveProperty('reason');
  });

  it('cannot be opened when its data key does not exist; other secrets still can', async () => {
    const keyring = aKeyring();
    const sealed = await keyring.seal(SECRET, owner, CREATED_AT);

    expect(await keyring.open({ ...sealed, dataKey: 7 }, owner)).toEqual({
      ok: false,
      reason: 'there is no data key 7',
    });
    expect(await keyring.open(sealed, owner)).toEqual({ ok: true, secret: SECRET });
  });
});

describe('sealed custom headers', () => {
  const HEADER_NAMES = ['Authorization', 'X-Key'];

  it('can be decrypted neither as a signing secret nor for other names, and a secret not as headers [API-31]', async () => {
    const keyring = aKeyring();
    const headers = await keyring.seal('["a","b"]', { ...owner, headerNames: HEADER_NAMES }, CREATED_AT);
    const secret = await keyring.seal(SECRET, owner, CREATED_AT);

    const opened = await Promise.all([
      keyring.open(headers, owner),
      keyring.open(headers, { ...owner, headerNames: [...HEADER_NAMES].reverse() }),
      keyring.open(headers, { ...owner, headerNames: [] }),
      keyring.open(secret, { ...owner, headerNames: [] }),
    ]);

    expect(opened.map(({ ok }) => ok)).toEqual([false, false, false, false]);
    expect(await keyring.open(headers, { ...owner, headerNames: HEADER_NAMES })).toEqual({
      ok: true,
      secret: '["a","b"]',
    });
  });
});

describe('a rotation of the data key', () => {
  it('creates a new key that encrypts, and the old key still decrypts', async () => {
    const before = await aKeyring().seal(SECRET, owner, CREATED_AT);

    expect(await rotate()).toEqual({ kind: 'rotated', from: 1, to: 2 });

    const keyring = aKeyring();
    const after = await keyring.seal(SECRET, owner, CREATED_AT);
    expect([before.dataKey, after.dataKey]).toEqual([1, 2]);
    for (const sealed of [before, after]) {
      expect(await aReadingKeyring().open(sealed, owner)).toEqual({ ok: true, secret: SECRET });
      expect((await keyring.open({ ...sealed, dataKey: 3 - sealed.dataKey }, owner)).ok).toBe(false);
    }
  });

  it('makes the first data key where there is none', async () => {
    expect(await rotate()).toEqual({ kind: 'first' });

    expect((await aKeyring().seal(SECRET, owner, CREATED_AT)).dataKey).toBe(1);
  });

  it('reaches an environment that is warm within 5 minutes, and costs it one read in that time', async () => {
    const clock = { time: 0, now: () => clock.time };
    let reads = 0;
    const dynamodb = watched(db.dynamodb, {
      before: () => {
        reads++;
      },
    });
    const { kms, keyId: kmsKeyId } = test;
    const keyring = createKeyring({ dynamodb, kms, tableName: db.webhooksTable, kmsKeyId, clock });
    await keyring.open(await keyring.seal(SECRET, owner, CREATED_AT), owner);
    await rotate();
    const readsBefore = reads;

    clock.time = 5 * 60_000 - 1;
    const before = await keyring.seal(SECRET, owner, CREATED_AT);
    expect(reads).toBe(readsBefore);
    clock.time = 5 * 60_000;
    const after = await keyring.seal(SECRET, owner, CREATED_AT);

    expect([before.dataKey, after.dataKey]).toEqual([1, 2]);
    // The number, and the new data key.
    expect(reads).toBe(readsBefore + 2);
    expect(await keyring.currentDataKey()).toBe(2);
    expect(reads).toBe(readsBefore + 2);
  });

  it('succeeds once when several are made at the same time, and every secret that is sealed meanwhile can be opened [FAULT-37]', async () => {
    await aKeyring().seal(SECRET, owner, CREATED_AT);

    const [rotations, sealed] = await Promise.all([
      Promise.all(Array.from({ length: 5 }, () => rotate())),
      Promise.all(Array.from({ length: 5 }, () => aKeyring().seal(SECRET, owner, CREATED_AT))),
    ]);

    const numbers = rotations.flatMap((one) => (one.kind === 'rotated' ? [one.to] : []));
    expect(new Set(numbers).size).toBe(numbers.length);
    const last = Math.max(...numbers);
    expect(await aKeyring().currentDataKey()).toBe(last);
    for (const one of [...sealed, await aKeyring().seal(SECRET, owner, CREATED_AT)]) {
      expect(one.dataKey).toBeLessThanOrEqual(last);
      expect(await aReadingKeyring().open(one, owner)).toEqual({ ok: true, secret: SECRET });
    }
  });

  it('that read the number before another rotation published its own is discarded', async () => {
    await aKeyring().seal(SECRET, owner, CREATED_AT);
    const late = createDataKeys({
      dynamodb: watched(db.dynamodb, {
        before: async ({ command }) => {
          if (command === 'UpdateItemCommand') await rotate();
        },
      }),
      kms: test.kms,
      tableName: db.webhooksTable,
      kmsKeyId: test.keyId,
    });

    expect(await late.rotate(CREATED_AT)).toEqual({ kind: 'lost', current: 2 });
    expect((await aKeyring().seal(SECRET, owner, CREATED_AT)).dataKey).toBe(2);
  });

  it('that was interrupted before it published the number is completed by the next one', async () => {
    await aKeyring().seal(SECRET, owner, CREATED_AT);
    await aDataKeys().create(2, CREATED_AT);
    expect((await aKeyring().seal(SECRET, owner, CREATED_AT)).dataKey).toBe(1);
    const unpublished = await db.getRaw(db.webhooksTable, dataKeyKey(2));

    expect(await rotate()).toEqual({ kind: 'rotated', from: 1, to: 2 });

    expect(await db.getRaw(db.webhooksTable, dataKeyKey(2))).toEqual(unpublished);
    const sealed = await aKeyring().seal(SECRET, owner, CREATED_AT);
    expect(await aReadingKeyring().open(sealed, owner)).toEqual({ ok: true, secret: SECRET });
  });

  it('is not undone by an environment that lost its current data key: it seals nothing', async () => {
    await aKeyring().seal(SECRET, owner, CREATED_AT);
    await rotate();
    await db.deleteRaw(db.webhooksTable, dataKeyKey(2));

    await expect(aKeyring().seal(SECRET, owner, CREATED_AT)).rejects.toThrow(/data key, 2, does not exist/);
  });
});

describe('the first data key', () => {
  it('is the same for several environments that create it at the same time', async () => {
    const keyrings = Array.from({ length: 5 }, () => aKeyring());

    const sealed = await Promise.all(keyrings.map((keyring) => keyring.seal(SECRET, owner, CREATED_AT)));

    expect(test.calls.filter((call) => call === 'GenerateDataKey').length).toBeGreaterThan(1);
    const reader = aReadingKeyring();
    for (const one of sealed) expect(await reader.open(one, owner)).toEqual({ ok: true, secret: SECRET });
    for (const keyring of keyrings) {
      for (const one of sealed) expect(await keyring.open(one, owner)).toEqual({ ok: true, secret: SECRET });
    }
  });

  it('is created once when one environment needs it several times at the same time', async () => {
    const keyring = aKeyring();

    await Promise.all(Array.from({ length: 5 }, () => keyring.seal(SECRET, owner, CREATED_AT)));

    expect(test.calls).toEqual(['GenerateDataKey']);
  });

  it('is used by a later environment, which does not create another one', async () => {
    await aKeyring().seal(SECRET, owner, CREATED_AT);
    test.calls.length = 0;

    await aKeyring().seal(SECRET, owner, CREATED_AT);

    expect(test.calls).toEqual(['Decrypt']);
  });

  it('is not created by a keyring without a KMS key id, which seals secrets once the key exists', async () => {
    const reading = aReadingKeyring();
    await expect(reading.seal(SECRET, owner, CREATED_AT)).rejects.toThrow(/KMS key id/);
    await aKeyring().seal(SECRET, owner, CREATED_AT);

    const sealed = await reading.seal(SECRET, owner, CREATED_AT);

    expect(await aReadingKeyring().open(sealed, owner)).toEqual({ ok: true, secret: SECRET });
  });

  it('is bound to its number: KMS refuses to decrypt it under another number', async () => {
    const sealed = await aKeyring().seal(SECRET, owner, CREATED_AT);
    const item = await db.getRaw(db.webhooksTable, dataKeyKey(1));
    await db.putRaw(db.webhooksTable, { ...item, ...dataKeyKey(2) });

    await expect(aReadingKeyring().open({ ...sealed, dataKey: 2 }, owner)).rejects.toThrow(/Ciphertext/);
  });
});

describe('a keyring', () => {
  it('calls KMS only once, also when many deliveries need the key at the same time', async () => {
    const sealed = await aKeyring().seal(SECRET, owner, CREATED_AT);
    test.calls.length = 0;
    const keyring = aReadingKeyring();

    await Promise.all(Array.from({ length: 10 }, () => keyring.open(sealed, owner)));
    await keyring.open(sealed, owner);

    expect(test.calls).toEqual(['Decrypt']);
  });

  it('does not need KMS after it has loaded the key', async () => {
    const keyring = aKeyring();
    const sealed = await keyring.seal(SECRET, owner, CREATED_AT);
    await keyring.open(sealed, owner);

    test.down = true;

    expect(await keyring.open(sealed, owner)).toEqual({ ok: true, secret: SECRET });
    expect(await keyring.seal(SECRET, owner, CREATED_AT)).toHaveProperty('sealed');
  });

  it('throws while KMS is unavailable, and calls it again the next time [FAULT-26]', async () => {
    const sealed = await aKeyring().seal(SECRET, owner, CREATED_AT);
    const keyring = aReadingKeyring();
    test.down = true;
    await expect(keyring.open(sealed, owner)).rejects.toThrow(/KMS/);

    test.down = false;

    expect(await keyring.open(sealed, owner)).toEqual({ ok: true, secret: SECRET });
  });

  it('does not seal a secret while KMS is unavailable, and creates the data key the next time', async () => {
    const keyring = aKeyring();
    test.down = true;
    await expect(keyring.seal(SECRET, owner, CREATED_AT)).rejects.toThrow(/KMS/);

    test.down = false;

    const sealed = await keyring.seal(SECRET, owner, CREATED_AT);
    expect(await aReadingKeyring().open(sealed, owner)).toEqual({ ok: true, secret: SECRET });
  });

  it('throws while DynamoDB is unavailable, and calls it again the next time', async () => {
    const sealed = await aKeyring().seal(SECRET, owner, CREATED_AT);
    let down = true;
    const dynamodb = watched(db.dynamodb, {
      before: () => {
        if (down) throw new Error('DynamoDB is unavailable');
      },
    });
    const keyring = createKeyring({ dynamodb, kms: test.kms, tableName: db.webhooksTable });
    await expect(keyring.open(sealed, owner)).rejects.toThrow('DynamoDB is unavailable');

    down = false;

    expect(await keyring.open(sealed, owner)).toEqual({ ok: true, secret: SECRET });
  });
});

function aKeyring(): Keyring {
  const { kms, keyId } = test;
  return createKeyring({ dynamodb: db.dynamodb, kms, tableName: db.webhooksTable, kmsKeyId: keyId });
}

function aDataKeys() {
  const { kms, keyId: kmsKeyId } = test;
  return createDataKeys({ dynamodb: db.dynamodb, kms, tableName: db.webhooksTable, kmsKeyId });
}

const rotate = () => aDataKeys().rotate(CREATED_AT);

/** The keyring of the dispatcher and the sender: it opens secrets and creates no data key. */
function aReadingKeyring(): Keyring {
  return createKeyring({ dynamodb: db.dynamodb, kms: test.kms, tableName: db.webhooksTable });
}

function withBytes(sealed: SealedSecret, bytes: Buffer): SealedSecret {
  return { ...sealed, sealed: bytes.toString('base64') };
}
