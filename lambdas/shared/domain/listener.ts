import type { AccountId, DeliveryId, EventId, ListenerId } from './ids.ts';
import type { SealedSecret } from './webhook.ts';

/** A listener expires this long after `polledAt`. */
export const LISTENER_LIFETIME_MS = 2 * 60_000;

/** A poll is recorded only when the recorded one is this old: most polls write nothing. */
export const POLL_RECORD_MS = 30_000;

/** How long a delivery that a listener has not confirmed is kept, in seconds. */
export const LISTENER_DELIVERY_SECONDS = 3_600;

/**
 * A program on a developer's machine that polls for events. This service never connects to it, so it has no URL and
 * no challenge.
 */
export interface Listener {
  readonly id: ListenerId;
  readonly accountId: AccountId;
  readonly events: readonly string[];
  readonly secret: SealedSecret;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  /** Milliseconds since 1970. The last poll that was recorded: the last poll is up to 30 s later. */
  readonly polledAt: number;
}

/** An event that a listener subscribes to, from its dispatch until the listener confirms it. */
export interface ListenerDelivery {
  readonly accountId: AccountId;
  readonly listenerId: ListenerId;
  readonly deliveryId: DeliveryId;
  readonly eventId: EventId;
  readonly eventType: string;
  /** Milliseconds since 1970. */
  readonly acceptedAt: number;
  readonly body: string;
  /** The limit of deliveries in a second was reached with this one: those that followed in this second may be missing. */
  readonly limitReached: boolean;
}

/** Whether the listener gets events at this time (milliseconds since 1970). */
export function isListening(listener: Pick<Listener, 'polledAt'>, now: number): boolean {
  return now < expiresAt(listener);
}

/** When the listener expires unless a poll is recorded before, in milliseconds since 1970. */
export function expiresAt({ polledAt }: Pick<Listener, 'polledAt'>): number {
  return polledAt + LISTENER_LIFETIME_MS;
}
