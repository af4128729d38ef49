import { createHash, randomBytes } from 'node:crypto';

/**
 * Identifiers are branded strings: only the functions below convert a plain string into one. An input that was not
 * validated can therefore not be used as a key, a header or a log field.
 */
declare const brand: unique symbol;
type Branded<Name extends string> = string & { readonly [brand]: Name };

/** The tenant that owns webhooks. Chosen by the operator: 1-64 characters of `[A-Za-z0-9_-]`. */
export type AccountId = Branded<'AccountId'>;
/** An event, `evt_…`. A publisher may choose its own: 1-64 characters of `[A-Za-z0-9_-]`. */
export type EventId = Branded<'EventId'>;
/** A customer's subscription, `wh_…`. Text order is the order of creation. */
export type WebhookId = Branded<'WebhookId'>;
/** The delivery of one event to one webhook, `dlv_…`. Text order is the order of acceptance. */
export type DeliveryId = Branded<'DeliveryId'>;
/** A recovery of held and exhausted deliveries, `rcv_…`. Text order is the order of creation. */
export type RecoveryId = Branded<'RecoveryId'>;
/** A listener, `lsn_…`: a developer's program that polls for events. Text order is the order of creation. */
export type ListenerId = Branded<'ListenerId'>;
/** A person's session in the console, `ses_…`. Text order is the order of creation. */
export type SessionId = Branded<'SessionId'>;
/** An entry of the audit log, `aud_…`. Text order is the order of the changes. */
export type AuditId = Branded<'AuditId'>;

const ID = /^[A-Za-z0-9_-]{1,64}$/;

/** Crockford's base 32: digits before letters, so that text order is numeric order. */
const BASE32 = '0123456789abcdefghjkmnpqrstvwxyz';
/** 10 base-32 characters hold 50 bits of milliseconds: enough until the year 37,648. */
const TIME_CHARACTERS = 10;
/** 20 base-32 characters of hash are 100 bits: no collision within one webhook's deliveries. */
const HASH_CHARACTERS = 20;
/** 14 base-32 characters are 70 random bits: no collision within one account and millisecond. */
const WEBHOOK_RANDOM_CHARACTERS = 14;
/** 24 base-32 characters are 120 random bits. */
const EVENT_RANDOM_CHARACTERS = 24;

export function parseAccountId(text: unknown): AccountId | undefined {
  return isId(text) ? (text as AccountId) : undefined;
}

export function parseEventId(text: unknown): EventId | undefined {
  return isId(text) ? (text as EventId) : undefined;
}

export function parseWebhookId(text: unknown): WebhookId | undefined {
  return isId(text) && text.startsWith('wh_') ? (text as WebhookId) : undefined;
}

export function parseDeliveryId(text: unknown): DeliveryId | undefined {
  return isId(text) && text.startsWith('dlv_') ? (text as DeliveryId) : undefined;
}

export function parseRecoveryId(text: unknown): RecoveryId | undefined {
  return isId(text) && text.startsWith('rcv_') ? (text as RecoveryId) : undefined;
}

export function parseListenerId(text: unknown): ListenerId | undefined {
  return isId(text) && text.startsWith('lsn_') ? (text as ListenerId) : undefined;
}

export function parseSessionId(text: unknown): SessionId | undefined {
  return isId(text) && text.startsWith('ses_') ? (text as SessionId) : undefined;
}

export function parseAuditId(text: unknown): AuditId | undefined {
  return isId(text) && text.startsWith('aud_') ? (text as AuditId) : undefined;
}

/**
 * A new id that begins with the time of creation (ms since 1970), so that an account's webhooks sort by age.
 * Ids made within one millisecond sort by their random part: an arbitrary order that never changes.
 *
 * With a `seed` this and the following functions always return the same id for the same arguments. A seed has at least
 * 128 random bits.
 */
export function newWebhookId(createdAt: number, seed?: string): WebhookId {
  return `wh_${timeText(createdAt)}${freeText(WEBHOOK_RANDOM_CHARACTERS, 'webhook', seed)}` as WebhookId;
}

export function newRecoveryId(createdAt: number, seed?: string): RecoveryId {
  return `rcv_${timeText(createdAt)}${freeText(WEBHOOK_RANDOM_CHARACTERS, 'recovery', seed)}` as RecoveryId;
}

export function newListenerId(createdAt: number, seed?: string): ListenerId {
  return `lsn_${timeText(createdAt)}${freeText(WEBHOOK_RANDOM_CHARACTERS, 'listener', seed)}` as ListenerId;
}

