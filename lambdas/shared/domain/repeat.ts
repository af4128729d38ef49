import { isSystemEventType } from './catalogue.ts';
import type { DeliveryMessage, DeliveryRecord, DeliveryTrigger, Signed } from './delivery.ts';
import type { StoredEvent } from './event.ts';
import type { DeliveryId } from './ids.ts';
import { maxAttempts } from './retry-schedule.ts';
import type { Webhook } from './webhook.ts';

/** The settings that a message copies from its webhook, so that a first attempt needs no read of the webhook. */
export function webhookSettings(
  webhook: Webhook,
): Pick<DeliveryMessage, 'success' | 'customHeaders' | 'failing'> {
  return {
    ...(webhook.successStatus === undefined ? {} : { success: webhook.successStatus }),
    ...(webhook.customHeaders === undefined ? {} : { customHeaders: webhook.customHeaders }),
    ...(webhook.exhaustedInRow === undefined ? {} : { failing: true }),
  };
}

/** The first attempt of a new delivery that repeats the one of `message`. `now` is in milliseconds since 1970. */
export function repeatedMessage(
  message: DeliveryMessage,
  deliveryId: DeliveryId,
  trigger: DeliveryTrigger,
  now: number,
): DeliveryMessage {
  const { exhausted: _, after: __, notBefore: ___, ...rest } = message;
  return {
    ...rest,
    deliveryId,
    trigger,
    resendOf: message.deliveryId,
    startedAt: now,
    attempt: 1,
    rerun: true,
    history: [],
  };
}

/**
 * A new delivery of the same event to the same webhook. It is marked as a re-run, so that the sender reads the record
 * first: the same repeat may be enqueued more than once.
 */
export function repeatOf(
  record: DeliveryRecord,
  repeat: {
    readonly deliveryId: DeliveryId;
    readonly trigger: DeliveryTrigger;
    /** Milliseconds since 1970. */
    readonly now: number;
    readonly event: StoredEvent;
    readonly webhook: Webhook;
    readonly signed: Signed;
    readonly subscribedSystemEvents: readonly string[];
    readonly retryDelaysSeconds: readonly number[];
  },
): DeliveryMessage {
  const { event, webhook } = repeat;
  const isSystemEvent = isSystemEventType(event.type);
  return {
    kind: record.kind,
    accountId: record.accountId,
    eventId: record.eventId,
    eventType: record.eventType,
    webhookId: record.webhookId,
    deliveryId: repeat.deliveryId,
    acceptedAt: event.acceptedAt,
    startedAt: repeat.now,
    trigger: repeat.trigger,
    resendOf: record.deliveryId,
    url: webhook.url,
    body: event.body,
    attempt: 1,
    signed: repeat.signed,
    rerun: true,
    // A system event may be about this very webhook, which gets a single attempt.
    maxAttempts: isSystemEvent ? 1 : maxAttempts(repeat.retryDelaysSeconds),
    subscribedSystemEvents: isSystemEvent || record.kind !== 'event' ? [] : repeat.subscribedSystemEvents,
    history: [],
    ...webhookSettings(webhook),
    ...(event.traceparent === undefined ? {} : { traceparent: event.traceparent }),
  };
}
