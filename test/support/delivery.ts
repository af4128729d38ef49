import type { DeliveryMessage } from '../../lambdas/shared/domain/delivery.ts';
import {
  deliveryIdOf,
  parseAccountId,
  parseEventId,
  parseWebhookId,
} from '../../lambdas/shared/domain/ids.ts';

type HeaderFields = Pick<DeliveryMessage, 'kind' | 'eventId' | 'eventType' | 'deliveryId'>;

/** The fields from which the headers of a delivery are made. */
export function testDelivery(fields: Partial<HeaderFields> = {}): HeaderFields {
  const accountId = present(parseAccountId('acct_1'));
  const eventId = present(parseEventId('evt_1'));
  const webhookId = present(parseWebhookId('wh_1'));
  const deliveryId = deliveryIdOf({ accountId, eventId, webhookId, acceptedAt: 1_640_995_200_000 });
  return { kind: 'event', eventId, eventType: 'file.uploaded', deliveryId, ...fields };
}

function present<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('the fixture does not parse');
  return value;
}
