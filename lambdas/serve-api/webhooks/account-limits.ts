import { SYSTEM_EVENT_TYPES } from '../../shared/domain/catalogue.ts';
import type { AccountId } from '../../shared/domain/ids.ts';
import { subscribesTo } from '../../shared/domain/subscription.ts';
import type { Webhook } from '../../shared/domain/webhook.ts';
import { MAX_SYSTEM_EVENT_WEBHOOKS, MAX_WEBHOOKS } from '../limits.ts';
import type { Ports } from '../ports.ts';
import { problem } from '../problem.ts';
import type { ApiResponse } from '../response.ts';

/**
 * The limits are enforced by writing first and counting afterwards. A write that exceeds a limit is undone. The reads
 * are strongly consistent, so of several writes at the same time at least the last one counts all. All of them may be
 * refused, but the limits are never exceeded.
 */
type CountPorts = Pick<Ports, 'webhooks'>;

/** Call it after a webhook was stored. Resolves to the refusal when the account now has too many, else to undefined. */
export async function refuseOverLimit(
  { accountId, events }: Webhook,
  { webhooks }: CountPorts,
): Promise<ApiResponse | undefined> {
  if (!subscribesToSystemEvents(events)) {
    return (await webhooks.count(accountId)) > MAX_WEBHOOKS ? tooManyWebhooks() : undefined;
  }
  const { webhooks: all, unreadable } = await webhooks.list(accountId);
  if (all.length + unreadable > MAX_WEBHOOKS) return tooManyWebhooks();
  return countSystemEventWebhooks(all) > MAX_SYSTEM_EVENT_WEBHOOKS ? tooManySystemEventWebhooks() : undefined;
}

/**
 * Resolves to the refusal when too many webhooks subscribe to system events, else to undefined. `additional` is the
 * number of subscriptions that will be stored after this check: 0 when they are already stored.
 */
export async function refuseTooManySystemEventWebhooks(
  accountId: AccountId,
  additional: 0 | 1,
  { webhooks }: CountPorts,
): Promise<ApiResponse | undefined> {
  const { webhooks: all } = await webhooks.list(accountId);
  const count = countSystemEventWebhooks(all) + additional;
  return count > MAX_SYSTEM_EVENT_WEBHOOKS ? tooManySystemEventWebhooks() : undefined;
}

export function subscribesToSystemEvents(events: readonly string[]): boolean {
  return SYSTEM_EVENT_TYPES.some((type) => subscribesTo(events, type));
}

function countSystemEventWebhooks(webhooks: readonly Webhook[]): number {
  return webhooks.filter(({ events }) => subscribesToSystemEvents(events)).length;
}

function tooManyWebhooks(): ApiResponse {
  const detail = `an account has at most ${MAX_WEBHOOKS} webhooks; delete one that is not used`;
  return problem('webhook-limit-reached', detail);
}

function tooManySystemEventWebhooks(): ApiResponse {
  const detail = `at most ${MAX_SYSTEM_EVENT_WEBHOOKS} webhooks of an account may subscribe to system events ("webhook.…"); remove them from another webhook's events first`;
  return problem('webhook-limit-reached', detail);
}
