import type { DeliveryMessage, DeliveryRecord } from '../shared/domain/delivery.ts';
import type { StoredEvent } from '../shared/domain/event.ts';
import type { AccountId, EventId } from '../shared/domain/ids.ts';
import type { Webhook } from '../shared/domain/webhook.ts';
import type { Clock } from '../shared/runtime/clock.ts';
import type { Counters, Log } from '../shared/runtime/observability.ts';
import type { Sent } from '../shared/runtime/queues.ts';
import type { OpenSecret } from '../shared/secrets/live-secrets.ts';
import type { DeliveryStore } from '../shared/store/deliveries.ts';
import type { DeliveryLog } from '../shared/store/delivery-log.ts';
import type { DeliveryName } from '../shared/store/read-delivery-states.ts';
import type { RecoveryStore } from '../shared/store/recoveries.ts';
import type { WebhookStore } from '../shared/store/webhooks.ts';

/** The systems that a step calls. A port that throws means that our own side failed. */
export interface RecoverPorts {
  readonly recoveries: Pick<RecoveryStore, 'get' | 'beginStep' | 'advance' | 'end'>;
  readonly webhooks: Pick<WebhookStore, 'list'>;
  readonly openSecret: OpenSecret;
  readonly log: Pick<DeliveryLog, 'pages'>;
  readonly deliveries: Pick<DeliveryStore, 'markResent'>;
  /** The events that are stored and have not expired. */
  readEvents(accountId: AccountId, eventIds: readonly EventId[]): Promise<ReadonlyMap<EventId, StoredEvent>>;
  /** The records of these deliveries that exist. */
  readRecords(
    names: readonly DeliveryName[],
  ): Promise<ReadonlyMap<DeliveryName['deliveryId'], DeliveryRecord>>;
  /** Sends to the slow lane. Returns one result for each repeat, in their order; never throws. */
  enqueue(repeats: readonly DelayedRepeat[]): Promise<readonly Sent[]>;
}

export interface DelayedRepeat {
  readonly message: DeliveryMessage;
  /** 0-900 s. */
  readonly delaySeconds: number;
}

export interface RecoverDeps {
  readonly ports: RecoverPorts;
  readonly retryDelaysSeconds: readonly number[];
  readonly clock: Clock;
  readonly counters: Counters;
  readonly log: Log;
}

/** The webhook as it was read, and the secrets that sign its repeats. */
export interface Ready {
  readonly webhook: Webhook;
  readonly secrets: readonly string[];
  readonly subscribedSystemEvents: readonly string[];
}
