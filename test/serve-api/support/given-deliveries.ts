import type { DeliveryKind } from '../../../lambdas/shared/domain/delivery.ts';
import { deliveryIdOf, type EventId, type WebhookId } from '../../../lambdas/shared/domain/ids.ts';
import type { Traceparent } from '../../../lambdas/shared/domain/traceparent.ts';
import type { DeliveryHeader } from '../../../lambdas/shared/store/delivery-item.ts';
import { attempt, eventId } from '../../support/builders.ts';
import type { Api, Caller } from './start-api.ts';

export interface GivenDelivery {
  readonly status: 'held' | 'exhausted' | 'delivered' | 'retrying' | 'canceled';
  readonly kind?: DeliveryKind;
  readonly type?: string;
  /** Milliseconds since 1970. Default: one second before now. */
  readonly acceptedAt?: number;
  readonly withoutEvent?: boolean;
  /** Of the event. */
  readonly traceparent?: Traceparent;
}

let events = 0;

/** Stores an event and the record of its delivery to this webhook. */
export async function givenDelivery(
  api: Api,
  { account: accountId }: Caller,
  webhookId: WebhookId,
  given: GivenDelivery,
): Promise<DeliveryHeader> {
  const { status, kind = 'event', type = 'file.uploaded', acceptedAt = api.clock.time - 1_000 } = given;
  const id: EventId = eventId(`evt_${++events}`);
  const body = `{"id":"${id}","type":"${type}","created":"2026-01-15T10:30:00Z","data":{}}`;
  const deliveryId = deliveryIdOf({ accountId, eventId: id, webhookId, acceptedAt });
  const header: DeliveryHeader = {
    ...{ accountId, webhookId, deliveryId, eventId: id, eventType: type, kind, trigger: kind, acceptedAt },
  };
  if (!given.withoutEvent) {
    const { traceparent } = given;
    const event = { id, accountId, type, body, acceptedAt, busEventId: 'bus', webhookIds: [webhookId] };
    await api.deliveries.putEvent(traceparent === undefined ? event : { ...event, traceparent });
  }
  if (status === 'delivered') {
    await api.deliveries.recordSuccess(header, { number: 1, at: acceptedAt, durationMs: 1 });
  } else if (status === 'held' || status === 'canceled') {
    await api.deliveries.recordUntried(header, status, 'the webhook is disabled');
  } else {
    await api.deliveries.recordFailure(header, attempt(), status);
  }
  return header;
}
