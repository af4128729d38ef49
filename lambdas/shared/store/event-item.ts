import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { StoredEvent } from '../domain/event.ts';
import { parseWebhookId } from '../domain/ids.ts';
import { parseTraceparent } from '../domain/traceparent.ts';
import { encodeWithBody, parseBody } from './body-attribute.ts';
import { TTL_ATTRIBUTE } from './iam-attributes.ts';
import { type Item, listOf, numberOf, textOf } from './items.ts';
import { eventKey, parseEventKey } from './keys.ts';
import { DEFAULT_RECORD_RETENTION_DAYS, expiryOf } from './retention.ts';

/** Only the key contains the account and event id. */
export function eventItem(
  event: StoredEvent,
  retentionDays = DEFAULT_RECORD_RETENTION_DAYS,
): Record<string, AttributeValue> {
  const attributes: Item = {
    ...eventKey(event.accountId, event.id),
    type: event.type,
    accepted_at: event.acceptedAt,
    bus_event_id: event.busEventId,
    webhook_ids: event.webhookIds,
    traceparent: event.traceparent,
    [TTL_ATTRIBUTE]: expiryOf(event.acceptedAt, retentionDays),
  };
  return encodeWithBody(attributes, event.body);
}

export function parseEventItem(item: Item): StoredEvent | undefined {
  const key = parseEventKey(item);
  const type = textOf(item.type);
  const body = parseBody(item);
  const acceptedAt = numberOf(item.accepted_at);
  const busEventId = textOf(item.bus_event_id);
  const webhookIds = listOf(item.webhook_ids, parseWebhookId);
  if (key === undefined || type === undefined || body === undefined) return undefined;
  if (acceptedAt === undefined || busEventId === undefined || webhookIds === undefined) return undefined;
  const traceparent = parseTraceparent(item.traceparent);
  return {
    id: key.eventId,
    accountId: key.accountId,
    type,
    body,
    acceptedAt,
    busEventId,
    webhookIds,
    ...(traceparent === undefined ? {} : { traceparent }),
  };
}
