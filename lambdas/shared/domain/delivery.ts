import type { AccountId, DeliveryId, EventId, RecoveryId, WebhookId } from './ids.ts';
import type { SealedHeaders, SuccessStatus } from './webhook.ts';

/**
 * What a delivery is for. It decides what success and giving up mean:
 * - `event`: an event from the bus
 * - `test`: a catalogue example that the customer asked for; causes no system events
 * - `verification`: a challenge; success needs it echoed, failure leaves the webhook unverified
 */
export const DELIVERY_KINDS = ['event', 'test', 'verification'] as const;
export type DeliveryKind = (typeof DELIVERY_KINDS)[number];

/**
 * What caused a delivery. The first three are the kinds of a delivery that repeats no other:
 * - `resend`: a customer asked for this delivery to be sent again
 * - `recovery`: a recovery repeated a held or exhausted delivery
 * - `redrive`: an operator moved an exhausted message back to its lane
 */
export const DELIVERY_TRIGGERS = [...DELIVERY_KINDS, 'resend', 'recovery', 'redrive'] as const;
export type DeliveryTrigger = (typeof DELIVERY_TRIGGERS)[number];

/**
 * - `retrying`: an attempt failed and another is scheduled
 * - `delivered`: the customer's endpoint said yes; final, and nothing overwrites it
 * - `exhausted`: given up, after the last attempt or at once where trying again cannot help
 * - `canceled`: the webhook was deleted or no longer subscribes to the type, or the challenge was superseded
 * - `held`: the webhook is disabled, or its secret does not open
 */
export const DELIVERY_STATUSES = ['retrying', 'delivered', 'exhausted', 'canceled', 'held'] as const;
export type DeliveryStatus = (typeof DELIVERY_STATUSES)[number];

/** Why an attempt failed, in a word that customers and dashboards can count. */
export const ATTEMPT_ERRORS = [
  'http_status',
  'timeout',
  'dns_error',
  'connection_error',
  'tls_error',
  'protocol_error',
  'address_refused',
  'challenge_mismatch',
] as const;
export type AttemptError = (typeof ATTEMPT_ERRORS)[number];

/**
 * The parts of an attempt's duration, in milliseconds. A part that did not take place is absent: an open connection is
 * used again without DNS, connect and TLS.
 */
export interface AttemptTiming {
  readonly dnsMs?: number;
  readonly connectMs?: number;
  readonly tlsMs?: number;
  /** From the end of the request to the end of the response head. */
  readonly firstByteMs?: number;
}

/** One POST and what came of it. */
export interface Attempt {
  readonly number: number;
  /** Milliseconds since 1970 when it began. */
  readonly at: number;
  readonly durationMs: number;
  /** The status line's code; absent when there was no answer. */
  readonly status?: number;
  /** Absent exactly when the attempt succeeded. */
  readonly error?: AttemptError;
  /** One line for the customer: what happened. Absent when the attempt succeeded. */
  readonly reason?: string;
  /** Where a redirect pointed. It is recorded, never followed. */
  readonly location?: string;
  /** The beginning of the response to a failed attempt, at most 256 characters. */
  readonly excerpt?: string;
  /** Whether the response was longer than `excerpt`. */
  readonly excerptCut?: boolean;
  /** Headers of the response to a failed attempt, by lower-case name: an allow-list. */
  readonly responseHeaders?: Readonly<Record<string, string>>;
  readonly timing?: AttemptTiming;
  /** Whether an idle connection had closed and the request was sent again on a new one. */
  readonly reconnected?: boolean;
  /**
   * Identifies the copy of the message that continues the delivery after this attempt: first the copy that made
   * the attempt, later the copy that took it over.
   */
  readonly token?: string;
  /** Milliseconds since 1970 of the last takeover. Absent: no copy took this attempt over. */
  readonly takenAt?: number;
}

