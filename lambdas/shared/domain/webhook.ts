import type { AccountId, EventId, WebhookId } from './ids.ts';

/**
 * - `pending`: created, the challenge not answered yet; receives nothing else
 * - `active`: receives events
 * - `disabled`: verified once, receives nothing; its events are recorded as `held`
 * - `verification_failed`: the challenge went unanswered four times; POST …/verify starts again
 */
export const WEBHOOK_STATUSES = ['pending', 'active', 'disabled', 'verification_failed'] as const;
export type WebhookStatus = (typeof WEBHOOK_STATUSES)[number];

/** A signing secret, encrypted. Only the keyring opens it. */
export interface SealedSecret {
  /** Number of the data key in the keyring that sealed it. */
  readonly dataKey: number;
  /** Base64 of nonce (12 bytes), ciphertext and tag (16 bytes), AES-256-GCM. */
  readonly sealed: string;
  /** ISO 8601. */
  readonly createdAt: string;
  /** ISO 8601; a secret that has been rotated out signs until then. Absent: the current one. */
  readonly expiresAt?: string;
}

/** The challenge that is on its way. A new one replaces it: an answer to an older one activates nothing. */
export interface Verification {
  /** Id of the verification event; it is in the headers of the request that carries the challenge. */
  readonly id: EventId;
  /** The URL that must answer: the webhook's own, or the one that is to replace it. */
  readonly url: string;
  /** ISO 8601. */
  readonly startedAt: string;
}

/** Said in a delivery's record when no one can sign for its webhook. */
export const SECRET_UNREADABLE = 'the signing secret cannot be opened; ask the operator';

export interface Webhook {
  readonly id: WebhookId;
  readonly accountId: AccountId;
  /** The URL in force, in WHATWG's normal form. */
  readonly url: string;
  /** A new URL that has not answered its challenge yet. */
  readonly pendingUrl?: string;
  readonly events: readonly string[];
  readonly description?: string;
  readonly status: WebhookStatus;
  /** Whether `url` ever answered a challenge. */
  readonly verified: boolean;
  /** The challenge that was sent last; present until it is answered, so that a late answer still counts. */
  readonly verification?: Verification;
  /** The verification that was answered last: answered again, it changes nothing. */
  readonly verifiedBy?: EventId;
  /** Why the newest verification failed, for the customer. Absent when it did not. */
  readonly verificationError?: string;
  /** Newest first; the first has no `expiresAt`. */
  readonly secrets: readonly SealedSecret[];
  /** ISO 8601; since when its endpoint is known to answer slowly. Absent: not known to be slow. */
  readonly slowSince?: string;
  readonly createdAt: string;
  readonly updatedAt: string;
}