export function newSessionId(createdAt: number): SessionId {
  return `ses_${timeText(createdAt)}${randomText(WEBHOOK_RANDOM_CHARACTERS)}` as SessionId;
}

export function newAuditId(at: number): AuditId {
  return `aud_${timeText(at)}${randomText(WEBHOOK_RANDOM_CHARACTERS)}` as AuditId;
}

/** The lowest text that an audit id of this time (ms since 1970) or later can have, in text order. */
export function auditIdsSince(time: number): string {
  return `aud_${timeText(time)}`;
}

export function newEventId(seed?: string): EventId {
  return `evt_${freeText(EVENT_RANDOM_CHARACTERS, 'event', seed)}` as EventId;
}

/** The id of an event that was published without one: the bus's own id, the same in every run. */
export function eventIdFromBus(busEventId: string): EventId | undefined {
  return parseEventId(`evt_${busEventId.replaceAll('-', '')}`);
}

/**
 * The id of a delivery. It depends on its arguments alone, so every run of the same event gives the same id. It
 * begins with the event's time of acceptance, so that a webhook's deliveries sort by time.
 */
export function deliveryIdOf(delivery: {
  accountId: AccountId;
  eventId: EventId;
  /** The receiver. */
  webhookId: WebhookId | ListenerId;
  /** Milliseconds since 1970 at which the event was accepted, as stored with it. */
  acceptedAt: number;
}): DeliveryId {
  const hash = hashText(
    'delivery',
    delivery.accountId,
    delivery.eventId,
    delivery.webhookId,
    String(delivery.acceptedAt),
  );
  return `dlv_${timeText(delivery.acceptedAt)}${hash}` as DeliveryId;
}

/**
 * The id of the delivery that repeats a held or exhausted one. It depends on the old id alone, so that a redrive, a
 * recovery and a repeated publication become one delivery. It keeps the old time.
 */
export function repeatedDeliveryId(old: DeliveryId): DeliveryId {
  const time = old.slice('dlv_'.length, 'dlv_'.length + TIME_CHARACTERS);
  return `dlv_${time}${hashText('redrive', old)}` as DeliveryId;
}

/** The id of a delivery that a customer asked for (ms since 1970): each request makes another one. */
export function newDeliveryId(now: number, seed?: string): DeliveryId {
  return `dlv_${timeText(now)}${freeText(HASH_CHARACTERS, 'new-delivery', seed)}` as DeliveryId;
}

/** The time that an id begins with, in milliseconds since 1970: of the event's acceptance, or of the resend. */
export function timeOfDeliveryId(id: DeliveryId): number {
  const time = id.slice('dlv_'.length, 'dlv_'.length + TIME_CHARACTERS);
  return [...time].reduce((sum, character) => sum * 32 + Math.max(0, BASE32.indexOf(character)), 0);
}

/** The lowest text that a delivery id of this time (ms since 1970) or later can have, in text order. */
export function deliveryIdsSince(time: number): string {
  return `dlv_${timeText(time)}`;
}

/** The id of a system event. A redelivery gives the same id for the same delivery, attempt and type. */
export function systemEventIdOf(deliveryId: DeliveryId, attempt: number, type: string): EventId {
  return `evt_${hashText('system-event', deliveryId, String(attempt), type)}` as EventId;
}

function isId(text: unknown): text is string {
  return typeof text === 'string' && ID.test(text);
}

/** Random, or a hash of the seed. */
function freeText(characters: number, kind: string, seed: string | undefined): string {
  return seed === undefined ? randomText(characters) : base32(digestOf(kind, seed)).slice(0, characters);
}

/** Each character has 5 random bits. */
function randomText(characters: number): string {
  return base32(randomBytes(Math.ceil((characters * 5) / 8))).slice(0, characters);
}

function timeText(milliseconds: number): string {
  let remaining = Math.max(0, Math.trunc(milliseconds));
  let text = '';
  for (let i = 0; i < TIME_CHARACTERS; i++) {
    text = BASE32.charAt(remaining % 32) + text;
    remaining = Math.floor(remaining / 32);
  }
  return text;
}

function hashText(...parts: string[]): string {
  return base32(digestOf(...parts)).slice(0, HASH_CHARACTERS);
}

function digestOf(...parts: string[]): Buffer {
  return createHash('sha256').update(parts.join('\0')).digest();
}

function base32(bytes: Uint8Array): string {
  let text = '';
  let bits = 0;
  let value = 0;
  for (const byte of bytes) {
    value = (value << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += BASE32.charAt((value >>> bits) & 31);
    }
    value &= (1 << bits) - 1;
  }
  return text;
}
