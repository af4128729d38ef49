import { BatchWriteItemCommand } from '@aws-sdk/client-dynamodb';
import type { Attempt, DeliveryStatus } from '../../../lambdas/shared/domain/delivery.ts';
import type { StoredEvent } from '../../../lambdas/shared/domain/event.ts';
import {
  deliveryIdOf,
  newDeliveryId,
  newEventId,
  type WebhookId,
} from '../../../lambdas/shared/domain/ids.ts';
import { inChunks } from '../../../lambdas/shared/runtime/chunks.ts';
import type { DeliveryHeader } from '../../../lambdas/shared/store/delivery-item.ts';
import {
  attemptAttribute,
  attemptMap,
  headerAttributes,
} from '../../../lambdas/shared/store/delivery-item.ts';
import { encodeItem, type Item } from '../../../lambdas/shared/store/items.ts';
import { deliveryKey } from '../../../lambdas/shared/store/keys.ts';
import { attempt, NOW } from '../../support/builders.ts';
import type { Api, Caller } from './start-api.ts';

/** A record, as the functions that deliver write it. */
export interface GivenDelivery {
  readonly header: DeliveryHeader;
  readonly status: DeliveryStatus;
  readonly attempts?: readonly Attempt[];
  /** Further attributes of the item, by their names in the table. */
  readonly more?: Item;
}

export function aHeader(
  caller: Caller,
  webhookId: WebhookId,
  change: Partial<DeliveryHeader> = {},
): DeliveryHeader {
  return {
    accountId: caller.account,
    webhookId,
    deliveryId: newDeliveryId(NOW),
    eventId: newEventId(),
    eventType: 'file.uploaded',
    kind: 'event',
    trigger: 'event',
    acceptedAt: NOW,
    ...change,
  };
}

export async function storeDeliveries(api: Api, given: readonly GivenDelivery[]): Promise<void> {
  for (const chunk of inChunks(given, 25)) {
    const puts = chunk.map((one) => ({ PutRequest: { Item: encodeItem(itemOf(one)) } }));
    await api.dynamodb.send(new BatchWriteItemCommand({ RequestItems: { [api.deliveriesTable]: puts } }));
  }
}

/** Stores deliveries a millisecond apart, the oldest first. `statuses` has one entry for each. */
export async function storeStatuses(
  api: Api,
  caller: Caller,
  webhookId: WebhookId,
  statuses: readonly DeliveryStatus[],
) {
  const given = statuses.map((status, ms) => ({
    header: aHeader(caller, webhookId, { deliveryId: newDeliveryId(NOW + ms) }),
    status,
    attempts: [attempt({ at: NOW + ms })],
  }));
  await storeDeliveries(api, given);
  return given.map(({ header }) => header.deliveryId);
}

/** Stores an event that these webhooks matched. */
export async function storeEvent(
  api: Api,
  caller: Caller,
  webhookIds: readonly WebhookId[],
  change: Partial<StoredEvent> = {},
) {
  const id = newEventId();
  const event: StoredEvent = {
    id,
    accountId: caller.account,
    type: 'file.uploaded',
    body: `{"id":"${id}","type":"file.uploaded","created":"2026-01-15T10:29:59Z","data":{"file":"a"}}`,
    acceptedAt: NOW,
    busEventId: '7bf73129-1428-4cd3-a780-95db273d1602',
    webhookIds,
    ...change,
  };
  await api.deliveries.putEvent(event);
  return event;
}

/** The header of the event's own delivery to a webhook. */
export function headerOf(
  caller: Caller,
  event: StoredEvent,
  webhookId: WebhookId,
  change: Partial<DeliveryHeader> = {},
): DeliveryHeader {
  return aHeader(caller, webhookId, {
    deliveryId: deliveryIdOf({ ...event, eventId: event.id, webhookId }),
    eventId: event.id,
    eventType: event.type,
    acceptedAt: event.acceptedAt,
    ...change,
  });
}

function itemOf({ header, status, attempts = [], more = {} }: GivenDelivery): Item {
  return {
    ...deliveryKey(header.accountId, header.webhookId, header.deliveryId),
    ...headerAttributes(header, 30),
    status,
    ...Object.fromEntries(attempts.map((one) => [attemptAttribute(one.number), attemptMap(one)])),
    ...more,
  };
}
