import type { SkippedStatus } from '../shared/domain/delivery.ts';
import type { StoredEvent } from '../shared/domain/event.ts';
import type { AccountId, DeliveryId, EventId, WebhookId } from '../shared/domain/ids.ts';
import type { Webhook } from '../shared/domain/webhook.ts';
import type { FirstAttempt } from '../shared/runtime/lanes.ts';
import type { QueueEntry, Sent } from '../shared/runtime/queues.ts';
import type { OpenSecret } from '../shared/secrets/live-secrets.ts';

/** What this step needs from outside. A port that throws means that our own side failed. */
export interface DispatchPorts {
  /** All webhooks of an account, strongly consistent; items that do not parse are only counted. */
  listWebhooks(
    accountId: AccountId,
  ): Promise<{ readonly webhooks: readonly Webhook[]; readonly unreadable: number }>;
  /** Stores an event once: `exists` when its id is taken. `now` is in milliseconds since 1970. */
  putEvent(event: StoredEvent, now: number): Promise<'stored' | 'exists'>;
  getEvent(accountId: AccountId, eventId: EventId, now: number): Promise<StoredEvent | undefined>;
  /** Records a delivery that is not tried, unless a record of it exists. */
  recordUntried(
    delivery: UntriedDelivery,
    status: SkippedStatus,
    reason: string,
  ): Promise<'recorded' | 'exists'>;
  readonly openSecret: OpenSecret;
  /** One result for each attempt, in their order. Sends no further wave once the signal aborts. */
  enqueueFirst(attempts: readonly FirstAttempt[], signal: AbortSignal): Promise<readonly Sent[]>;
  /** One result for each entry, in their order. */
  sendUndispatched(entries: readonly QueueEntry[]): Promise<readonly Sent[]>;
}

export interface UntriedDelivery {
  readonly accountId: AccountId;
  readonly webhookId: WebhookId;
  readonly deliveryId: DeliveryId;
  readonly eventId: EventId;
  readonly eventType: string;
  readonly acceptedAt: number;
}
