import { api, bodyOf } from '../../api/client.ts';
import { type Query, useQuery } from '../../api/use-query.ts';
import type { Delivery } from './cause.ts';

/** While a result is expected now. */
const SOON_MS = 2_000;
/** While the next attempt is later, or there is no record of the delivery yet. */
const LATER_MS = 15_000;

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

/** Undefined for a delivery that has ended. `now` is in milliseconds since 1970. */
export function pollMsOf(
  { status, next_attempt_at: next }: Pick<Delivery, 'status' | 'next_attempt_at'>,
  now: number,
): number | undefined {
  if (status !== 'retrying') return undefined;
  const restMs = next === undefined ? 0 : Date.parse(next) - now;
  return Math.min(LATER_MS, Math.max(SOON_MS, restMs));
}
