import type { SkippedStatus } from '../shared/domain/delivery.ts';
import type { StoredEvent } from '../shared/domain/event.ts';
import type { AccountId, DeliveryId, EventId, WebhookId } from '../shared/domain/ids.ts';
import type { ListenerDelivery } from '../shared/domain/listener.ts';
import type { FirstAttempt } from '../shared/runtime/lanes.ts';
import type { QueueEntry, Sent } from '../shared/runtime/queues.ts';
import type { OpenSecret } from '../shared/secrets/live-secrets.ts';
import type { AccountVersion } from '../shared/store/account-changes.ts';
import type { StoredSubscribers } from './subscribers.ts';

/** The systems that this function calls. A port that throws means that our own side failed. */
export interface DispatchPorts {
  /** Reads all webhooks and listeners of an account, strongly consistent. */
  listSubscribers(accountId: AccountId): Promise<StoredSubscribers>;
  /** Reads how often the account's webhooks were changed, strongly consistent. `now` is in milliseconds since 1970. */
  readVersion(accountId: AccountId, now: number): Promise<AccountVersion>;
  /** Resolves to the deliveries that were not stored. `now` is in milliseconds since 1970. */
  storeForListeners(
    deliveries: readonly ListenerDelivery[],
    now: number,
  ): Promise<readonly ListenerDelivery[]>;
  /** Stores an event. `exists`: an event is stored under its id already. `now` is in milliseconds since 1970. */
  putEvent(event: StoredEvent, now: number): Promise<'stored' | 'exists'>;
  getEvent(accountId: AccountId, eventId: EventId, now: number): Promise<StoredEvent | undefined>;
  /** Records a delivery that is not tried, unless a record of it exists. */
  recordUntried(
    delivery: UntriedDelivery,
    status: SkippedStatus,
    reason: string,
  ): Promise<'recorded' | 'exists'>;
  readonly openSecret: OpenSecret;
  /** Returns one result for each attempt, in their order. Sends no further wave after the signal aborts. */
  enqueueFirst(attempts: readonly FirstAttempt[], signal: AbortSignal): Promise<readonly Sent[]>;
  /** Returns one result for each entry, in their order. */
  sendUndispatched(entries: readonly QueueEntry[]): Promise<readonly Sent[]>;
}

/** A delivery for which no message is made. */
export interface UntriedDelivery {
  readonly accountId: AccountId;
  readonly webhookId: WebhookId;
  readonly deliveryId: DeliveryId;
  readonly eventId: EventId;
  readonly eventType: string;
  /** Milliseconds since 1970 at which the event was accepted. */
  readonly acceptedAt: number;
  readonly kind: 'event';
  readonly trigger: 'event';
}
