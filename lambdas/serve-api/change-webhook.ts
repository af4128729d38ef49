import { parseWebhookId } from '../shared/domain/ids.ts';
import { SECRET_UNREADABLE, type Verification, type Webhook } from '../shared/domain/webhook.ts';
import { openLiveSecrets } from '../shared/runtime/live-secrets.ts';
import type { CallDeps } from './calls/call.ts';
import { enqueueDelivery } from './first-delivery.ts';
import { VERIFY_LIMIT } from './limits.ts';
import type { Planned, PlannedChange } from './plan-update.ts';
import { invalidRequest, problem, tooManyRequests, unavailable, webhookNotFound } from './problem.ts';
import type { Reply } from './reply.ts';
import type { ApiRequest } from './request.ts';
import { showWebhook } from './show-webhook.ts';
import { makeChallenge } from './verification.ts';

/** Someone else, or a verification, changed the webhook meanwhile: read it again and plan anew. */
const MAX_TRIES = 5;

/** Plans a change of a webhook as it is and makes it, unless the webhook changed in between. */
export async function changeWebhook(
  request: ApiRequest,
  deps: CallDeps,
  plan: (webhook: Webhook, now: number) => Planned,
  status: 200 | 202,
): Promise<Reply> {
  const webhookId = parseWebhookId(request.webhookId);
  if (webhookId === undefined) return webhookNotFound();
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const webhook = await deps.webhooks.get(request.accountId, webhookId);
    if (webhook === undefined) return webhookNotFound();
    const now = deps.clock.now();
    const planned = plan(webhook, now);
    if (planned.kind === 'refused') return refuse(planned);
    if (planned.kind === 'unchanged') return { status, body: showWebhook(webhook) };
    const made = await makeChange(webhook, planned.change, deps, now);
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
  | { readonly kind: 'overtaken' };

async function makeChange(
  before: Webhook,
  planned: PlannedChange,
  deps: CallDeps,
  now: number,
): Promise<Made> {
  const { verification } = planned;
  const secrets = verification === undefined ? undefined : await prepareChallenge(before, deps, now);
  if (secrets !== undefined && !secrets.ok) return { kind: 'reply', reply: secrets.reply };

  // Always later than before, so that two changes within a millisecond see each other.
  const updatedAt = new Date(Math.max(now, Date.parse(before.updatedAt) + 1)).toISOString();
  const updated = await deps.webhooks.update(before.accountId, before.id, {
    set: { ...planned.set, updatedAt },
    remove: planned.remove,
    when: { updatedAt: before.updatedAt },
  });
  const after = updated === 'conflict' ? await findOwnChange(before, verification, deps) : updated;
  if (after === 'not_found') return { kind: 'reply', reply: webhookNotFound() };
  if (after === undefined) return { kind: 'overtaken' };
  if (verification === undefined || secrets === undefined) return { kind: 'made', webhook: after };

  const challenge = makeChallenge({
    webhook: after,
    verification,
    secrets: secrets.secrets,
    now,
    retryDelaysSeconds: deps.retryDelaysSeconds,
  });
  const sent = await enqueueDelivery(deps.lanes, after, challenge);
  if (sent.ok) return { kind: 'made', webhook: after };
  await undo(before, updatedAt, deps);
  return { kind: 'reply', reply: unavailable('the challenge could not be sent and nothing was changed') };
}

/** The SDK repeats a call whose answer it lost, and then finds the webhook changed by itself. */
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

/** All that can stand in a challenge's way, asked before anything is changed. */
async function prepareChallenge(webhook: Webhook, deps: CallDeps, now: number): Promise<Prepared> {
  const taken = await deps.rateLimits.take(webhook.accountId, VERIFY_LIMIT, now);
  if (!taken.ok) {
    const reply = tooManyRequests('challenges were asked for', VERIFY_LIMIT, taken.retryAfterSeconds);
    return { ok: false, reply };
  }
  const opened = await openLiveSecrets(webhook, deps.keyring.open, now);
  return opened.ok ? opened : { ok: false, reply: problem('conflict', SECRET_UNREADABLE) };
}

/** Puts everything back as it was, unless someone has changed the webhook since. */
async function undo(before: Webhook, madeAt: string, deps: CallDeps): Promise<void> {
  // Slowness is the sender's to say, and it says so at any time.
  const { id, accountId, createdAt, slowSince, ...set } = before;
  const optional = ['pendingUrl', 'description', 'verification', 'verificationError'] as const;
  const remove = optional.filter((field) => before[field] === undefined);
  await deps.webhooks.update(accountId, id, { set, remove, when: { updatedAt: madeAt } });
}
