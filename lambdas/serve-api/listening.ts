import { SYSTEM_EVENT_TYPES } from '../shared/domain/catalogue.ts';
import type { AccountId, WebhookId } from '../shared/domain/ids.ts';
import { subscribesTo } from '../shared/domain/subscription.ts';
import { MAX_LISTENING_WEBHOOKS } from './limits.ts';
import type { Ports } from './ports.ts';
import { problem } from './problem.ts';
import type { Reply } from './reply.ts';

/** The refusal of a subscription to system events that would be one too many, or nothing. */
export async function whyNotListening(
  accountId: AccountId,
  events: readonly string[],
  { webhooks }: Pick<Ports, 'webhooks'>,
  itself?: WebhookId,
): Promise<Reply | undefined> {
  if (!listens(events)) return undefined;
  const others = (await webhooks.list(accountId)).webhooks.filter(({ id }) => id !== itself);
  if (others.filter((webhook) => listens(webhook.events)).length < MAX_LISTENING_WEBHOOKS) return undefined;
  const detail = `at most ${MAX_LISTENING_WEBHOOKS} webhooks of an account may subscribe to system events ("webhook.…"); take them out of another webhook's events first`;
  return problem('webhook-limit-reached', detail);
}

function listens(events: readonly string[]): boolean {
  return SYSTEM_EVENT_TYPES.some((type) => subscribesTo(events, type));
}
