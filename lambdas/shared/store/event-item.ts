import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { MAX_BODY_BYTES, type StoredEvent } from '../domain/event.ts';
import { parseWebhookId } from '../domain/ids.ts';
import { TTL_ATTRIBUTE } from './iam-attributes.ts';
import { itemSize, writeUnits } from './item-size.ts';
import { encodeItem, type Item, listOf, numberOf, textOf } from './items.ts';
import { eventKey, parseEventKey } from './keys.ts';
import { DEFAULT_RECORD_RETENTION_DAYS, expiryOf } from './retention.ts';

/** Only the key contains the account and event id. The body is compressed when that saves a write unit. */
export function eventItem(
  event: StoredEvent,
  retentionDays = DEFAULT_RECORD_RETENTION_DAYS,
): Record<string, AttributeValue> {
  const rest: Item = {
    ...eventKey(event.accountId, event.id),
    type: event.type,
    accepted_at: event.acceptedAt,
    bus_event_id: event.busEventId,
    webhook_ids: event.webhookIds,
    [TTL_ATTRIBUTE]: expiryOf(event.acceptedAt, retentionDays),
  };
  const plain = encodeItem({ ...rest, body: event.body });
  const plainUnits = writeUnits(itemSize(plain));
  if (plainUnits === 1) return plain;
  const compressed = encodeItem({ ...rest, body_deflated: deflateRawSync(event.body) });
  return writeUnits(itemSize(compressed)) < plainUnits ? compressed : plain;
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
  return { id: key.eventId, accountId: key.accountId, type, body, acceptedAt, busEventId, webhookIds };
}

function parseBody(item: Item): string | undefined {
  const deflated = item.body_deflated;
  if (!(deflated instanceof Uint8Array)) return textOf(item.body);
  return inflateRawSync(deflated, { maxOutputLength: MAX_BODY_BYTES }).toString('utf8');
}
