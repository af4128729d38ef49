import type { DeliveryMessage } from '../shared/domain/delivery.ts';
import type { StoredEvent } from '../shared/domain/event.ts';
import type { AccountId, WebhookId } from '../shared/domain/ids.ts';
import type { RecoveryMessage } from '../shared/domain/recovery-message.ts';
import type { SealedSecret, Webhook } from '../shared/domain/webhook.ts';
import type { Sent } from '../shared/runtime/queues.ts';
import type { DeliveryStore } from '../shared/store/deliveries.ts';
import type { DeliveryLog } from '../shared/store/delivery-log.ts';
import type { RateLimits } from '../shared/store/rate-limits.ts';
import type { RecoveryStore } from '../shared/store/recoveries.ts';
import type { WebhookChange } from '../shared/store/webhooks.ts';

// The services that the calls use. They throw only for a failure of this system, never for an invalid request.

export interface ApiKeys {
  /** Reads the key by its hash, without a cache: a revoked key is refused at the next request. */
  find(
    key: string,
  ): Promise<{ readonly id: string; readonly accountId: AccountId; readonly revoked: boolean } | undefined>;
}

export interface Webhooks {
  get(accountId: AccountId, webhookId: WebhookId): Promise<Webhook | undefined>;
  page(
    accountId: AccountId,
    page: { readonly limit: number; readonly before?: WebhookId },
  ): Promise<{ readonly webhooks: readonly Webhook[]; readonly next?: WebhookId }>;
  count(accountId: AccountId): Promise<number>;
  /** `unreadable` is the number of items that do not parse. */
  list(accountId: AccountId): Promise<{ readonly webhooks: readonly Webhook[]; readonly unreadable: number }>;
  create(webhook: Webhook): Promise<'created' | 'exists'>;
  update(
    accountId: AccountId,
    webhookId: WebhookId,
    change: WebhookChange,
  ): Promise<Webhook | 'not_found' | 'conflict'>;
  /** Resolves to whether the webhook existed. */
  remove(accountId: AccountId, webhookId: WebhookId): Promise<boolean>;
}

/** `markResent` notes which delivery repeats another. */
export type Events = Pick<DeliveryStore, 'getEvent' | 'markResent'> & {
  putEvent(event: StoredEvent): Promise<'stored' | 'exists'>;
};

export interface SecretOwner {
  readonly accountId: AccountId;
  readonly webhookId: WebhookId;
}

export interface Keyring {
  seal(secret: string, owner: SecretOwner, createdAt: string): Promise<SealedSecret>;
  /** Resolves to a reason when the secret cannot be decrypted. Throws when the keyring cannot be reached. */
  open(
    sealed: SealedSecret,
    owner: SecretOwner,
  ): Promise<
    { readonly ok: true; readonly secret: string } | { readonly ok: false; readonly reason: string }
  >;
}

export interface Lanes {
  /** One result for each delivery, in the same order; never throws. */
  enqueueFirst(
    attempts: readonly { readonly message: DeliveryMessage; readonly slow: boolean }[],
  ): Promise<readonly Sent[]>;
}

export interface Ports {
  readonly apiKeys: ApiKeys;
  readonly webhooks: Webhooks;
  readonly events: Events;
  readonly keyring: Keyring;
  readonly lanes: Lanes;
  readonly rateLimits: RateLimits;
  readonly deliveryLog: Pick<DeliveryLog, 'get' | 'pages'>;
  readonly recoveries: Pick<RecoveryStore, 'create' | 'get' | 'beginStep' | 'end'>;
  /** Sends a message that makes the recovery run. Never throws. */
  enqueueRecovery(recovery: RecoveryMessage): Promise<Sent>;
}
