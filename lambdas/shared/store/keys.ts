import {
  type AccountId,
  type AuditId,
  auditIdsSince,
  type DeliveryId,
  deliveryIdsSince,
  type EventId,
  type ListenerId,
  parseAccountId,
  parseAuditId,
  parseDeliveryId,
  parseEventId,
  parseListenerId,
  parseSessionId,
  parseWebhookId,
  type RecoveryId,
  type SessionId,
  type WebhookId,
} from '../domain/ids.ts';

/**
 * A key of one of the tables. Only this module builds and parses keys. Their parts are separated by `#`, which no id
 * can contain, so that every key has one meaning.
 */
export interface Key {
  readonly pk: string;
  readonly sk: string;
}

/** Patterns of partition keys for IAM's `dynamodb:LeadingKeys` conditions. */
export const KEY_PATTERNS = {
  account: 'ACCOUNT#*',
  apiKey: 'KEY#*',
  audit: 'AUDIT#*',
  keyring: 'KEYRING',
  event: 'EVENT#*',
  idempotency: 'IDEMPOTENCY#*',
  listenerDeliveries: 'LISTENER#*',
  recovery: 'RECOVERY#*',
  session: 'SESSION#*',
  webhookDeliveries: 'WEBHOOK#*',
} as const;

/** Prefixes of sort keys, for queries of one partition. */
export const WEBHOOK_SORT_KEYS = 'WEBHOOK#';
export const LISTENER_SORT_KEYS = 'WEBHOOK_LISTENER#';
/** Both of the above: one query reads an account's webhooks and listeners. */
export const SUBSCRIBER_SORT_KEYS = 'WEBHOOK';
const DELIVERY_SORT_KEYS = 'DELIVERY#';
/** Prefixes of partition keys, for operators' scans. */
export const API_KEY_PARTITIONS = 'KEY#';
export const ACCOUNT_PARTITIONS = 'ACCOUNT#';

// The webhooks table.

/** The partition of an account's webhooks, listeners, version and rate limits. */
export function accountPartition(accountId: AccountId): string {
  return `${ACCOUNT_PARTITIONS}${accountId}`;
}

export function webhookKey(accountId: AccountId, webhookId: WebhookId): Key {
  return { pk: accountPartition(accountId), sk: `${WEBHOOK_SORT_KEYS}${webhookId}` };
}

export function parseWebhookKey(key: {
  pk?: unknown;
  sk?: unknown;
}): { accountId: AccountId; webhookId: WebhookId } | undefined {
  const [account, ...afterAccount] = partsAfter('ACCOUNT', key.pk);
  const [webhook, ...afterWebhook] = partsAfter('WEBHOOK', key.sk);
  const accountId = parseAccountId(account);
  const webhookId = parseWebhookId(webhook);
  if (accountId === undefined || webhookId === undefined) return undefined;
  return afterAccount.length + afterWebhook.length === 0 ? { accountId, webhookId } : undefined;
}

export function listenerKey(accountId: AccountId, listenerId: ListenerId): Key {
  return { pk: accountPartition(accountId), sk: `${LISTENER_SORT_KEYS}${listenerId}` };
}

export function isListenerKey({ sk }: { sk?: unknown }): boolean {
  return typeof sk === 'string' && sk.startsWith(LISTENER_SORT_KEYS);
}

export function parseListenerKey(key: {
  pk?: unknown;
  sk?: unknown;
}): { accountId: AccountId; listenerId: ListenerId } | undefined {
  const [account, ...afterAccount] = partsAfter('ACCOUNT', key.pk);
  const [listener, ...afterListener] = partsAfter('WEBHOOK_LISTENER', key.sk);
  const accountId = parseAccountId(account);
  const listenerId = parseListenerId(listener);
  if (accountId === undefined || listenerId === undefined) return undefined;
  return afterAccount.length + afterListener.length === 0 ? { accountId, listenerId } : undefined;
}

/** The item that counts the changes of an account's webhooks. */
export function accountVersionKey(accountId: AccountId): Key {
  return { pk: accountPartition(accountId), sk: 'VERSION' };
}

