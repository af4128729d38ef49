import type { SealedHeaders, SuccessStatus, Verification, Webhook } from '../../shared/domain/webhook.ts';
import { HEALTH_FIELDS, type WebhookChange } from '../../shared/store/webhooks.ts';
import type { CheckUrl } from '../schemas/input-fields.ts';
import { newVerification } from './challenge.ts';

/**
 * The fields that a caller changes. An undefined field is not changed. A description, a rule of success and
 * headers that are null are removed.
 */
export interface WebhookUpdate {
  readonly url?: string | undefined;
  readonly events?: readonly string[] | undefined;
  readonly description?: string | null | undefined;
  readonly status?: 'active' | 'disabled' | undefined;
  readonly successStatus?: SuccessStatus | null | undefined;
  /** They replace all headers that the webhook has. */
  readonly customHeaders?: SealedHeaders | null | undefined;
}

/** A change of a webhook, and the verification that it starts. */
export interface PlannedChange {
  readonly set: NonNullable<WebhookChange['set']>;
  readonly remove: NonNullable<WebhookChange['remove']>;
  readonly verification?: Verification;
}

export type Plan =
  | { readonly kind: 'change'; readonly change: PlannedChange }
  | { readonly kind: 'unchanged' }
  /** With `path` the input is not valid. Without it the state of the webhook does not allow the change. */
  | { readonly kind: 'refused'; readonly reason: string; readonly path?: 'url' };

/**
 * A repeated request within this time sends no second challenge. A later one sends another challenge: the first may
 * never have been sent, if this function crashed before sending it.
 */
const NO_SECOND_CHALLENGE_FOR_MS = 60_000;

const NO_CHANGE: PlannedChange = { set: {}, remove: [] };

/** The change that an update makes in the webhook's current state. `now` is ms since 1970. */
export function planUpdate(webhook: Webhook, update: WebhookUpdate, now: number): Plan {
  const reason = whyStatusRefused(webhook, update.status);
  if (reason !== undefined) return { kind: 'refused', reason };
  const status =
    update.status === undefined || update.status === webhook.status ? NO_CHANGE : planStatus(update.status);
  const events = update.events === undefined ? NO_CHANGE : changeOf({ events: update.events });
  const description = planOptional('description', update.description);
  const successStatus = planOptional('successStatus', update.successStatus);
  const customHeaders = planOptional('customHeaders', update.customHeaders);
  const url = update.url === undefined ? NO_CHANGE : planUrl(webhook, update.url, now);
  const change: PlannedChange = {
    ...url,
    set: {
      ...status.set,
      ...events.set,
      ...description.set,
      ...successStatus.set,
      ...customHeaders.set,
      ...url.set,
    },
    remove: [
      ...status.remove,
      ...description.remove,
      ...successStatus.remove,
      ...customHeaders.remove,
      ...url.remove,
    ],
  };
  const isEmpty = Object.keys(change.set).length + change.remove.length === 0;
  return isEmpty ? { kind: 'unchanged' } : { kind: 'change', change };
}

/** Starts a new verification of the URL that is not verified. `checkUrl` is applied since the rules may have changed. */
export function planVerification(webhook: Webhook, now: number, checkUrl: CheckUrl): Plan {
  const url = webhook.pendingUrl ?? (webhook.verified ? undefined : webhook.url);
  if (url === undefined) {
    const reason = 'the URL is verified and there is no pending one; there is nothing to verify';
    return { kind: 'refused', reason };
  }
  const checked = checkUrl(url);
  if (!checked.ok) return { kind: 'refused', reason: checked.reason, path: 'url' };
  const change = webhook.pendingUrl === undefined ? replaceUrl(url, now) : proposeUrl(url, now);
  return { kind: 'change', change };
}

function whyStatusRefused(webhook: Webhook, requested: WebhookUpdate['status']): string | undefined {
  if (requested === undefined || requested === webhook.status) return undefined;
  const isVerified = webhook.verified && (webhook.status === 'active' || webhook.status === 'disabled');
  if (isVerified) return undefined;
  return requested === 'active'
    ? `the webhook is ${webhook.status}; it becomes active by answering its challenge, which POST /v1/webhooks/${webhook.id}/verify sends again`
    : `the webhook is ${webhook.status} and receives nothing; delete it if it is not needed`;
}

/** Enabling starts over: earlier failures no longer count. */
function planStatus(status: 'active' | 'disabled'): PlannedChange {
  return { set: { status }, remove: status === 'active' ? HEALTH_FIELDS : [] };
}

function planOptional<Field extends 'description' | 'successStatus' | 'customHeaders'>(
  field: Field,
  value: Webhook[Field] | null,
): PlannedChange {
  if (value === undefined) return NO_CHANGE;
  return value === null ? { set: {}, remove: [field] } : changeOf({ [field]: value });
}

function planUrl(webhook: Webhook, url: string, now: number): PlannedChange {
  if (url === webhook.url) return webhook.pendingUrl === undefined ? NO_CHANGE : REMOVE_PENDING_URL;
  if (!webhook.verified) return replaceUrl(url, now);
  const startedAt = Date.parse(webhook.verification?.startedAt ?? '');
  const isRepeated =
    webhook.pendingUrl === url &&
    webhook.verificationError === undefined &&
    now - startedAt < NO_SECOND_CHALLENGE_FOR_MS;
  return isRepeated ? NO_CHANGE : proposeUrl(url, now);
}

/** Without the verification, an answer to the challenge of the pending URL has no effect. */
const REMOVE_PENDING_URL: PlannedChange = {
  set: {},
  remove: ['pendingUrl', 'verification', 'verificationError'],
};

/** The current URL stays in use until the new one has answered its challenge. */
function proposeUrl(url: string, now: number): PlannedChange {
  const verification = newVerification(url, now);
  return { set: { pendingUrl: url, verification }, remove: ['verificationError'], verification };
}

/** For a webhook that was never verified: no URL is in use, so the new one replaces it at once. */
function replaceUrl(url: string, now: number): PlannedChange {
  const verification = newVerification(url, now);
  return { set: { url, status: 'pending', verification }, remove: ['verificationError'], verification };
}

function changeOf(set: PlannedChange['set']): PlannedChange {
  return { set, remove: [] };
}
