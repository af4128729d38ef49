import { isSameHash, parseSessionSecret } from '../../shared/domain/session-secret.ts';
import type { Clock } from '../../shared/runtime/clock.ts';
import type { Log } from '../../shared/runtime/observability.ts';
import type { FoundKey } from '../../shared/store/api-keys.ts';
import type { Caller, Ports } from '../ports.ts';

export interface IdentifyDeps extends Pick<Ports, 'apiKeys' | 'sessions'> {
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * Finds who sends a credential: an API key or the token of a session. Both are read for every request, without a cache, so
 * that a revoked one is refused at once. The use of a revoked one is logged with its id, since it may be stolen.
 */
export async function identify(credential: string, deps: IdentifyDeps): Promise<Caller | undefined> {
  if (credential.startsWith('whs_')) return findSession(credential, deps);
  const key = await findValidKey(credential, deps);
  if (key === undefined) return undefined;
  const { id, accountId, name, validUntil, ofCommand } = key;
  return {
    kind: 'api_key',
    ...{ id, accountId, name, right: 'write' },
    ...(ofCommand === undefined ? {} : { ofCommand }),
    ...(validUntil === undefined ? {} : { validUntil: Date.parse(validUntil) }),
  };
}

export async function findValidKey(key: string, deps: IdentifyDeps): Promise<FoundKey | undefined> {
  const found = await deps.apiKeys.find(key, deps.clock.now());
  if (found?.revoked) {
    deps.log.warn('a revoked API key was used', { key_id: found.id, account_id: found.accountId });
  }
  return found?.revoked === false ? found : undefined;
}

async function findSession(token: string, deps: IdentifyDeps): Promise<Caller | undefined> {
  const secret = parseSessionSecret('token', token);
  if (secret === undefined) return undefined;
  const now = deps.clock.now();
  const session = await deps.sessions.get(secret.accountId, secret.sessionId);
  if (session === undefined || !isSameHash(session.tokenHash, secret.hash)) return undefined;
  const { id, accountId, actor, right, validUntil = 0, keyHash, returnUrl } = session;
  if (now >= validUntil) return undefined;
  const isRevoked =
    session.revokedAt !== undefined ||
    (keyHash !== undefined && (await deps.apiKeys.findByHash(keyHash, now))?.revoked !== false);
  if (isRevoked) {
    deps.log.warn('a revoked session was used', { session_id: id, account_id: accountId });
    return undefined;
  }
  return {
    kind: 'session',
    ...{ id, accountId, name: actor, right, validUntil },
    ...(returnUrl === undefined ? {} : { returnUrl }),
  };
}
