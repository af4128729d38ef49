import { isSystemEventType } from '../shared/domain/catalogue.ts';
import type { DeliveryMessage, SkippedStatus } from '../shared/domain/delivery.ts';
import { deliveryIdsOf } from '../shared/domain/delivery-ids.ts';
import type { StoredEvent } from '../shared/domain/event.ts';
import { deliveryIdOf, type WebhookId } from '../shared/domain/ids.ts';
import { webhookSettings } from '../shared/domain/repeat.ts';
import { maxAttempts } from '../shared/domain/retry-schedule.ts';
import { SECRET_UNREADABLE, type Webhook } from '../shared/domain/webhook.ts';
import type { FirstAttempt } from '../shared/runtime/lanes.ts';
import type { Log } from '../shared/runtime/observability.ts';
import { sign } from '../shared/signing/sign.ts';
import type { UntriedDelivery } from './ports.ts';
import { type Account, isActive } from './read-accounts.ts';

/** A delivery that is recorded but not sent. */
export interface Untried {
  readonly delivery: UntriedDelivery;
  readonly status: SkippedStatus;
  readonly reason: string;
}

export interface Deliveries {
  readonly attempts: readonly FirstAttempt[];
  readonly untried: readonly Untried[];
}

export interface DeliveryDeps {
  readonly retryDelaysSeconds: readonly number[];
  readonly log: Log;
}

const DELETED = { status: 'canceled', reason: 'the webhook was deleted' } as const;

/** A webhook of the stored set was not found, and it may be one of the account's webhooks that cannot be read. */
const MISSING = {
  status: 'held',
  reason: 'the webhook was deleted or cannot be read; ask the operator',
} as const;

/** Makes one delivery for each webhook of the stored set, by the webhook's state when the account was read. */
export async function makeDeliveries(
  deps: DeliveryDeps,
  account: Account,
  source: { readonly stored: StoredEvent; readonly rerun: boolean; readonly aboutWebhookId?: WebhookId },
): Promise<Deliveries> {
  const { stored, rerun, aboutWebhookId } = source;
  const subscribedSystemEvents = isSystemEventType(stored.type) ? [] : account.subscribedSystemEvents;
  const attempts: FirstAttempt[] = [];
  const untried: Untried[] = [];
  for (const webhookId of stored.webhookIds) {
    const delivery = deliveryOf(stored, webhookId);
    const webhook = account.find(webhookId);
    if (webhook === undefined || !isActive(webhook)) {
      untried.push({ delivery, ...untriedReason(webhook, account) });
      continue;
    }
    const live = await account.openSecrets(webhook);
    if (!live.ok) {
      deps.log.error('a signing secret does not open', { ...deliveryIdsOf(delivery), why: live.reason });
      untried.push({ delivery, status: 'held', reason: SECRET_UNREADABLE });
      continue;
    }
    const message: DeliveryMessage = {
      ...delivery,
      kind: 'event',
      url: webhook.url,
      body: stored.body,
      attempt: 1,
      // Otherwise each failure of a webhook that subscribes to its own failures would cause four more attempts.
      maxAttempts: aboutWebhookId === webhookId ? 1 : maxAttempts(deps.retryDelaysSeconds),
      signed: sign({
        secrets: live.secrets,
        eventId: stored.id,
        signedAt: account.readAt,
        body: stored.body,
      }),
      rerun,
      subscribedSystemEvents,
      history: [],
      ...webhookSettings(webhook),
    };
    attempts.push({ message, slow: webhook.slowSince !== undefined });
  }
  return { attempts, untried };
}

function untriedReason(webhook: Webhook | undefined, account: Account): Pick<Untried, 'status' | 'reason'> {
  if (webhook === undefined) return account.unreadable.length > 0 ? MISSING : DELETED;
  return { status: 'held', reason: `the webhook is ${webhook.status}` };
}

/** The delivery is the same in every run of the event: its id is derived from the event as the first run stored it. */
function deliveryOf(stored: StoredEvent, webhookId: WebhookId): UntriedDelivery {
  const { accountId, id: eventId, type: eventType, acceptedAt, traceparent } = stored;
  const deliveryId = deliveryIdOf({ accountId, eventId, webhookId, acceptedAt });
  return {
    accountId,
    eventId,
    eventType,
    webhookId,
    deliveryId,
    acceptedAt,
    kind: 'event',
    trigger: 'event',
    ...(traceparent === undefined ? {} : { traceparent }),
  };
}
