import type { DeliveryMessage } from '../shared/domain/delivery.ts';
import { parseWebhookId } from '../shared/domain/ids.ts';
import { SECRET_UNREADABLE, type Verification, type Webhook } from '../shared/domain/webhook.ts';
import { openLiveSecrets } from '../shared/secrets/live-secrets.ts';
import { listens, whyTooManyListen } from './account-limits.ts';
import type { CallDeps } from './calls/call.ts';
import { enqueueDelivery } from './first-delivery.ts';
import { laterThan } from './later-than.ts';
import { VERIFY_LIMIT } from './limits.ts';
import type { Planned, PlannedChange } from './plan-update.ts';
import { invalidRequest, problem, tooManyRequests, unavailable, webhookNotFound } from './problem.ts';
import type { Reply } from './reply.ts';
import type { ApiRequest } from './request.ts';
import { showWebhook } from './show-webhook.ts';
import { undoChange } from './undo-change.ts';
import { makeChallenge } from './verification.ts';

/** Another call, or a verification, changed the webhook in between: read it again and plan again. */
const MAX_TRIES = 5;

/** Plans a change of a webhook by its current state, and makes it on condition that the state is still the same. */
export async function changeWebhook(
  request: ApiRequest,
  deps: CallDeps,
  plan: (webhook: Webhook, now: number) => Planned,
  status: 200 | 202,
): Promise<Reply> {
  const webhookId = parseWebhookId(request.webhookId);
  if (webhookId === undefined) return webhookNotFound();
  let first: Webhook | undefined;
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const webhook = await deps.webhooks.get(request.accountId, webhookId);
    if (webhook === undefined) return webhookNotFound();
    first ??= webhook;
    const now = deps.clock.now();
    const planned = plan(webhook, now);
    if (planned.kind === 'refused') return refuse(planned);
    if (planned.kind === 'unchanged') return { status, body: showWebhook(webhook) };
    const made = await makeChange(webhook, planned.change, deps, { now, first });
    if (made.kind === 'reply') return made.reply;
    if (made.kind === 'made') return { status, body: showWebhook(made.webhook) };
  }
  return problem('conflict', 'the webhook was changed by others at the same time; read it and try again');
}

function refuse({ reason, path }: Extract<Planned, { kind: 'refused' }>): Reply {
  return path === undefined ? problem('conflict', reason) : invalidRequest([{ path, message: reason }]);
}

type Made =
  | { readonly kind: 'made'; readonly webhook: Webhook }
  | { readonly kind: 'reply'; readonly reply: Reply }
  | { readonly kind: 'conflict' };

/**
 * `first` is the webhook at the first try. In a later try it may subscribe to system events because of the write of the
 * try before, whose response was lost, and which was not counted.
 */
async function makeChange(
  before: Webhook,
  planned: PlannedChange,
  deps: CallDeps,
  { now, first }: { now: number; first: Webhook },
): Promise<Made> {
  const { accountId, id } = before;
  const { verification } = planned;
  const startsListening = !listens(first.events) && listens(planned.set.events ?? []);
  const isToBeAdded = startsListening && !listens(before.events);
  const refusal = isToBeAdded ? await whyTooManyListen(accountId, 1, deps) : undefined;
  if (refusal !== undefined) return { kind: 'reply', reply: refusal };
  const secrets = verification === undefined ? undefined : await prepareChallenge(before, deps, now);
  if (secrets !== undefined && !secrets.ok) return { kind: 'reply', reply: secrets.reply };

  const updated = await deps.webhooks.update(accountId, id, {
    set: { ...planned.set, updatedAt: laterThan(before, now) },
    remove: planned.remove,
    when: { updatedAt: before.updatedAt },
  });
  const after = updated === 'conflict' ? await findOwnChange(before, verification, deps) : updated;
  if (after === 'not_found') return { kind: 'reply', reply: webhookNotFound() };
  if (after === undefined) return { kind: 'conflict' };

  const overLimit = startsListening
    ? await undoOverLimit({ ...before, events: first.events }, after, deps)
    : undefined;
  if (overLimit !== undefined) return { kind: 'reply', reply: overLimit };
  if (verification === undefined || secrets === undefined) return { kind: 'made', webhook: after };
  const challenge = makeChallenge({
    webhook: after,
    verification,
    secrets: secrets.secrets,
    now,
    retryDelaysSeconds: deps.retryDelaysSeconds,
  });
  const unsent = await enqueueOrUndo(challenge, before, after, deps);
  return unsent === undefined ? { kind: 'made', webhook: after } : { kind: 'reply', reply: unsent };
}

/** Undoes the change when its challenge cannot be enqueued, and resolves to the refusal then. */
async function enqueueOrUndo(
  challenge: DeliveryMessage,
  before: Webhook,
  after: Webhook,
  deps: CallDeps,
): Promise<Reply | undefined> {
  const sent = await enqueueDelivery(deps.lanes, after, challenge);
  if (sent.ok) return undefined;
  const outcome = await undoChange(before, after, deps);
  const effect = outcome === 'undone' ? 'nothing was changed' : 'only "events" was changed';
  return unavailable(`the challenge could not be sent and ${effect}`);
}

/** Counts after the write, as several requests may have found the last place free at the same time. */
async function undoOverLimit(before: Webhook, after: Webhook, deps: CallDeps): Promise<Reply | undefined> {
  try {
    const refusal = await whyTooManyListen(before.accountId, 0, deps);
    if (refusal !== undefined) await undoChange(before, after, deps);
    return refusal;
  } catch (cause) {
    await undoChange(before, after, deps);
    throw cause;
  }
}

/** The SDK repeats a call whose response was lost. The repeated call then conflicts with the change of the first. */
async function findOwnChange(
  { accountId, id }: Webhook,
  verification: Verification | undefined,
  { webhooks }: CallDeps,
): Promise<Webhook | undefined> {
  if (verification === undefined) return undefined;
  const found = await webhooks.get(accountId, id);
  return found?.verification?.id === verification.id ? found : undefined;
}

type Prepared =
  | { readonly ok: true; readonly secrets: readonly string[] }
  | { readonly ok: false; readonly reply: Reply };

/** Checks everything that can prevent a challenge, before anything is changed. */
async function prepareChallenge(webhook: Webhook, deps: CallDeps, now: number): Promise<Prepared> {
  const taken = await deps.rateLimits.take(webhook.accountId, VERIFY_LIMIT, now);
  if (!taken.ok) {
    const reply = tooManyRequests('challenges were requested', VERIFY_LIMIT, taken.retryAfterSeconds);
    return { ok: false, reply };
  }
  const opened = await openLiveSecrets(webhook, deps.keyring.open, now);
  return opened.ok ? opened : { ok: false, reply: problem('conflict', SECRET_UNREADABLE) };
}
