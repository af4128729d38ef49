import type { StoredEvent } from '../shared/domain/event.ts';
import { deliveryIdOf } from '../shared/domain/ids.ts';
import type { Listener, ListenerDelivery } from '../shared/domain/listener.ts';
import { subscribesTo } from '../shared/domain/subscription.ts';
import type { Timer } from '../shared/runtime/clock.ts';
import { errorFields } from '../shared/runtime/errors.ts';
import type { Counters, Log } from '../shared/runtime/observability.ts';
import type { ListenerLimit } from './listener-limit.ts';
import type { DispatchPorts } from './ports.ts';
import type { Account } from './read-accounts.ts';

/** The function does not wait longer for these writes, since the events of the batch are dispatched already. */
const MAX_WAIT_MS = 2_000;

/** An event whose deliveries are all on a lane or recorded, or that has none. */
export interface DispatchedEvent {
  readonly event: StoredEvent;
  readonly account: Account;
}

export interface ListenerDeps {
  readonly ports: DispatchPorts;
  readonly listenerLimit: ListenerLimit;
  readonly clock: Timer;
  readonly counters: Counters;
  readonly log: Log;
}

/**
 * Stores each event for the listeners that subscribe to it. A failure affects no event: the deliveries to listeners are
 * then lost, counted and logged. It never throws.
 */
export async function copyForListeners(
  deps: ListenerDeps,
  dispatched: readonly DispatchedEvent[],
): Promise<void> {
  const copies = dispatched.flatMap(({ event, account }) =>
    account.listeners
      .filter(({ events }) => subscribesTo(events, event.type))
      .flatMap((listener) => copyOf(event, listener, deps)),
  );
  if (copies.length === 0) return;
  const waiting = new AbortController();
  const tooLate = deps.clock
    .sleep(MAX_WAIT_MS, waiting.signal)
    .then(() => ({ lost: copies, why: `it was not stored within ${MAX_WAIT_MS / 1_000} s` }));
  const storing = deps.ports.storeForListeners(copies, deps.clock.now()).then(
    (lost) => ({ lost, why: 'DynamoDB left it unprocessed' }),
    (error: unknown) => ({ lost: copies, ...errorFields(error) }),
  );
  const { lost, ...why } = await Promise.race([storing, tooLate]);
  waiting.abort();
  if (lost.length === 0) return;
  deps.counters.count('listener_lost', lost.length);
  for (const { eventId, deliveryId, listenerId, accountId } of lost) {
    deps.log.warn('an event was not stored for a listener', {
      event_id: eventId,
      delivery_id: deliveryId,
      listener_id: listenerId,
      account_id: accountId,
      ...why,
    });
  }
}

/** The copy of an event for a listener. Empty when the limit of the listener is exceeded. */
function copyOf(
  event: StoredEvent,
  { id: listenerId, accountId }: Listener,
  { listenerLimit, counters }: ListenerDeps,
): ListenerDelivery[] {
  const taken = listenerLimit.take(listenerId);
  if (taken === 'over') {
    counters.count('listener_limited');
    return [];
  }
  const { id: eventId, type: eventType, acceptedAt, body } = event;
  const deliveryId = deliveryIdOf({ accountId, eventId, webhookId: listenerId, acceptedAt });
  return [
    {
      accountId,
      listenerId,
      deliveryId,
      eventId,
      eventType,
      acceptedAt,
      body,
      limitReached: taken === 'last',
    },
  ];
}