/** What is known of one delivery. An attempt that is missing was not recorded. */
export interface DeliveryRecord {
  readonly accountId: AccountId;
  readonly webhookId: WebhookId;
  readonly deliveryId: DeliveryId;
  readonly eventId: EventId;
  readonly eventType: string;
  readonly status: DeliveryStatus;
  /** Why it is `held`, `canceled` or was given up early. */
  readonly reason?: string;
  readonly attempts: readonly Attempt[];
  readonly kind: DeliveryKind;
  readonly trigger: DeliveryTrigger;
  /** Milliseconds since 1970 at which a repeated delivery began. Absent: it began when the event was accepted. */
  readonly startedAt?: number;
  /** Milliseconds since 1970. Present while a retry is scheduled. */
  readonly nextAttemptAt?: number;
  /** The delivery that this one repeats. */
  readonly resendOf?: DeliveryId;
  /** The delivery that repeats this one; the last one where there are several. */
  readonly resentAs?: DeliveryId;
  /** The recovery that repeated this one. */
  readonly resentBy?: RecoveryId;
  /** Milliseconds since 1970 at which a copy of the message began the first attempt of a repeated delivery. */
  readonly claimedAt?: number;
}

/** The signature headers of one request. */
export interface Signed {
  /**
   * Milliseconds since 1970. The timestamp headers carry it in whole seconds. A first attempt is sent without a
   * read while this is recent, so it is never later than the read of the webhook that the signature rests on.
   */
  readonly signedAt: number;
  /** `X-Webhook-Signature`: hex HMAC-SHA256, without the `sha256=` prefix. */
  readonly hex: string;
  /** The same with the secret before it, during a rotation. */
  readonly previousHex?: string;
  /** `webhook-signature`: one `v1,<base64>` per live secret, space-separated, newest first. */
  readonly standard: string;
}

/**
 * A delivery as it travels through the lanes. It carries all that a first attempt needs, so that one goes
 * out without a single read; anything later reads the webhook again.
 */
export interface DeliveryMessage {
  readonly kind: DeliveryKind;
  readonly accountId: AccountId;
  readonly eventId: EventId;
  readonly eventType: string;
  readonly webhookId: WebhookId;
  readonly deliveryId: DeliveryId;
  /** Milliseconds since 1970 at which the event was accepted. */
  readonly acceptedAt: number;
  /** Milliseconds since 1970 at which a repeated delivery began. Absent: it began when the event was accepted. */
  readonly startedAt?: number;
  /** Where to send it. Retries use the webhook's URL of then; verifications keep this one. */
  readonly url: string;
  readonly body: string;
  /** The attempt to make, from 1. */
  readonly attempt: number;
  readonly signed: Signed;
  /** Whether the dispatcher enqueued this event before: the delivery may have been attempted already. */
  readonly rerun: boolean;
  /** The token of the attempt before this one. Absent in a first attempt. */
  readonly after?: string;
  /** Attempts allowed in all; fewer than the schedule's only for a system event about its own webhook. */
  readonly maxAttempts: number;
  /** System events that some webhook of the account wants; nothing else is published. */
  readonly wantedSystemEvents: readonly string[];
  /** Failed attempts so far. Only an exhausted message holds an excerpt: that of the last attempt. */
  readonly history: readonly Attempt[];
  /** Set when the delivery was given up: the message on the exhausted queue. */
  readonly exhausted?: boolean;
  /** Absent: `kind`. */
  readonly trigger?: DeliveryTrigger;
  /** The delivery that this one repeats. */
  readonly resendOf?: DeliveryId;
  /** Milliseconds since 1970 before which it must not be sent: it waits longer than SQS can delay a message. */
  readonly notBefore?: number;
  /** Whether the webhook counted failures when this message was made: a success must then clear them. */
  readonly failing?: boolean;
  /** The webhook's own rule of success. Absent: the stack's. */
  readonly success?: SuccessStatus;
  /** The webhook's own headers, sealed. */
  readonly customHeaders?: SealedHeaders;
}
