import type { AccountId, WebhookId } from '../shared/domain/ids.ts';
import { isListening, type Listener } from '../shared/domain/listener.ts';
import { subscribesTo } from '../shared/domain/subscription.ts';
import { subscribedSystemEvents } from '../shared/domain/system-event.ts';
import type { Webhook } from '../shared/domain/webhook.ts';
import type { OpenedSecret, OpenSecret } from '../shared/secrets/live-secrets.ts';

/** The webhooks and listeners of an account, as they are stored. */
export interface StoredSubscribers {
  readonly webhooks: readonly Webhook[];
  /** Sort keys of the webhooks whose items do not parse. */
  readonly unreadable: readonly string[];
  /** Including those that have expired. */
  readonly listeners: readonly Listener[];
}

/** The webhooks and listeners of an account, with values that several events share. */
export interface Subscribers extends StoredSubscribers {
  readonly accountId: AccountId;
  /** Without those that have expired. */
  readonly listeners: readonly Listener[];
  /** System events to which an active webhook of the account subscribes. */
  readonly subscribedSystemEvents: readonly string[];
  find(webhookId: WebhookId): Webhook | undefined;
  /** The webhooks that are verified and subscribe to this event type. */
  matching(eventType: string): readonly Webhook[];
  /** Opens each secret once. */
  readonly openSecret: OpenSecret;
}

/** `readAt`: when they were read, in milliseconds since 1970. */
export function createSubscribers(
  accountId: AccountId,
  { webhooks, unreadable, listeners }: StoredSubscribers,
  readAt: number,
  openSecret: OpenSecret,
): Subscribers {
  const byId = new Map(webhooks.map((webhook) => [webhook.id, webhook]));
  // Its keys are types of the catalogue.
  const byType = new Map<string, readonly Webhook[]>();
  return {
    accountId,
    webhooks,
    unreadable,
    listeners: listeners.filter((listener) => isListening(listener, readAt)),
    subscribedSystemEvents: subscribedSystemEvents(webhooks),
    find: (webhookId) => byId.get(webhookId),
    matching(eventType) {
      const matching =
        byType.get(eventType) ??
        webhooks.filter(({ verified, events }) => verified && subscribesTo(events, eventType));
      byType.set(eventType, matching);
      return matching;
    },
    openSecret: openOnce(openSecret),
  };
}

/** A failure of our side is tried again at the next call. */
function openOnce(openSecret: OpenSecret): OpenSecret {
  const opened = new Map<string, Promise<OpenedSecret>>();
  return (sealed, owner) => {
    // A secret opens only for its own webhook.
    const key = `${owner.webhookId} ${sealed.dataKey} ${sealed.sealed}`;
    const known = opened.get(key);
    if (known !== undefined) return known;
    const opening = openSecret(sealed, owner);
    opened.set(key, opening);
    opening.catch(() => opened.delete(key));
    return opening;
  };
}
