import type { Verification, Webhook } from '../shared/domain/webhook.ts';
import type { WebhookChange } from '../shared/store/webhooks.ts';
import type { CheckUrl, UpdateWebhookInput } from './schemas/requests.ts';
import { newVerification } from './verification.ts';

/** A change of a webhook, and the challenge that is sent with it. */
export interface PlannedChange {
  readonly set: NonNullable<WebhookChange['set']>;
  readonly remove: NonNullable<WebhookChange['remove']>;
  readonly verification?: Verification;
}

export type Planned =
  | { readonly kind: 'change'; readonly change: PlannedChange }
  | { readonly kind: 'unchanged' }
  /** With `path` an input is refused, otherwise the state of the webhook does not allow the change. */
  | { readonly kind: 'refused'; readonly reason: string; readonly path?: 'url' };

/**
 * Until then a repeated request sends no second challenge. An older challenge may never have been sent, if this
 * function crashed before sending it, so a repeated request sends another one.
 */
const CHALLENGE_IS_FRESH_MS = 60_000;

const NOTHING: PlannedChange = { set: {}, remove: [] };

/** The change that an update makes in the webhook's current state. `now` is ms since 1970. */
export function planUpdate(webhook: Webhook, input: UpdateWebhookInput, now: number): Planned {
  const reason = whyStatusRefused(webhook, input.status);
  if (reason !== undefined) return { kind: 'refused', reason };
  const status =
    input.status === undefined || input.status === webhook.status
      ? NOTHING
      : setting({ status: input.status });
  const events = input.events === undefined ? NOTHING : setting({ events: input.events });
  const description = planDescription(input.description);
  const url = input.url === undefined ? NOTHING : planUrl(webhook, input.url, now);
  const change: PlannedChange = {
    ...url,
    set: { ...status.set, ...events.set, ...description.set, ...url.set },
    remove: [...description.remove, ...url.remove],
  };
  const isNothing = Object.keys(change.set).length + change.remove.length === 0;
  return isNothing ? { kind: 'unchanged' } : { kind: 'change', change };
}

/** A new challenge for the URL that is not verified. The rules for URLs may have changed since its registration. */
export function planVerification(webhook: Webhook, now: number, checkUrl: CheckUrl): Planned {
  const url = webhook.pendingUrl ?? (webhook.verified ? undefined : webhook.url);
  if (url === undefined) {
    const reason = 'the URL is verified and there is no pending one; there is nothing to verify';
    return { kind: 'refused', reason };
  }
  const checked = checkUrl(url);
  if (!checked.ok) return { kind: 'refused', reason: checked.reason, path: 'url' };
  const change = webhook.pendingUrl === undefined ? restart(url, now) : challenge(url, now);
  return { kind: 'change', change };
}

function whyStatusRefused(webhook: Webhook, wanted: UpdateWebhookInput['status']): string | undefined {
  if (wanted === undefined || wanted === webhook.status) return undefined;
  const isVerified = webhook.verified && (webhook.status === 'active' || webhook.status === 'disabled');
  if (isVerified) return undefined;
  return wanted === 'active'
    ? `the webhook is ${webhook.status}; it becomes active by answering its challenge, which POST /v1/webhooks/${webhook.id}/verify sends again`
    : `the webhook is ${webhook.status} and receives nothing; delete it if it is not needed`;
}

function planDescription(description: string | null | undefined): PlannedChange {
  if (description === undefined) return NOTHING;
  return description === null ? { set: {}, remove: ['description'] } : setting({ description });
}

function planUrl(webhook: Webhook, url: string, now: number): PlannedChange {
  if (url === webhook.url) return webhook.pendingUrl === undefined ? NOTHING : WITHOUT_PENDING_URL;
  if (!webhook.verified) return restart(url, now);
  const startedAt = Date.parse(webhook.verification?.startedAt ?? '');
  const isFresh =
    webhook.pendingUrl === url &&
    webhook.verificationError === undefined &&
    now - startedAt < CHALLENGE_IS_FRESH_MS;
  return isFresh ? NOTHING : challenge(url, now);
}

/** An answer to the challenge of the pending URL has no effect from now on. */
const WITHOUT_PENDING_URL: PlannedChange = {
  set: {},
  remove: ['pendingUrl', 'verification', 'verificationError'],
};

/** The current URL stays in use until the new one has answered. */
function challenge(url: string, now: number): PlannedChange {
  const verification = newVerification(url, now);
  return { set: { pendingUrl: url, verification }, remove: ['verificationError'], verification };
}

/** No URL was ever verified: the new one replaces the one that never answered. */
function restart(url: string, now: number): PlannedChange {
  const verification = newVerification(url, now);
  return { set: { url, status: 'pending', verification }, remove: ['verificationError'], verification };
}

function setting(set: PlannedChange['set']): PlannedChange {
  return { set, remove: [] };
}
