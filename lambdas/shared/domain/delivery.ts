import type { DeliveryControl } from './delivery-control.ts';
import type { AccountId, DeliveryId, EventId, RecoveryId, WebhookId } from './ids.ts';
import type { Traceparent } from './traceparent.ts';
import type { SealedHeaders, SuccessStatus } from './webhook.ts';

/**
 * The purpose of a delivery:
 * - `event`: an event from the bus
 * - `test`: a catalogue example that the customer requested; causes no system events
 * - `verification`: a challenge; it succeeds only when the response repeats the challenge
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
 * - `delivered`: an attempt succeeded; no later write changes this status
 * - `exhausted`: given up, after the last attempt or at once when another attempt cannot succeed
 * - `canceled`: the webhook was deleted or no longer subscribes to the type, or the challenge was superseded
 * - `held`: the webhook is disabled, or its secret cannot be opened; a new delivery can repeat it
 */
export type DeliveryStatus = 'retrying' | 'delivered' | 'exhausted' | 'canceled' | 'held';

/** The statuses of a delivery whose last attempt failed. */
export type FailureStatus = Extract<DeliveryStatus, 'retrying' | 'exhausted'>;

/** The statuses of a delivery for which the next attempt is not made. */
export type SkippedStatus = Extract<DeliveryStatus, 'held' | 'canceled'>;

/** A `Record`, so that a new status does not compile without an entry. */
const IS_FINAL = {
  retrying: false,
  delivered: true,
  exhausted: true,
  canceled: true,
  held: true,
} as const satisfies Readonly<Record<DeliveryStatus, boolean>>;

export type FinalStatus = {
  [Status in DeliveryStatus]: (typeof IS_FINAL)[Status] extends true ? Status : never;
}[DeliveryStatus];

export const DELIVERY_STATUSES = Object.keys(IS_FINAL).filter(isDeliveryStatus);

/**
 * Whether the delivery has ended: no attempt follows, and only a success of another copy of its message may change
 * the status. A `held` delivery is not continued but repeated, as a new delivery.
 */
export function isFinal(status: DeliveryStatus): status is FinalStatus {
  return IS_FINAL[status];
}

/** Returns undefined for any other value. */
export function parseDeliveryStatus(value: unknown): DeliveryStatus | undefined {
  return typeof value === 'string' && isDeliveryStatus(value) ? value : undefined;
}

function isDeliveryStatus(text: string): text is DeliveryStatus {
  return Object.hasOwn(IS_FINAL, text);
}

/** Why an attempt failed, as a fixed word that customers and dashboards can count. */
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
  /** From the start of the request, on an open connection, to the end of the response head. */
  readonly firstByteMs?: number;
}

/** One POST and its result. */
export interface Attempt {
  readonly number: number;
  /** Milliseconds since 1970 when it began. */
  readonly at: number;
  readonly durationMs: number;
  /** The signed timestamp that was sent, in whole seconds since 1970. Absent: the second of `at`. */
  readonly timestamp?: number;
  /** The HTTP status code. Absent when there was no response. */
  readonly status?: number;
  /** Absent if and only if the attempt succeeded. */
  readonly error?: AttemptError;
  /** One line for the customer: why the attempt failed. Absent when it succeeded. */
  readonly reason?: string;
  /** The target of a redirect. It is recorded and never followed. */
  readonly location?: string;
  /** The beginning of the response: 1 KiB of UTF-8 of the last failed attempt, 256 bytes of earlier ones. */
  readonly excerpt?: string;
  /** Whether the response was longer than `excerpt`. */
  readonly excerptCut?: boolean;
  /** Headers of the response to a failed attempt, by lower-case name: an allow-list, 256 bytes in all. */
  readonly responseHeaders?: Readonly<Record<string, string>>;
  readonly timing?: AttemptTiming;
  /** The receiver's request in the response header `webhook-delivery`. */
  readonly control?: DeliveryControl;
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

/** The stored record of one delivery. A missing attempt was not recorded. */
export interface DeliveryRecord {
  readonly accountId: AccountId;
  readonly webhookId: WebhookId;
  readonly deliveryId: DeliveryId;
  readonly eventId: EventId;
  readonly eventType: string;
  readonly status: DeliveryStatus;
  /** Why the delivery is `held` or `canceled`. */
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
   * Milliseconds since 1970. The timestamp headers contain it in whole seconds. A first attempt is sent without a
   * read while this is recent, so it must not be later than the read of the webhook whose secret signed.
   */
  readonly signedAt: number;
  /** `X-Webhook-Signature`: hex HMAC-SHA256, without the `sha256=` prefix. */
  readonly hex: string;
  /** The same, signed with the previous secret. Present during a rotation. */
  readonly previousHex?: string;
  /** `webhook-signature`: one `v1,<base64>` per live secret, space-separated, newest first. */
  readonly standard: string;
}

/**
 * The content of a queue message of one delivery. It contains everything that a first attempt needs, so that a first
 * attempt is sent without a read. Later attempts read the webhook.
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
  /** The URL of the first attempt and of all attempts of a verification. Other retries use the webhook's current URL. */
  readonly url: string;
  readonly body: string;
  /** The number of the attempt to make, from 1. */
  readonly attempt: number;
  readonly signed: Signed;
  /** Whether the dispatcher enqueued this event before: the delivery may have been attempted already. */
  readonly rerun: boolean;
  /** The token of the attempt before this one. Absent in a first attempt, and when that attempt could not be recorded. */
  readonly after?: string;
  /** The number of attempts allowed. Lower than in the schedule only for a system event about its own webhook. */
  readonly maxAttempts: number;
  /** Types of system events that a webhook of the account subscribes to. Others are not published. */
  readonly subscribedSystemEvents: readonly string[];
  /** Failed attempts so far. Only an exhausted message contains an excerpt: that of the last attempt. */
  readonly history: readonly Attempt[];
  /** True in the messages of the exhausted queue. */
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
  /** The trace of the event, as its publisher gave it. */
  readonly traceparent?: Traceparent;
}
