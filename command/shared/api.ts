import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { AccountId } from '../../lambdas/shared/domain/ids.ts';
import { type Clock, systemClock } from '../../lambdas/shared/runtime/clock.ts';
import { type ApiKeyStore, createApiKeyStore } from '../../lambdas/shared/store/api-keys.ts';
import { type Api, createApi } from '../../local/api-client.ts';
import type { Io } from '../verb.ts';
import { operatorName } from './operator.ts';
import { requireOutput, type Target } from './target.ts';

/** How long a key is valid. It expires even when this process is killed before it revokes the key. */
export const KEY_VALID_MS = 15 * 60_000;
/** A key is replaced when it expires within this time, which is longer than a request may take. */
const KEY_RENEWED_MS = 60_000;
/** A label for people. The store accepts any text. */
const MAX_USER_CHARACTERS = 60;

/**
 * Calls the API for an account with a key of its own: it is created for this call, expires after 15 minutes, and is
 * revoked at the end. Its name is the verb and the user of this machine; the audit log has both with every change.
 */
export async function withApi<T>(
  target: Target,
  accountId: AccountId,
  verb: string,
  io: Pick<Io, 'warn'>,
  use: (api: Api) => Promise<T>,
): Promise<T> {
  const url = requireOutput(target, 'ApiUrl');
  const dynamodb = new DynamoDBClient(target.clientSettings);
  const keys = createApiKeyStore({ dynamodb, tableName: requireOutput(target, 'WebhooksTableName') });
  const session = createKeySession(keys, accountId, keyName(verb), systemClock);
  try {
    return await use(createApi(url, session.key));
  } finally {
    await session.end().catch((error: unknown) => {
      io.warn(`the command's API key could not be revoked, and expires within 15 minutes: ${String(error)}`);
    });
    dynamodb.destroy();
  }
}

/** Creates keys when they are needed, and revokes each. */
export function createKeySession(
  keys: Pick<ApiKeyStore, 'create' | 'revoke'>,
  accountId: AccountId,
  name: string,
  clock: Clock,
): { readonly key: () => Promise<string>; readonly end: () => Promise<void> } {
  let current: { readonly key: string; readonly validUntil: number } | undefined;
  const end = async (): Promise<void> => {
    const old = current;
    current = undefined;
    if (old !== undefined) await keys.revoke(old.key, clock.now());
  };
  return {
    async key() {
      const now = clock.now();
      if (current !== undefined && current.validUntil - now > KEY_RENEWED_MS) return current.key;
      await end();
      const validUntil = now + KEY_VALID_MS;
      const { key } = await keys.create(accountId, name, now, { validUntil, ofCommand: true });
      current = { key, validUntil };
      return key;
    },
    end,
  };
}

/** A label for people, with the verb and the user of the machine. */
export function keyName(verb: string): string {
  return `webhook-fanout ${verb} by ${operatorName()}`.slice(0, MAX_USER_CHARACTERS);
}
