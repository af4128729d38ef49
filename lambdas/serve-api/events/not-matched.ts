import type { StoredEvent } from '../../shared/domain/event.ts';
import type { WebhookId } from '../../shared/domain/ids.ts';
import { subscribesTo } from '../../shared/domain/subscription.ts';
import type { Webhook } from '../../shared/domain/webhook.ts';

/** Why an event is not delivered to a webhook. Derived from the current state of the webhook. */
export const NOT_MATCHED_REASONS = ['type', 'not_verified', 'made_later', 'changed_later'] as const;
export type NotMatchedReason = (typeof NOT_MATCHED_REASONS)[number];

/** Stored as the bus's event id of a test event, which does not pass through the bus. The bus's own ids are UUIDs. */
export const TEST_BUS_EVENT_ID = 'test';

export interface NotMatched {
  readonly webhookId: WebhookId;
  readonly reason: NotMatchedReason;
}

/** The webhooks that the event did not match when it was dispatched. A test event is for one webhook only. */
export function findNotMatched(event: StoredEvent, webhooks: readonly Webhook[]): NotMatched[] {
  if (event.busEventId === TEST_BUS_EVENT_ID) return [];
  const matched = new Set(event.webhookIds);
  return webhooks
    .filter(({ id }) => !matched.has(id))
    .map((webhook) => ({ webhookId: webhook.id, reason: reasonFor(webhook, event) }));
}

function reasonFor(webhook: Webhook, event: StoredEvent): NotMatchedReason {
  if (!subscribesTo(webhook.events, event.type)) return 'type';
  if (!webhook.verified) return 'not_verified';
  return Date.parse(webhook.createdAt) > event.acceptedAt ? 'made_later' : 'changed_later';
}
