import type { DeliveryRecord } from '../../shared/domain/delivery.ts';
import type { StoredEvent } from '../../shared/domain/event.ts';
import { type AccountId, type DeliveryId, deliveryIdOf, type WebhookId } from '../../shared/domain/ids.ts';
import type { ReadRecords } from '../ports.ts';

/** Repeats of one delivery that are read. The last one names the next repeat. */
const MAX_REPEATS = 10;

/** A delivery of an event. Without a record, no result of it is recorded yet. */
export interface EventDelivery {
  readonly webhookId: WebhookId;
  readonly deliveryId: DeliveryId;
  readonly record?: DeliveryRecord;
  readonly resendOf?: DeliveryId;
}

/**
 * The event's delivery to each webhook that it matched, each followed by the delivery that repeats it, and so on.
 */
export async function readDeliveries(readRecords: ReadRecords, event: StoredEvent): Promise<EventDelivery[]> {
  const { accountId, webhookIds } = event;
  const chains = new Map<WebhookId, EventDelivery[]>(webhookIds.map((webhookId) => [webhookId, []]));
  let unread: EventDelivery[] = webhookIds.map((webhookId) => ({
    webhookId,
    deliveryId: deliveryIdOf({ ...event, eventId: event.id, webhookId }),
  }));
  for (let repeats = 0; unread.length > 0 && repeats <= MAX_REPEATS; repeats++) {
    const records = await readRecords(unread.map(nameIn(accountId)));
    unread = unread.flatMap((delivery) => {
      const record = records.get(delivery.deliveryId);
      chains.get(delivery.webhookId)?.push(record === undefined ? delivery : { ...delivery, record });
      const { resentAs } = record ?? {};
      const { webhookId, deliveryId } = delivery;
      return resentAs === undefined ? [] : [{ webhookId, deliveryId: resentAs, resendOf: deliveryId }];
    });
  }
  return [...chains.values()].flat();
}

function nameIn(accountId: AccountId) {
  return ({ webhookId, deliveryId }: EventDelivery) => ({ accountId, webhookId, deliveryId });
}
