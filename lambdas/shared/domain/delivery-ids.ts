import type { AccountId, DeliveryId, EventId, WebhookId } from './ids.ts';

/** The ids of a delivery, named as in log lines, message bodies and message attributes. */
export interface DeliveryIds {
  readonly event_id: string;
  readonly delivery_id: string;
  readonly webhook_id: string;
  readonly account_id: string;
}

export function deliveryIdsOf(delivery: {
  readonly eventId: EventId;
  readonly deliveryId: DeliveryId;
  readonly webhookId: WebhookId;
  readonly accountId: AccountId;
}): DeliveryIds {
  return {
    event_id: delivery.eventId,
    delivery_id: delivery.deliveryId,
    webhook_id: delivery.webhookId,
    account_id: delivery.accountId,
  };
}