/** The key of a rate limit's counter. `name` is a constant of this code, never an input. */
export function rateLimitKey(accountId: AccountId, name: string): Key {
  return { pk: accountPartition(accountId), sk: `RATE#${name}` };
}

/** The parameter is the SHA-256 of the API key, in lower-case hex. */
export function apiKeyKey(sha256Hex: string): Key {
  return { pk: `${API_KEY_PARTITIONS}${sha256Hex}`, sk: 'KEY' };
}

export function parseApiKeyKey(key: { pk?: unknown; sk?: unknown }): string | undefined {
  const [hash] = partsAfter('KEY', key.pk);
  return hash !== undefined && /^[0-9a-f]{64}$/.test(hash) && key.sk === 'KEY' ? hash : undefined;
}

export function dataKeyKey(dataKey: number): Key {
  return { pk: KEY_PATTERNS.keyring, sk: `DATAKEY#${dataKey}` };
}

/** The item with the number of the data key that seals. There is none before the first rotation. */
export function currentDataKeyKey(): Key {
  return { pk: KEY_PATTERNS.keyring, sk: 'CURRENT' };
}

// The deliveries table.

/** Ids of events are unique only within an account, since publishers choose them. */
export function eventKey(accountId: AccountId, eventId: EventId): Key {
  return { pk: `EVENT#${accountId}#${eventId}`, sk: 'EVENT' };
}

export function parseEventKey(key: {
  pk?: unknown;
  sk?: unknown;
}): { accountId: AccountId; eventId: EventId } | undefined {
  const [account, event, ...afterEvent] = partsAfter('EVENT', key.pk);
  const accountId = parseAccountId(account);
  const eventId = parseEventId(event);
  if (accountId === undefined || eventId === undefined) return undefined;
  return afterEvent.length === 0 && key.sk === 'EVENT' ? { accountId, eventId } : undefined;
}

/** The partition of all deliveries to one webhook, in the order in which their events were accepted. */
export function webhookPartition(accountId: AccountId, webhookId: WebhookId): string {
  return `WEBHOOK#${accountId}#${webhookId}`;
}

export function deliveryKey(accountId: AccountId, webhookId: WebhookId, deliveryId: DeliveryId): Key {
  return { pk: webhookPartition(accountId, webhookId), sk: deliverySortKey(deliveryId) };
}

export function deliverySortKey(deliveryId: DeliveryId): string {
  return `${DELIVERY_SORT_KEYS}${deliveryId}`;
}

/** The sort keys of a webhook's deliveries from `since` on and before `until` (milliseconds since 1970). */
export function deliverySortKeys({ since, until }: { since?: number; until?: number }): {
  lowest: string;
  highest: string;
} {
  // No id contains a `~`, which comes after every character of an id.
  const prefix = DELIVERY_SORT_KEYS;
  return {
    lowest: since === undefined ? prefix : `${prefix}${deliveryIdsSince(since)}`,
    highest: until === undefined ? `${prefix}~` : `${prefix}${deliveryIdsSince(until)}`,
  };
}

export function parseDeliveryKey(key: {
  pk?: unknown;
  sk?: unknown;
}): { accountId: AccountId; webhookId: WebhookId; deliveryId: DeliveryId } | undefined {
  const [account, webhook, ...afterWebhook] = partsAfter('WEBHOOK', key.pk);
  const [delivery, ...afterDelivery] = partsAfter('DELIVERY', key.sk);
  const accountId = parseAccountId(account);
  const webhookId = parseWebhookId(webhook);
  const deliveryId = parseDeliveryId(delivery);
  if (accountId === undefined || webhookId === undefined || deliveryId === undefined) return undefined;
  return afterWebhook.length + afterDelivery.length === 0 ? { accountId, webhookId, deliveryId } : undefined;
}

/** The partition of the deliveries that a listener has not confirmed yet. */
export function listenerPartition(accountId: AccountId, listenerId: ListenerId): string {
  return `LISTENER#${accountId}#${listenerId}`;
}

export function listenerDeliveryKey(
  accountId: AccountId,
  listenerId: ListenerId,
  deliveryId: DeliveryId,
): Key {
  return { pk: listenerPartition(accountId, listenerId), sk: deliverySortKey(deliveryId) };
}

