import type { AccountId, EventId, WebhookId } from './ids.ts';

/**
 * - `pending`: the challenge is not answered yet; receives only the challenge
 * - `active`: receives events
 * - `disabled`: receives nothing; its deliveries are recorded as `held`
 * - `verification_failed`: no attempt of the challenge was answered; POST …/verify sends it again
 */
export const WEBHOOK_STATUSES = ['pending', 'active', 'disabled', 'verification_failed'] as const;
export type WebhookStatus = (typeof WEBHOOK_STATUSES)[number];

/** An encrypted signing secret. Only the keyring can decrypt it. */
export interface SealedSecret {
  /** Number of the data key that encrypts it. */
  readonly dataKey: number;
  /** Base64 of nonce (12 bytes), ciphertext and tag (16 bytes), AES-256-GCM. */
  readonly sealed: string;
  /** ISO 8601. */
  readonly createdAt: string;
  /** ISO 8601. A secret that was replaced by a rotation signs until then. Absent: the current one. */
  readonly expiresAt?: string;
  /** Identifies the request that made it by a rotation, so that a repetition of the request finds it. */
  readonly rotation?: string;
}

/** What counts as success: the contract's exact 200, or any 2xx. */
export const SUCCESS_STATUSES = ['200', '2xx'] as const;
export type SuccessStatus = (typeof SUCCESS_STATUSES)[number];

/** The headers that a customer adds to every request of a webhook. Their values may be secrets. */
export interface SealedHeaders {
  /** As the customer wrote them, in that order. */
  readonly names: readonly string[];
  /** A JSON array of the values, in the order of the names. */
  readonly sealed: SealedSecret;
}

/** The last challenge. After a new one, an answer to an older one has no effect. */
export interface Verification {
  /** Id of the verification event, in the headers of the request with the challenge. */
  readonly id: EventId;
  /** The URL that must answer: the webhook's URL, or its pending URL. */
  readonly url: string;
  /** ISO 8601. */
  readonly startedAt: string;
}

/** The reason when a delivery or a request cannot be signed. */
export const SECRET_UNREADABLE = 'the signing secret cannot be opened; ask the operator';

/** The reason when the custom headers of a delivery cannot be sent. */
export const HEADERS_UNREADABLE =
  'the custom headers cannot be opened; set them again with PATCH, or ask the operator';

/** HTTP statuses with which receivers refuse a signature. */
const SIGNATURE_REFUSALS: ReadonlySet<number> = new Set([400, 401, 403, 422]);

/** The text of `verificationError`: why no attempt succeeded and, when the receiver may lack the secret, what to do. */
export function describeVerificationFailure(webhookId: WebhookId, reason: string, status?: number): string {
  if (status === undefined || !SIGNATURE_REFUSALS.has(status)) return reason;
  return `${reason}; if it verifies signatures, give it the secret of this webhook, then call POST /v1/webhooks/${webhookId}/verify`;
}

export interface Webhook {
  readonly id: WebhookId;
  readonly accountId: AccountId;
  /** The current URL, in WHATWG's normal form. */
  readonly url: string;
  /** A new URL that has not answered its challenge yet. */
  readonly pendingUrl?: string;
  readonly events: readonly string[];
  readonly description?: string;
  readonly status: WebhookStatus;
  /** Whether `url` has answered a challenge. */
  readonly verified: boolean;
  /** The last challenge. It is kept until it is answered, so that a late answer counts. */
  readonly verification?: Verification;
  /** The verification that was answered last. A repeated answer changes nothing. */
  readonly verifiedBy?: EventId;
  /** Why the last verification failed, for the customer. Absent when it did not fail. */
  readonly verificationError?: string;
  /** Newest first; the first has no `expiresAt`. */
  readonly secrets: readonly SealedSecret[];
  /** The webhook's own rule of success. Absent: the stack's. */
  readonly successStatus?: SuccessStatus;
  readonly customHeaders?: SealedHeaders;
  /** Exhausted deliveries since the last success. Absent: none. */
  readonly exhaustedInRow?: number;
  /** ISO 8601; when the first of these was exhausted. */
  readonly failingSince?: string;
  /** ISO 8601; when the account was warned that the webhook will be disabled. */
  readonly warnedAt?: string;
  /** Identifies the last write of `exhaustedInRow`, so that a repeat of that write counts nothing. */
  readonly countedBy?: string;
  /** Why this service disabled it. Absent when a customer did, and when it is not disabled. */
  readonly disabledReason?: string;
  /** ISO 8601; when this service disabled it. */
  readonly disabledAt?: string;
  /** ISO 8601; the time since which its endpoint is known to be slow. Absent: not known to be slow. */
  readonly slowSince?: string;
  readonly createdAt: string;
  readonly updatedAt: string;
}
