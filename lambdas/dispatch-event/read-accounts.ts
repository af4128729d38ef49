import type { AccountId, WebhookId } from '../shared/domain/ids.ts';
import type { Webhook } from '../shared/domain/webhook.ts';
import type { Clock } from '../shared/runtime/clock.ts';
import type { Counters, Log } from '../shared/runtime/observability.ts';
import { type LiveSecrets, openLiveSecrets } from '../shared/secrets/live-secrets.ts';
import type { ReadSubscribers } from './read-subscribers.ts';
import type { Subscribers } from './subscribers.ts';

/** Sort keys in one log line. An operator corrects one item after another, and needs no more. */
const MAX_LOGGED_KEYS = 10;

/** The webhooks and listeners of an account, read once for a batch of events. */
export interface Account extends Omit<Subscribers, 'openSecret'> {
  /**
   * Milliseconds since 1970, just before the webhooks were read. Deliveries are signed with this time, even if they are
   * signed much later: the sender takes the time of the signature as the time at which the webhook was read.
   */
  readonly readAt: number;
  /** Opens each webhook's live secrets once. */
  openSecrets(webhook: Webhook): Promise<LiveSecrets>;
}

export interface AccountDeps {
  readonly readSubscribers: ReadSubscribers;
  readonly clock: Clock;
  readonly counters: Counters;
  readonly log: Log;
}

/** Creates a reader for one batch. It reads each account once, at the first call for it. */
export function createAccountReader(deps: AccountDeps): (accountId: AccountId) => Promise<Account> {
  const accounts = new Map<AccountId, Promise<Account>>();
  return (accountId) => {
    const known = accounts.get(accountId);
    if (known !== undefined) return known;
    const reading = readAccount(deps, accountId);
    accounts.set(accountId, reading);
    return reading;
  };
}

async function readAccount(deps: AccountDeps, accountId: AccountId): Promise<Account> {
  const readAt = deps.clock.now();
  const { openSecret, ...subscribers } = await deps.readSubscribers(accountId);
  const { unreadable } = subscribers;
  if (unreadable.length > 0) {
    deps.counters.count('webhook_unreadable', unreadable.length);
    deps.log.error('webhooks of an account cannot be read and receive nothing', {
      account_id: accountId,
      unreadable: unreadable.length,
      sort_keys: unreadable.slice(0, MAX_LOGGED_KEYS),
    });
  }
  const secrets = new Map<WebhookId, Promise<LiveSecrets>>();
  return {
    ...subscribers,
    readAt,
    openSecrets(webhook) {
      const opened = secrets.get(webhook.id) ?? openLiveSecrets(webhook, openSecret, deps.clock.now());
      secrets.set(webhook.id, opened);
      return opened;
    },
  };
}

export function isActive(webhook: Webhook): boolean {
  return webhook.status === 'active';
}
