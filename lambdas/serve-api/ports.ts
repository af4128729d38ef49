import type { DeliveryMessage, DeliveryRecord } from '../shared/domain/delivery.ts';
import type { StoredEvent } from '../shared/domain/event.ts';
import type { AccountId, DeliveryId } from '../shared/domain/ids.ts';
import type { RecoveryMessage } from '../shared/domain/recovery-message.ts';
import type { Right } from '../shared/domain/session.ts';
import type { Sent } from '../shared/runtime/queues.ts';
import type { Keyring } from '../shared/secrets/key-ring.ts';
import type { ApiKeyStore } from '../shared/store/api-keys.ts';
import type { AuditLog } from '../shared/store/audit-log.ts';
import type { DeliveryStore } from '../shared/store/deliveries.ts';
import type { DeliveryLog } from '../shared/store/delivery-log.ts';
import type { IdempotencyStore } from '../shared/store/idempotency.ts';
import type { ListenerDeliveries } from '../shared/store/listener-deliveries.ts';
import type { ListenerStore } from '../shared/store/listeners.ts';
import type { RateLimits } from '../shared/store/rate-limits.ts';
import type { DeliveryName } from '../shared/store/read-delivery-states.ts';
import type { RecoveryStore } from '../shared/store/recoveries.ts';
import type { SessionStore } from '../shared/store/sessions.ts';
import type { WebhookStore } from '../shared/store/webhooks.ts';

// The services that the calls use. They throw only for a failure of this system, never for an invalid request.

/** Who sends a request: an API key, or a person with a session. */
export interface Caller {
  readonly kind: 'api_key' | 'session';
  /** The id of the key or the session. It is not secret. */
  readonly id: string;
  readonly accountId: AccountId;
  /** The name of the key, or the actor of the session. */
  readonly name: string;
  readonly right: Right;
  /** Milliseconds since 1970. Absent: it does not expire. */
  readonly validUntil?: number;
  /** Whether an operator's command made the key for itself. */
  readonly ofCommand?: boolean;
  /** The operator's page that makes another link. Only for a session. */
  readonly returnUrl?: string;
}

export type Webhooks = Pick<WebhookStore, 'get' | 'page' | 'count' | 'list' | 'create' | 'update' | 'remove'>;

/** `markResent` stores which delivery repeats another. */
export type Events = Pick<DeliveryStore, 'getEvent' | 'markResent'> & {
  putEvent(event: StoredEvent): Promise<'stored' | 'exists'>;
};

/** The records that exist and have not expired, by the ids of their deliveries. The names must not repeat. */
export type ReadRecords = (
  names: readonly DeliveryName[],
) => Promise<ReadonlyMap<DeliveryId, DeliveryRecord>>;

export interface Lanes {
  /** Returns one result for each delivery, in the same order. Never throws. */
  enqueueFirst(
    attempts: readonly { readonly message: DeliveryMessage; readonly slow: boolean }[],
  ): Promise<readonly Sent[]>;
}

export interface Ports {
  readonly apiKeys: Pick<ApiKeyStore, 'find' | 'findByHash'>;
  readonly sessions: Pick<SessionStore, 'create' | 'get' | 'begin' | 'revoke'>;
  readonly audit: Pick<AuditLog, 'record' | 'end'>;
  readonly webhooks: Webhooks;
  readonly events: Events;
  readonly deliveryLog: DeliveryLog;
  readonly readRecords: ReadRecords;
  readonly listeners: ListenerStore;
  readonly listenerDeliveries: Pick<ListenerDeliveries, 'page' | 'confirm'>;
  readonly keyring: Keyring;
  readonly lanes: Lanes;
  readonly rateLimits: RateLimits;
  readonly idempotency: IdempotencyStore;
  readonly recoveries: Pick<RecoveryStore, 'create' | 'get' | 'newest' | 'beginStep' | 'end'>;
  /** Sends a message that makes the recovery run. Never throws. */
  enqueueRecovery(recovery: RecoveryMessage): Promise<Sent>;
}
