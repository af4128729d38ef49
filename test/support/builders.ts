import type { Attempt, DeliveryMessage, DeliveryRecord } from '../../lambdas/shared/domain/delivery.ts';
import {
  type AccountId,
  type DeliveryId,
  deliveryIdOf,
  type EventId,
  type ListenerId,
  parseAccountId,
  parseDeliveryId,
  parseEventId,
  parseListenerId,
  parseRecoveryId,
  parseWebhookId,
  type RecoveryId,
  type WebhookId,
} from '../../lambdas/shared/domain/ids.ts';
import type { Listener } from '../../lambdas/shared/domain/listener.ts';
import type { Webhook } from '../../lambdas/shared/domain/webhook.ts';

export const NOW = Date.parse('2026-01-15T10:30:00Z');

export function accountId(text = 'acct_1'): AccountId {
  return known(parseAccountId(text));
}

export function eventId(text = 'evt_1'): EventId {
  return known(parseEventId(text));
}

export function webhookId(text = 'wh_1'): WebhookId {
  return known(parseWebhookId(text));
}

export function listenerId(text = 'lsn_1'): ListenerId {
  return known(parseListenerId(text));
}

export function deliveryId(text: string): DeliveryId {
  return known(parseDeliveryId(text));
}

export function recoveryId(text: string): RecoveryId {
  return known(parseRecoveryId(text));
}

export function webhook(change: Partial<Webhook> = {}): Webhook {
  return {
    id: webhookId(),
    accountId: accountId(),
    url: 'https://customer.example/webhook',
    events: ['*'],
    status: 'active',
    verified: true,
    secrets: [{ dataKey: 1, sealed: 'c2VhbGVk', createdAt: new Date(NOW).toISOString() }],
    createdAt: new Date(NOW).toISOString(),
    updatedAt: new Date(NOW).toISOString(),
    ...change,
  };
}

export function listener(change: Partial<Listener> = {}): Listener {
  return {
    id: listenerId(),
    accountId: accountId(),
    events: ['*'],
    secret: { dataKey: 1, sealed: 'c2VhbGVk', createdAt: new Date(NOW).toISOString() },
    createdAt: NOW,
    polledAt: NOW,
    ...change,
  };
}

export function message(change: Partial<DeliveryMessage> = {}): DeliveryMessage {
  const names = { accountId: accountId(), eventId: eventId(), webhookId: webhookId() };
  return {
    ...names,
    kind: 'event',
    eventType: 'file.uploaded',
    deliveryId: deliveryIdOf({ ...names, acceptedAt: NOW }),
    acceptedAt: NOW,
    url: 'https://customer.example/webhook',
    body: '{"id":"evt_1","type":"file.uploaded","created":"2026-01-15T10:30:00Z","data":{}}',
    attempt: 1,
    signed: { signedAt: NOW, hex: 'aa', standard: 'v1,qg==' },
    rerun: false,
    maxAttempts: 4,
    subscribedSystemEvents: [],
    history: [],
    ...change,
  };
}

export function attempt(change: Partial<Attempt> = {}): Attempt {
  return {
    number: 1,
    at: NOW,
    durationMs: 20,
    status: 500,
    error: 'http_status',
    reason: 'it answered 500',
    ...change,
  };
}

export function record(change: Partial<DeliveryRecord> = {}): DeliveryRecord {
  const { accountId: account, webhookId: webhook, deliveryId: id, eventId: event, eventType } = message();
  return {
    accountId: account,
    webhookId: webhook,
    deliveryId: id,
    eventId: event,
    eventType,
    status: 'retrying',
    attempts: [],
    kind: 'event',
    trigger: 'event',
    ...change,
  };
}

function known<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('the test built an invalid id');
  return value;
}
