import { type StoredEvent, serializeBody } from '../shared/domain/event.ts';
import type { WebhookId } from '../shared/domain/ids.ts';
import type { AcceptedEvent } from './parse-event.ts';
import type { DispatchPorts } from './ports.ts';

export type StoreResult =
  /** `rerun`: an earlier run stored the event, and `stored` is the event of that run. */
  | { readonly kind: 'stored'; readonly stored: StoredEvent; readonly rerun: boolean }
  /** Another event is stored under the same id. */
  | { readonly kind: 'conflict'; readonly existing: StoredEvent };

type EventStore = Pick<DispatchPorts, 'putEvent' | 'getEvent'>;

/** Stores the event, or reads the event that is stored under its id. `now` is in milliseconds since 1970. */
export async function storeEvent(
  store: EventStore,
  accepted: AcceptedEvent,
  webhookIds: readonly WebhookId[],
  now: number,
): Promise<StoreResult> {
  const stored = storedEventOf(accepted, webhookIds);
  if ((await store.putEvent(stored, now)) === 'stored') return { kind: 'stored', stored, rerun: false };
  const found = await findStored(store, accepted, now);
  if (found === undefined) throw new Error('the stored event expired while it was read');
  return found;
}

/** The event as the first run of it stores it. */
export function storedEventOf(accepted: AcceptedEvent, webhookIds: readonly WebhookId[]): StoredEvent {
  const { event, body, busEventId, acceptedAt, traceparent } = accepted;
  const { id, accountId, type } = event;
  return {
    id,
    accountId,
    type,
    body,
    acceptedAt,
    busEventId,
    webhookIds,
    ...(traceparent === undefined ? {} : { traceparent }),
  };
}

/** Reads the event that is stored under the event's id. */
export async function findStored(
  store: Pick<EventStore, 'getEvent'>,
  accepted: AcceptedEvent,
  now: number,
): Promise<StoreResult | undefined> {
  const existing = await store.getEvent(accepted.event.accountId, accepted.event.id, now);
  if (existing === undefined) return undefined;
  return isSameEvent(existing, accepted)
    ? { kind: 'stored', stored: existing, rerun: true }
    : { kind: 'conflict', existing };
}

function isSameEvent(stored: StoredEvent, { event, body, busEventId, hasOwnTime }: AcceptedEvent): boolean {
  // The bus or SQS delivered the event again. Its stored body may differ if another version of this code wrote it.
  if (stored.busEventId === busEventId) return true;
  if (hasOwnTime) return stored.body === body;
  // When the publisher gives no `created`, the body contains the bus's time, which differs for each publication.
  const { created } = JSON.parse(stored.body);
  return stored.body === serializeBody({ ...event, created });
}
