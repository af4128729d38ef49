import type { AccountId, SessionId } from './ids.ts';

/** What the holder of a session or an API key may do: `read` only, or everything (`write`). */
export const RIGHTS = ['read', 'write'] as const;
export type Right = (typeof RIGHTS)[number];

/** How long a link of an operator's backend can be opened: the backend redirects the browser to it at once. */
export const LINK_SECONDS = 5 * 60;
/** How long a link can be opened that is sent to a person, who confirms it with a button. */
export const CONFIRMED_LINK_SECONDS = 60 * 60;

/** How long a session is valid, from its beginning. */
export const DEFAULT_SESSION_SECONDS = 60 * 60;
export const MIN_SESSION_SECONDS = 60;
export const MAX_SESSION_SECONDS = 24 * 60 * 60;

/** A name or an id of a person, which the audit log shows: one line. */
export const MAX_ACTOR_CHARACTERS = 128;
const ACTOR = new RegExp(`^\\P{Cc}{1,${MAX_ACTOR_CHARACTERS}}$`, 'u');

/** A person's access to one account for a limited time. It begins when its link's code, or an API key, is exchanged for its token. */
export interface Session {
  readonly id: SessionId;
  readonly accountId: AccountId;
  readonly right: Right;
  /** Who uses it, according to the operator's backend. */
  readonly actor: string;
  /** Milliseconds since 1970, as are all times of a session. */
  readonly createdAt: number;
  /** How long the session is valid, from its beginning. */
  readonly ttlSeconds: number;
  /** The operator's page that makes another link. */
  readonly returnUrl?: string;
  /** SHA-256 of the code. Absent: it began with an API key. */
  readonly codeHash?: string;
  readonly codeValidUntil?: number;
  /** SHA-256 of the token. Absent: it has not begun. */
  readonly tokenHash?: string;
  readonly validUntil?: number;
  /** SHA-256 of the API key that it began with. It ends when the key is revoked or expires. */
  readonly keyHash?: string;
  readonly revokedAt?: number;
}

export function isActor(value: unknown): value is string {
  return typeof value === 'string' && value.isWellFormed() && ACTOR.test(value) && value.trim() !== '';
}
