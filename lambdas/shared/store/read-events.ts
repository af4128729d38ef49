import type { StoredEvent } from '../domain/event.ts';
import type { AccountId, EventId } from '../domain/ids.ts';
import type { Timer } from '../runtime/clock.ts';
import type { Table } from './client.ts';
import { parseEventItem } from './event-item.ts';
import { hasExpired } from './expiry.ts';
import { eventKey } from './keys.ts';
import { readItems } from './read-items.ts';

/** Events of the largest size, 256 KiB and their attributes, fit into one response of BatchGetItem (16 MB). */
const MAX_EVENTS_IN_A_READ = 50;

/** The events of an account that are stored and have not expired, strongly consistent. */
export async function readEvents(
  { dynamodb, tableName, clock }: Table & { readonly clock: Timer },
  accountId: AccountId,
  eventIds: readonly EventId[],
): Promise<Map<EventId, StoredEvent>> {
  const now = clock.now();
  const keys = [...new Set(eventIds)].map((eventId) => ({
    table: tableName,
    key: eventKey(accountId, eventId),
  }));
  const items = await readItems(dynamodb, clock, keys, MAX_EVENTS_IN_A_READ);
  const events = items
    .filter(({ item }) => !hasExpired(item, now))
    .flatMap(({ item }) => parseEventItem(item) ?? []);
  return new Map(events.map((event) => [event.id, event]));
}
