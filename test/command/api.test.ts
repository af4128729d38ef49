import { describe, expect, it } from 'vitest';
import { createKeySession, KEY_VALID_MS } from '../../command/shared/api.ts';
import type { AccountId } from '../../lambdas/shared/domain/ids.ts';
import { accountId } from '../support/builders.ts';
import { createTestTimer } from '../support/test-timer.ts';

function start() {
  const clock = createTestTimer();
  const made: { key: string; validUntil: number | undefined; name: string }[] = [];
  const revoked: string[] = [];
  const keys = {
    async create(owner: AccountId, name: string, now: number, options?: { validUntil?: number }) {
      const key = `whk_${made.length}`;
      made.push({ key, validUntil: options?.validUntil, name });
      return { id: 'key_1', accountId: owner, name, createdAt: new Date(now).toISOString(), key };
    },
    async revoke(key: string) {
      revoked.push(key);
      return 'revoked' as const;
    },
  };
  return { clock, made, revoked, session: createKeySession(keys, accountId(), 'resend by me', clock) };
}

describe('the key with which a command calls the API', () => {
  it('expires after 15 minutes and is revoked at the end [API-38]', async () => {
    const { clock, made, revoked, session } = start();

    await session.key();
    const again = await session.key();
    const before = [...revoked];
    await session.end();

    expect(made).toEqual([{ key: again, validUntil: clock.now() + KEY_VALID_MS, name: 'resend by me' }]);
    expect(KEY_VALID_MS).toBe(15 * 60_000);
    expect([before, revoked]).toEqual([[], [again]]);
  });

  it('is replaced before it expires, and the old one is revoked', async () => {
    const { clock, made, revoked, session } = start();
    const first = await session.key();

    await clock.sleep(KEY_VALID_MS - 30_000);
    const second = await session.key();

    expect(second).not.toBe(first);
    expect(made).toHaveLength(2);
    expect(revoked).toEqual([first]);
  });

  it('is not created by a command that ends before its first call', async () => {
    const { made, revoked, session } = start();

    await session.end();

    expect([made, revoked]).toEqual([[], []]);
  });
});
