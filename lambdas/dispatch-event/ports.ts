import type { StoredEvent } from '../shared/domain/event.ts';
import type { AccountId, DeliveryId, EventId, WebhookId } from '../shared/domain/ids.ts';
import type { Webhook } from '../shared/domain/webhook.ts';
import type { FirstAttempt } from '../shared/runtime/lanes.ts';
import type { OpenSecret } from '../shared/runtime/live-secrets.ts';
import type { QueueEntry, Sent } from '../shared/runtime/queues.ts';

/** What this step needs of the world. A port that throws means that our own side failed. */
export interface DispatchPorts {
  /** All webhooks of an account, strongly consistent; items that do not parse are only counted. */
  listWebhooks(
    accountId: AccountId,
  ): Promise<{ readonly webhooks: readonly Webhook[]; readonly unreadable: number }>;
  /** Stores an event once: `exists` when its id is taken, and then what is stored wins. */
  putEvent(event: StoredEvent): Promise<'stored' | 'exists'>;
  getEvent(accountId: AccountId, eventId: EventId): Promise<StoredEvent | undefined>;
  /** Records a delivery that will not be tried, unless anything is recorded of it already. */
  recordUntried(
    delivery: UntriedDelivery,
    status: 'held' | 'canceled',
    reason: string,
  ): Promise<'recorded' | 'exists'>;
  readonly openSecret: OpenSecret;
  enqueueFirst(attempts: readonly FirstAttempt[]): Promise<readonly Sent[]>;
  sendUndispatched(entry: QueueEntry): Promise<Sent>;
}

export interface UntriedDelivery {
  readonly accountId: AccountId;
  readonly webhookId: WebhookId;
  readonly deliveryId: DeliveryId;
  readonly eventId: EventId;
  readonly eventType: string;
  readonly acceptedAt: number;
}
