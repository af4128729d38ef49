import type { Attempt } from '../../lambdas/shared/domain/delivery.ts';
import type { StoredEvent } from '../../lambdas/shared/domain/event.ts';
import {
  type AccountId,
  type DeliveryId,
  deliveryIdOf,
  type EventId,
  newEventId,
  newWebhookId,
  parseAccountId,
  parseEventId,
  parseWebhookId,
  type WebhookId,
} from '../../lambdas/shared/domain/ids.ts';
import type { Webhook } from '../../lambdas/shared/domain/webhook.ts';
import type { DeliveryHeader } from '../../lambdas/shared/store/delivery-item.ts';

/** 2026-01-15T10:30:00Z */
export const ACCEPTED_AT = Date.UTC(2026, 0, 15, 10, 30);
export const CREATED_AT = '2026-01-15T10:30:00.000Z';
export const LATER = '2026-01-15T10:31:00.000Z';

let accounts = 0;

/** Each test has its own account, so that tests can share the tables. */
export function anAccount(): AccountId {
  accounts++;
  return known(parseAccountId(`acct_${accounts}`));
}

export function aWebhookId(text: string): WebhookId {
  return known(parseWebhookId(text));
}

export function anEventId(text: string): EventId {
  return known(parseEventId(text));
}

/** Active and verified, unless `fields` change it. */
export function aWebhook(accountId: AccountId, fields: Partial<Webhook> = {}): Webhook {
  return {
    id: newWebhookId(ACCEPTED_AT),
    accountId,
    url: 'https://example.com/webhook',
    events: ['ppt.generation.completed', 'file.*'],
    status: 'active',
    verified: true,
    secrets: [{ dataKey: 1, sealed: 'c2VhbGVk', createdAt: CREATED_AT }],
    createdAt: CREATED_AT,
    updatedAt: CREATED_AT,
    ...fields,
  };
}

/** New, with a challenge that is not answered yet. */
export function aPendingWebhook(
  accountId: AccountId,
  fields: Partial<Webhook> = {},
): Webhook & Required<Pick<Webhook, 'verification'>> {
  const url = 'https://example.com/webhook';
  return {
    ...aWebhook(accountId, { status: 'pending', verified: false, url }),
    verification: { id: newEventId(), url, startedAt: CREATED_AT },
    ...fields,
  };
}

export function aStoredEvent(accountId: AccountId, fields: Partial<StoredEvent> = {}): StoredEvent {
  return {
    id: newEventId(),
    accountId,
    type: 'ppt.generation.completed',
    body: '{"id":"evt_1","type":"ppt.generation.completed","data":{}}',
    acceptedAt: ACCEPTED_AT,
    busEventId: '7bf73129-1428-4cd3-a780-95db273d1602',
    webhookIds: [newWebhookId(ACCEPTED_AT)],
    ...fields,
  };
}

export function aDelivery(accountId: AccountId, fields: Partial<DeliveryHeader> = {}): DeliveryHeader {
  const of = {
    accountId,
    webhookId: newWebhookId(ACCEPTED_AT),
    eventId: newEventId(),
    acceptedAt: ACCEPTED_AT,
  };
  return {
    ...of,
    deliveryId: deliveryIdOf(of),
    eventType: 'ppt.generation.completed',
    kind: 'event',
    trigger: 'event',
    ...fields,
  };
}

export function aFailedAttempt(number: number, fields: Partial<Attempt> = {}): Attempt {
  return {
    number,
    at: ACCEPTED_AT + number,
    durationMs: 120,
    status: 500,
    error: 'http_status',
    reason: 'the endpoint answered 500; 200 was expected',
    token: `failed-${number}`,
    ...fields,
  };
}

export function aGoodAttempt(number: number, fields: Partial<Attempt> = {}): Attempt {
  return {
    number,
    at: ACCEPTED_AT + number,
    durationMs: 42,
    status: 200,
    token: `good-${number}`,
    ...fields,
  };
}

export function recordOf(delivery: DeliveryHeader): Omit<DeliveryHeader, 'acceptedAt'> {
  const { acceptedAt: _, ...record } = delivery;
  return record;
}

export function nameOf({ accountId, webhookId, deliveryId }: DeliveryHeader): {
  accountId: AccountId;
  webhookId: WebhookId;
  deliveryId: DeliveryId;
} {
  return { accountId, webhookId, deliveryId };
}

function known<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('a builder was given an invalid id');
  return value;
}
