import { newSessionId } from '../../shared/domain/ids.ts';
import { DEFAULT_SESSION_SECONDS, type Session } from '../../shared/domain/session.ts';
import { isSameHash, newSessionSecret, parseSessionSecret } from '../../shared/domain/session-secret.ts';
import { recordChange } from '../../shared/store/record-change.ts';
import { SESSION_RATE_LIMIT } from '../limits.ts';
import type { Ports } from '../ports.ts';
import { codeExpired, codeUnknown, codeUsed, tooManyRequests, unauthorized } from '../problem.ts';
import type { ApiResponse } from '../response.ts';
import { findValidKey, type IdentifyDeps } from './identify.ts';

export interface BeginDeps extends IdentifyDeps, Pick<Ports, 'audit' | 'rateLimits'> {}

export type Begun =
  | { readonly ok: true; readonly session: Session; readonly token: string }
  | { readonly ok: false; readonly response: ApiResponse };

/**
 * Exchanges the code of a link for a token. One conditional write uses up the code: of two requests at the same time,
 * one gets a token. A code with a wrong secret gets the same answer as one that never existed.
 */
export async function exchangeCode(code: string, requestId: string, deps: BeginDeps): Promise<Begun> {
  const secret = parseSessionSecret('code', code);
  const session = secret && (await deps.sessions.get(secret.accountId, secret.sessionId));
  if (secret === undefined || session === undefined) return refuse(codeUnknown());
  if (!isSameHash(session.codeHash, secret.hash)) return refuse(codeUnknown());
  const { id, accountId, returnUrl, codeValidUntil = 0 } = session;
  const now = deps.clock.now();
  if (session.tokenHash !== undefined) return refuse(codeUsed(returnUrl));
  if (session.revokedAt !== undefined || now >= codeValidUntil) return refuse(codeExpired(returnUrl));
  const limited = await countBegin(session, deps);
  if (limited !== undefined) return refuse(limited);

  const token = newSessionSecret('token', accountId, id);
  const validUntil = now + session.ttlSeconds * 1000;
  const begun = await recordChange(entryOf(session, requestId, now), deps, async () => {
    const unused = { accountId, id, codeHash: secret.hash };
    const result = await deps.sessions.begin(unused, { tokenHash: token.hash, validUntil });
    return { result, outcome: result ? 'done' : 'refused' };
  });
  return begun
    ? { ok: true, session: { ...session, validUntil }, token: token.text }
    : refuse(codeUsed(returnUrl));
}

/** Begins a session with an API key. It ends with the key, of which only the hash is stored. */
export async function exchangeKey(apiKey: string, requestId: string, deps: BeginDeps): Promise<Begun> {
  const key = await findValidKey(apiKey, deps);
  if (key === undefined) {
    return refuse(unauthorized('api_key is no valid API key; the operator creates keys', 'invalid_token'));
  }
  const now = deps.clock.now();
  const { accountId } = key;
  const id = newSessionId(now);
  const token = newSessionSecret('token', accountId, id);
  const session: Session = {
    ...{ id, accountId, right: 'write', createdAt: now, ttlSeconds: DEFAULT_SESSION_SECONDS },
    actor: key.name === '' ? key.id : key.name,
    keyHash: key.hash,
    tokenHash: token.hash,
    validUntil: now + DEFAULT_SESSION_SECONDS * 1000,
  };
  const limited = await countBegin(session, deps);
  if (limited !== undefined) return refuse(limited);
  await recordChange({ ...entryOf(session, requestId, now), keyId: key.id }, deps, async () => {
    await deps.sessions.create(session);
    return { result: undefined, outcome: 'done' };
  });
  return { ok: true, session, token: token.text };
}

/** Only after the code or the key was found valid: nobody else may use up the limit of an account. */
async function countBegin({ accountId }: Session, deps: BeginDeps): Promise<ApiResponse | undefined> {
  const taken = await deps.rateLimits.take(accountId, SESSION_RATE_LIMIT, deps.clock.now());
  if (taken.ok) return undefined;
  return tooManyRequests('sessions were begun', SESSION_RATE_LIMIT, taken.retryAfterSeconds);
}

function entryOf({ accountId, actor, id, right }: Session, requestId: string, at: number) {
  return {
    ...{ accountId, actor, requestId, at },
    action: 'session.begin',
    source: 'session',
    subject: id,
    details: { right },
  } as const;
}

function refuse(response: ApiResponse): Begun {
  return { ok: false, response };
}
