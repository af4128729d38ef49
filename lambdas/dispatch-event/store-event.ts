import { type StoredEvent, serializeBody } from '../shared/domain/event.ts';
import type { WebhookId } from '../shared/domain/ids.ts';
import type { AcceptedEvent } from './parse-event.ts';
import type { DispatchPorts } from './ports.ts';

export type Storing =
  /** `rerun`: an earlier run stored it. Its event and its set of webhooks are used. */
  | { readonly kind: 'stored'; readonly stored: StoredEvent; readonly rerun: boolean }
  /** Another event is stored under the same id. */
  | { readonly kind: 'conflict'; readonly first: StoredEvent };

type EventStore = Pick<DispatchPorts, 'putEvent' | 'getEvent'>;

/** Stores the event, or finds what an earlier run stored under its id. */
export async function storeEvent(
  store: EventStore,
  accepted: AcceptedEvent,
  webhookIds: readonly WebhookId[],
  now: number,
): Promise<Storing> {
  const { event, body, busEventId, acceptedAt } = accepted;
  const { id, accountId, type } = event;
  const stored: StoredEvent = { id, accountId, type, body, acceptedAt, busEventId, webhookIds };
  if ((await store.putEvent(stored, now)) === 'stored') return { kind: 'stored', stored, rerun: false };
  const found = await findStored(store, accepted, now);
  if (found === undefined) throw new Error('the stored event expired while it was read');
  return found;
}

/** What an earlier run stored under the event's id. */
export async function findStored(
  store: Pick<EventStore, 'getEvent'>,
  accepted: AcceptedEvent,
  now: number,
): Promise<Storing | undefined> {
  const first = await store.getEvent(accepted.event.accountId, accepted.event.id, now);
  if (first === undefined) return undefined;
  return isSameEvent(first, accepted)
    ? { kind: 'stored', stored: first, rerun: true }
    : { kind: 'conflict', first };
}

function isSameEvent(stored: StoredEvent, { event, body, busEventId, hasOwnTime }: AcceptedEvent): boolean {
  // The bus or SQS delivered it again. Another version of this code may have written another body.
  if (stored.busEventId === busEventId) return true;
  if (hasOwnTime) return stored.body === body;
  // Without a time of the publisher, the bus's time is in the body, and differs each time.
  const { created } = JSON.parse(stored.body);
  return stored.body === serializeBody({ ...event, created });
}
