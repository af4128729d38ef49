import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { type AccountId, parseAccountId, parseSessionId, type SessionId } from './ids.ts';

/** `code` is in a link and is exchanged for `token`, which a browser sends with each request. */
const PREFIXES = { code: 'whc_', token: 'whs_' } as const;
export type SessionSecretKind = keyof typeof PREFIXES;

/** 24 random bytes are 32 characters of base64url: 192 bits. */
const SECRET_BYTES = 24;
/** The prefix, the session's id without its own prefix, the secret, and the account. */
const TEXT = /^(whc_|whs_)([0-9a-z]{24})([A-Za-z0-9_-]{32})\.([A-Za-z0-9_-]{1,64})$/;

export const MAX_SESSION_SECRET_CHARACTERS = 125;

/**
 * The parts of a code or a token. Account and session only locate the stored session: the hash of the whole text is
 * compared.
 */
export interface SessionSecret {
  readonly accountId: AccountId;
  readonly sessionId: SessionId;
  /** SHA-256 in lower-case hex. Only the hash is stored. */
  readonly hash: string;
}

export function newSessionSecret(
  kind: SessionSecretKind,
  accountId: AccountId,
  sessionId: SessionId,
): { readonly text: string; readonly hash: string } {
  const id = sessionId.slice('ses_'.length);
  const text = `${PREFIXES[kind]}${id}${randomBytes(SECRET_BYTES).toString('base64url')}.${accountId}`;
  return { text, hash: sha256(text) };
}

export function parseSessionSecret(kind: SessionSecretKind, text: string): SessionSecret | undefined {
  const [, prefix, id, , account] = TEXT.exec(text) ?? [];
  const accountId = parseAccountId(account);
  const sessionId = parseSessionId(`ses_${id}`);
  if (prefix !== PREFIXES[kind] || accountId === undefined || sessionId === undefined) return undefined;
  return { accountId, sessionId, hash: sha256(text) };
}

/** Compares hashes of the same length, in a time that does not depend on where they differ. */
export function isSameHash(one: string | undefined, other: string): boolean {
  return (
    one !== undefined && one.length === other.length && timingSafeEqual(Buffer.from(one), Buffer.from(other))
  );
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
