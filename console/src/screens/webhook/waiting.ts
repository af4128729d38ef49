import type { components } from '../../api/schema.d.ts';
import type { Health } from '../../parts/health.ts';
import { WEBHOOK } from '../../texts/webhook.ts';
import { attentionOf } from './attention.ts';

type Webhook = components['schemas']['Webhook'];
type Recoverable = Health['recoverable'];

/** What waits to be sent again, in sentences. */
export interface Waiting {
  readonly title: string;
  readonly text: string;
  readonly canSend: boolean;
}

/**
 * Undefined: nothing waits. `clock` formats a time of the API. Events of the last outage wait also when the webhook is active
 * again: only a recovery sends them.
 */
export function waitingOf(
  webhook: Webhook,
  { held, exhausted, since, complete }: Recoverable,
  clock: (at: string) => string,
): Waiting | undefined {
  if (since === null) return undefined;
  const texts = WEBHOOK.waiting;
  const canSend = webhook.status === 'active';
  const next = !canSend ? texts.inactive : attentionOf(webhook) === 'failing' ? texts.failing : texts.active;
  return {
    title: texts.title(held, exhausted, !complete),
    text: `${complete ? texts.oldest(clock(since), held + exhausted) : texts.older} ${next}`,
    canSend,
  };
}
