import type { AccountId } from '../../lambdas/shared/domain/ids.ts';
import type { Clock } from '../../lambdas/shared/runtime/clock.ts';
import type { ApiKeyStore } from '../../lambdas/shared/store/api-keys.ts';
import { createKeySession, keyName } from '../shared/api.ts';
import { createTurns } from './turns.ts';

/** The command's own API keys, one for each account that the operator opens. */
export interface AccountKeys {
  /** A key that is valid for longer than a request takes. Concurrent calls get the same key. */
  keyOf(accountId: AccountId): Promise<string>;
  /** Revokes all keys. Throws when one could not be revoked, after all were tried. */
  end(): Promise<void>;
}

export function createAccountKeys(keys: Pick<ApiKeyStore, 'create' | 'revoke'>, clock: Clock): AccountKeys {
  const sessions = new Map<AccountId, ReturnType<typeof createKeySession>>();
  // Without this, concurrent calls would each create a key.
  const inTurn = createTurns<AccountId>();
  return {
    keyOf(accountId) {
      const session = sessions.get(accountId) ?? createKeySession(keys, accountId, keyName('console'), clock);
      sessions.set(accountId, session);
      return inTurn(accountId, () => session.key());
    },
    async end() {
      const all = [...sessions].map(([accountId, session]) => inTurn(accountId, () => session.end()));
      const failed = (await Promise.allSettled(all)).find(({ status }) => status === 'rejected');
      if (failed?.status === 'rejected') throw failed.reason;
    },
  };
}
