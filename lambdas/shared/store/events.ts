import { GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { StoredEvent } from '../domain/event.ts';
import type { AccountId, EventId } from '../domain/ids.ts';
import { writeIf } from './client.ts';
import { eventItem, parseEventItem } from './event-item.ts';
import { hasExpired, isNewOrExpired } from './expiry.ts';
import { conditionExpressions } from './expressions.ts';
import { decodeItem, encodeItem } from './items.ts';
import { eventKey } from './keys.ts';
import { DEFAULT_RECORD_RETENTION_DAYS, type ExpiringTable } from './retention.ts';

export interface EventStore {
  /**
   * Stores an event if no event with this id is stored, or the stored one has expired at `now` (milliseconds since
   * 1970; default: the event's time of acceptance).
   */
  putEvent(event: StoredEvent, now?: number): Promise<'stored' | 'exists'>;
  /** Strongly consistent. Undefined when the event has expired at `now`. Throws when the item cannot be parsed. */
  getEvent(accountId: AccountId, eventId: EventId, now: number): Promise<StoredEvent | undefined>;
}

export function createEventStore({
  dynamodb,
  tableName,
  retentionDays = DEFAULT_RECORD_RETENTION_DAYS,
}: ExpiringTable): EventStore {
  return {
    async putEvent(event, now = event.acceptedAt) {
      const put = new PutItemCommand({
        TableName: tableName,
        Item: eventItem(event, retentionDays),
        ...conditionExpressions(isNewOrExpired(now)),
      });
      return (await writeIf(dynamodb, put)) ? 'stored' : 'exists';
    },

    async getEvent(accountId, eventId, now) {
      const { Item } = await dynamodb.send(
        new GetItemCommand({
          TableName: tableName,
          Key: encodeItem({ ...eventKey(accountId, eventId) }),
          ConsistentRead: true,
        }),
      );
      if (Item === undefined) return undefined;
      const item = decodeItem(Item);
      if (hasExpired(item, now)) return undefined;
      const event = parseEventItem(item);
      if (event === undefined) throw new Error(`the item of event ${eventId} is incomplete`);
      return event;
    },
  };
}
