import { SYSTEM_EVENT_TYPES, type SystemEventType } from './catalogue.ts';
import type { Attempt, DeliveryMessage } from './delivery.ts';
import type { DisableAfter, FailureCount } from './health.ts';
import { type AccountId, type EventId, systemEventIdOf, type WebhookId } from './ids.ts';
import { subscribesTo } from './subscription.ts';
import { type Traceparent, traceparentOfAttempt } from './traceparent.ts';
import type { Webhook } from './webhook.ts';

/** An event about this system's own deliveries, before it is published. */
export interface SystemEvent {
  readonly id: EventId;
  readonly type: SystemEventType;
  readonly accountId: AccountId;
  /** ISO 8601, whole seconds. */
  readonly created: string;
  /** The webhook that the event is about. The dispatcher sends the event to that webhook only once. */
  readonly aboutWebhookId: WebhookId;
  readonly data: Readonly<Record<string, unknown>>;
  /** That of the delivery, with the attempt as the parent. */
  readonly traceparent?: Traceparent;
}

/**
 * Published when a retry is scheduled. `retry_count` is the number of retries already made. `nextAttemptAt` is in
 * milliseconds since 1970.
 */
export function retryEvent(message: DeliveryMessage, failed: Attempt, nextAttemptAt: number): SystemEvent {
  return systemEvent('webhook.retry', message, failed, {
    original_event_id: message.eventId,
    retry_count: failed.number - 1,
    next_retry_at: wholeSeconds(nextAttemptAt),
    webhook_id: message.webhookId,
    delivery_id: message.deliveryId,
  });
}

export function exhaustedEvent(message: DeliveryMessage, failed: Attempt, reason: string): SystemEvent {
  return systemEvent('webhook.exhausted', message, failed, {
    original_event_id: message.eventId,
    original_event_type: message.eventType,
    webhook_id: message.webhookId,
    delivery_id: message.deliveryId,
    attempts: failed.number,
    reason,
  });
}

/** Published once when half of both thresholds is reached. `count` is that of the webhook. */
export function warnedEvent(
  message: DeliveryMessage,
  failed: Attempt,
  about: { readonly count: FailureCount; readonly disableAfter: DisableAfter; readonly reason: string },
): SystemEvent {
  return systemEvent('webhook.warned', message, failed, {
    original_event_id: message.eventId,
    webhook_id: message.webhookId,
    delivery_id: message.deliveryId,
    exhausted_in_row: about.count.exhaustedInRow,
    failing_since: about.count.failingSince,
    disable_after: { ...about.disableAfter },
    reason: about.reason,
  });
}

/** Published when this service disabled the webhook. `count` is absent when the endpoint itself asked for it. */
export function disabledEvent(
  message: DeliveryMessage,
  attempt: Attempt,
  about: { readonly count?: FailureCount; readonly disabledAt: string; readonly reason: string },
): SystemEvent {
  return systemEvent('webhook.disabled', message, attempt, {
    original_event_id: message.eventId,
    webhook_id: message.webhookId,
    delivery_id: message.deliveryId,
    disabled_at: about.disabledAt,
    exhausted_in_row: about.count?.exhaustedInRow ?? null,
    failing_since: about.count?.failingSince ?? null,
    reason: about.reason,
  });
}

/** The system events that an active webhook of an account subscribes to. */
export function subscribedSystemEvents(webhooks: readonly Webhook[]): SystemEventType[] {
  return SYSTEM_EVENT_TYPES.filter((type) =>
    webhooks.some(({ status, events }) => status === 'active' && subscribesTo(events, type)),
  );
}

/** Whether to publish a system event about a delivery: only for domain events, and only when a webhook subscribes. */
export function shouldPublish(message: DeliveryMessage, type: SystemEventType): boolean {
  return message.kind === 'event' && message.subscribedSystemEvents.includes(type);
}

function systemEvent(
  type: SystemEventType,
  message: DeliveryMessage,
  attempt: Attempt,
  data: Record<string, unknown>,
): SystemEvent {
  return {
    id: systemEventIdOf(message.deliveryId, attempt.number, type),
    type,
    accountId: message.accountId,
    created: wholeSeconds(endOf(attempt)),
    aboutWebhookId: message.webhookId,
    data,
    ...(message.traceparent === undefined
      ? {}
      : { traceparent: traceparentOfAttempt(message.traceparent, message.deliveryId, attempt.number) }),
  };
}

/** All times are computed from the attempt, so that a repeated publication is identical. */
function endOf(attempt: Attempt): number {
  return attempt.at + attempt.durationMs;
}

/** ISO 8601 to the second, as in the published contract. Rounded up, so that no announced time is before the retry. */
function wholeSeconds(milliseconds: number): string {
  return `${new Date(Math.ceil(milliseconds / 1000) * 1000).toISOString().slice(0, 19)}Z`;
}
