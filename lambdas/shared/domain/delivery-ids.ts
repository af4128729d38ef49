import type { AccountId, DeliveryId, EventId, WebhookId } from './ids.ts';
import { spanIdOf, type Traceparent, traceIdOf } from './traceparent.ts';

/** The ids of a delivery, named as in log lines, message bodies and message attributes. */
export interface DeliveryIds {
  readonly event_id: string;
  readonly delivery_id: string;
  readonly webhook_id: string;
  readonly account_id: string;
  /** The trace of the event, if its publisher gave one. */
  readonly trace_id?: string;
  /** The span of the attempt, if there is a trace. */
  readonly span_id?: string;
}

export function deliveryIdsOf(delivery: {
  readonly eventId: EventId;
  readonly deliveryId: DeliveryId;
  readonly webhookId: WebhookId;
  readonly accountId: AccountId;
  readonly traceparent?: Traceparent;
  readonly attempt?: number;
}): DeliveryIds {
  const { deliveryId, traceparent, attempt } = delivery;
  return {
    event_id: delivery.eventId,
    delivery_id: deliveryId,
    webhook_id: delivery.webhookId,
    account_id: delivery.accountId,
    ...(traceparent === undefined ? {} : { trace_id: traceIdOf(traceparent) }),
    ...(traceparent === undefined || attempt === undefined ? {} : { span_id: spanIdOf(deliveryId, attempt) }),
  };
}
