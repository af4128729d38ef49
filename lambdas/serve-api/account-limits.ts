import { SYSTEM_EVENT_TYPES } from '../shared/domain/catalogue.ts';
import type { AccountId } from '../shared/domain/ids.ts';
import { subscribesTo } from '../shared/domain/subscription.ts';
import type { Webhook } from '../shared/domain/webhook.ts';
import { MAX_LISTENING_WEBHOOKS, MAX_WEBHOOKS } from './limits.ts';
import type { Ports } from './ports.ts';
import { problem } from './problem.ts';
import type { Reply } from './reply.ts';

/**
 * The limits are kept by writing first and counting afterwards, and by taking the write back where the count is above
 * the limit. The reads are strongly consistent, so of several writes at the same time at least the last one sees all.
 * They may all be refused; the limits are never exceeded.
 */
type CountPorts = Pick<Ports, 'webhooks'>;

/** The refusal of a webhook that was just stored, when the account now has too many; else undefined. */
export async function whyOverLimit(
  { accountId, events }: Webhook,
  { webhooks }: CountPorts,
): Promise<Reply | undefined> {
  if (!listens(events)) {
    return (await webhooks.count(accountId)) > MAX_WEBHOOKS ? tooManyWebhooks() : undefined;
  }
  const { webhooks: all, unreadable } = await webhooks.list(accountId);
  if (all.length + unreadable > MAX_WEBHOOKS) return tooManyWebhooks();
  return countListening(all) > MAX_LISTENING_WEBHOOKS ? tooManyListening() : undefined;
}

/**
 * The refusal when too many webhooks subscribe to system events, else undefined. `adding`: how many subscriptions are
 * to be stored after this check; 0 when they are stored already.
 */
export async function whyTooManyListen(
  accountId: AccountId,
  adding: 0 | 1,
  { webhooks }: CountPorts,
): Promise<Reply | undefined> {
  const { webhooks: all } = await webhooks.list(accountId);
  return countListening(all) + adding > MAX_LISTENING_WEBHOOKS ? tooManyListening() : undefined;
}

/** Whether a webhook with these events counts for the limit of those that subscribe to system events. */
export function listens(events: readonly string[]): boolean {
  return SYSTEM_EVENT_TYPES.some((type) => subscribesTo(events, type));
}

function countListening(webhooks: readonly Webhook[]): number {
  return webhooks.filter(({ events }) => listens(events)).length;
}

function tooManyWebhooks(): Reply {
  const detail = `an account has at most ${MAX_WEBHOOKS} webhooks; delete one that is not used`;
  return problem('webhook-limit-reached', detail);
}

function tooManyListening(): Reply {
  const detail = `at most ${MAX_LISTENING_WEBHOOKS} webhooks of an account may subscribe to system events ("webhook.…"); remove them from another webhook's events first`;
  return problem('webhook-limit-reached', detail);
}
