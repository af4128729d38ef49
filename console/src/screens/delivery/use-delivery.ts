import { api, bodyOf } from '../../api/client.ts';
import { type Query, useQuery } from '../../api/use-query.ts';
import type { Delivery } from './cause.ts';
import { LATER_MS, pollMsOf } from './poll.ts';

/** The delivery, read again until it has ended. */
export function useDelivery(webhookId: string, deliveryId: string): Query<Delivery> {
  return useQuery(
    `delivery ${webhookId} ${deliveryId}`,
    (signal) => readDelivery(webhookId, deliveryId, signal),
    { pollMs: (delivery) => (delivery === undefined ? LATER_MS : pollMsOf(delivery, Date.now())) },
  );
}

export function readDelivery(webhookId: string, deliveryId: string, signal: AbortSignal): Promise<Delivery> {
  const path = { webhook_id: webhookId, delivery_id: deliveryId };
  return bodyOf(api.GET('/v1/webhooks/{webhook_id}/deliveries/{delivery_id}', { params: { path }, signal }));
}
