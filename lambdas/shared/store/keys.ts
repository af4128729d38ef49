import {
  type AccountId,
  type DeliveryId,
  deliveryIdsSince,
  type EventId,
  parseAccountId,
  parseDeliveryId,
  parseEventId,
  parseWebhookId,
  type RecoveryId,
  type WebhookId,
} from '../domain/ids.ts';

/**
 * Every key of both tables is built and parsed here, and nobody else writes a `#`. No id can hold one, so
 * the parts of a key never run into each other.
 */
export interface Key {
  readonly pk: string;
  readonly sk: string;
}

/** The partition keys that IAM's `dynamodb:LeadingKeys` conditions speak of, as patterns. */
export const KEY_PATTERNS = {
  account: 'ACCOUNT#*',
  apiKey: 'KEY#*',
  keyring: 'KEYRING',
  event: 'EVENT#*',
  recovery: 'RECOVERY#*',
  webhookDeliveries: 'WEBHOOK#*',
} as const;

/** Sort keys begin with these: what a query of one partition asks for. */
export const WEBHOOK_SORT_KEYS = 'WEBHOOK#';
const DELIVERY_SORT_KEYS = 'DELIVERY#';
/** Partition keys of API keys begin with this: what an operator's scan asks for. */
export const API_KEY_PARTITIONS = 'KEY#';

// The webhooks table.

/** Partition of everything that one account owns. */
export function accountPartition(accountId: AccountId): string {
  return `ACCOUNT#${accountId}`;
}

export function webhookKey(accountId: AccountId, webhookId: WebhookId): Key {
  return { pk: accountPartition(accountId), sk: `${WEBHOOK_SORT_KEYS}${webhookId}` };
}

export function parseWebhookKey(key: {
  pk?: unknown;
  sk?: unknown;
}): { accountId: AccountId; webhookId: WebhookId } | undefined {
  const [account, ...noAccount] = partsAfter('ACCOUNT', key.pk);
  const [webhook, ...noWebhook] = partsAfter('WEBHOOK', key.sk);
  const accountId = parseAccountId(account);
  const webhookId = parseWebhookId(webhook);
  if (accountId === undefined || webhookId === undefined) return undefined;
  return noAccount.length + noWebhook.length === 0 ? { accountId, webhookId } : undefined;
}

/** How often an account did one kind of thing lately. `name` is a word of ours, not of a customer's. */
export function rateLimitKey(accountId: AccountId, name: string): Key {
  return { pk: accountPartition(accountId), sk: `RATE#${name}` };
}

/** Of an API key only this hash is known: SHA-256, lower-case hex. */
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

// The deliveries table.

/** Ids of events are unique within an account only: publishers bring their own. */
export function eventKey(accountId: AccountId, eventId: EventId): Key {
  return { pk: `EVENT#${accountId}#${eventId}`, sk: 'EVENT' };
}

export function parseEventKey(key: {
  pk?: unknown;
  sk?: unknown;
}): { accountId: AccountId; eventId: EventId } | undefined {
  const [account, event, ...noEvent] = partsAfter('EVENT', key.pk);
  const accountId = parseAccountId(account);
  const eventId = parseEventId(event);
  if (accountId === undefined || eventId === undefined) return undefined;
  return noEvent.length === 0 && key.sk === 'EVENT' ? { accountId, eventId } : undefined;
}

/** Partition of all deliveries to one webhook, in the order of their events' acceptance. */
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
  // No id holds a `~`, which comes after every character of an id.
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
  const [account, webhook, ...noWebhook] = partsAfter('WEBHOOK', key.pk);
  const [delivery, ...noDelivery] = partsAfter('DELIVERY', key.sk);
  const accountId = parseAccountId(account);
  const webhookId = parseWebhookId(webhook);
  const deliveryId = parseDeliveryId(delivery);
  if (accountId === undefined || webhookId === undefined || deliveryId === undefined) return undefined;
  return noWebhook.length + noDelivery.length === 0 ? { accountId, webhookId, deliveryId } : undefined;
}

export function recoveryKey(accountId: AccountId, recoveryId: RecoveryId): Key {
  return { pk: `RECOVERY#${accountId}`, sk: recoveryId };
}

function partsAfter(kind: string, key: unknown): string[] {
  if (typeof key !== 'string') return [];
  const [first, ...rest] = key.split('#');
  return first === kind ? rest : [];
}