export function parseListenerDeliveryKey(key: {
  pk?: unknown;
  sk?: unknown;
}): { accountId: AccountId; listenerId: ListenerId; deliveryId: DeliveryId } | undefined {
  const [account, listener, ...afterListener] = partsAfter('LISTENER', key.pk);
  const [delivery, ...afterDelivery] = partsAfter('DELIVERY', key.sk);
  const accountId = parseAccountId(account);
  const listenerId = parseListenerId(listener);
  const deliveryId = parseDeliveryId(delivery);
  if (accountId === undefined || listenerId === undefined || deliveryId === undefined) return undefined;
  return afterListener.length + afterDelivery.length === 0
    ? { accountId, listenerId, deliveryId }
    : undefined;
}

/** A customer's Idempotency-Key. It may contain any characters, so only its hash is in the key: SHA-256, lower-case hex. */
export function idempotencyKey(accountId: AccountId, sha256Hex: string): Key {
  return { pk: `IDEMPOTENCY#${accountId}`, sk: sha256Hex };
}

/** The partition of an account's recoveries, in the order in which they were created. */
export function recoveryPartition(accountId: AccountId): string {
  return `RECOVERY#${accountId}`;
}

export function recoveryKey(accountId: AccountId, recoveryId: RecoveryId): Key {
  return { pk: recoveryPartition(accountId), sk: recoveryId };
}

/** The partition of an account's sessions. */
export function sessionPartition(accountId: AccountId): string {
  return `SESSION#${accountId}`;
}

export function sessionKey(accountId: AccountId, sessionId: SessionId): Key {
  return { pk: sessionPartition(accountId), sk: sessionId };
}

export function parseSessionKey(key: {
  pk?: unknown;
  sk?: unknown;
}): { accountId: AccountId; sessionId: SessionId } | undefined {
  const [account, ...afterAccount] = partsAfter('SESSION', key.pk);
  const accountId = parseAccountId(account);
  const sessionId = parseSessionId(key.sk);
  if (accountId === undefined || sessionId === undefined) return undefined;
  return afterAccount.length === 0 ? { accountId, sessionId } : undefined;
}

/** The partition of the audit entries of an account; without one, of operators' work that concerns no single account. */
export function auditPartition(accountId: AccountId | undefined): string {
  return accountId === undefined ? 'STACK_AUDIT' : `AUDIT#${accountId}`;
}

export function auditKey(accountId: AccountId | undefined, auditId: AuditId): Key {
  return { pk: auditPartition(accountId), sk: auditId };
}

/** The sort keys of the audit entries from `since` on and before `until` (milliseconds since 1970). */
export function auditSortKeys(since: number, until: number): { lowest: string; highest: string } {
  return { lowest: auditIdsSince(since), highest: auditIdsSince(until) };
}

export function parseAuditKey(key: {
  pk?: unknown;
  sk?: unknown;
}): { accountId: AccountId | undefined; auditId: AuditId } | undefined {
  const auditId = parseAuditId(key.sk);
  if (auditId === undefined) return undefined;
  if (key.pk === auditPartition(undefined)) return { accountId: undefined, auditId };
  const [account, ...afterAccount] = partsAfter('AUDIT', key.pk);
  const accountId = parseAccountId(account);
  return accountId === undefined || afterAccount.length > 0 ? undefined : { accountId, auditId };
}

/** The partitions of the deliveries table that belong to an account: each key is one of `equal` or begins with one of `prefixes`. */
export function partitionsOfAccount(accountId: AccountId): {
  readonly equal: readonly string[];
  readonly prefixes: readonly string[];
} {
  return {
    equal: [`IDEMPOTENCY#${accountId}`, `RECOVERY#${accountId}`, sessionPartition(accountId)],
    prefixes: [`EVENT#${accountId}#`, `WEBHOOK#${accountId}#`, `LISTENER#${accountId}#`],
  };
}

/** The first part of a partition key, such as `EVENT`. */
export function itemTypeOf({ pk }: Pick<Key, 'pk'>): string {
  return pk.split('#')[0] ?? '';
}

function partsAfter(kind: string, key: unknown): string[] {
  if (typeof key !== 'string') return [];
  const [first, ...rest] = key.split('#');
  return first === kind ? rest : [];
}
