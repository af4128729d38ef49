import type { KeyObject } from 'node:crypto';
import type { SealedSecret } from '../domain/webhook.ts';
import { type Clock, systemClock } from '../runtime/clock.ts';
import type { Table } from '../store/client.ts';
import { createDataKeys, FIRST_DATA_KEY, type Kms } from './data-keys.ts';
import type { OpenedSecret } from './live-secrets.ts';
import { openWith, type SecretOwner, sealWith } from './seal.ts';

export type { Kms } from './data-keys.ts';

/**
 * A rotation of the data key reaches every warm environment that seals within this time. Older data keys still open
 * what they sealed, so a secret that is sealed with the previous data key meanwhile stays usable.
 */
const REREAD_CURRENT_AFTER_MS = 5 * 60_000;

export interface Keyring {
  /** Creates the first data key if none exists. Throws when KMS or DynamoDB cannot be reached. */
  seal(secret: string, owner: SecretOwner, createdAt: string): Promise<SealedSecret>;
  /**
   * Not `ok`: this secret can never be opened. Throws when KMS or DynamoDB cannot be reached; the next call tries
   * again.
   */
  open(sealed: SealedSecret, owner: SecretOwner): Promise<OpenedSecret>;
  /** Number of the data key with which `seal` seals. It may be 5 minutes old. */
  currentDataKey(): Promise<number>;
}

/**
 * Encrypts and decrypts the secrets of webhooks with data keys that KMS encrypted. This object decrypts each data key
 * only once, so that a warm function does not call KMS.
 */
export function createKeyring(
  deps: Table & {
    readonly kms: Kms;
    /** Needed to create the first data key. Without it, this keyring only uses existing keys. */
    readonly kmsKeyId?: string;
    /** Default: the system's. */
    readonly clock?: Clock;
  },
): Keyring {
  const { clock = systemClock } = deps;
  const dataKeys = createDataKeys(deps);
  const loaded = new Map<string, Promise<KeyObject | undefined>>();
  let current: { readonly number: number; readonly readAt: number } | undefined;

  /** Loads a key once: concurrent uses share the call. A failure is not kept. */
  const once = (name: string, load: () => Promise<KeyObject | undefined>): Promise<KeyObject | undefined> => {
    const known = loaded.get(name);
    if (known !== undefined) return known;
    const loading = load();
    loaded.set(name, loading);
    const forget = (): boolean => loaded.delete(name);
    loading.then((key) => key ?? forget(), forget);
    return loading;
  };

  const unwrapOnce = (number: number): Promise<KeyObject | undefined> =>
    once(`unwrap ${number}`, () => dataKeys.unwrap(number));

  const currentDataKey = async (): Promise<number> => {
    const now = clock.now();
    // A clock that is set back must not prevent the read for longer.
    if (current === undefined || Math.abs(now - current.readAt) >= REREAD_CURRENT_AFTER_MS) {
      current = { number: await dataKeys.current(), readAt: now };
    }
    return current.number;
  };

  return {
    currentDataKey,
    async seal(secret, owner, createdAt) {
      const number = await currentDataKey();
      const create = () => once(`create ${number}`, () => dataKeys.create(number, createdAt));
      const key = (await unwrapOnce(number)) ?? (number === FIRST_DATA_KEY ? await create() : undefined);
      if (key === undefined) throw new Error(`the current data key, ${number}, does not exist`);
      return { dataKey: number, sealed: sealWith(key, secret, owner), createdAt };
    },
    async open({ dataKey: number, sealed }, owner) {
      const key = await unwrapOnce(number);
      if (key === undefined) return { ok: false, reason: `there is no data key ${number}` };
      return openWith(key, sealed, owner);
    },
  };
}
