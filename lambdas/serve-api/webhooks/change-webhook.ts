import type { DeliveryMessage } from '../../shared/domain/delivery.ts';
import { parseWebhookId } from '../../shared/domain/ids.ts';
import { SECRET_UNREADABLE, type Webhook } from '../../shared/domain/webhook.ts';
import { openLiveSecrets } from '../../shared/secrets/live-secrets.ts';
import type { CallDeps, CallRequest } from '../call.ts';
import { VERIFY_RATE_LIMIT } from '../limits.ts';
import { util } from '../node-util.ts';
import { passesIfMatch } from '../preconditions.ts';
import {
  invalidRequest,
  preconditionFailed,
  problem,
  tooManyRequests,
  unavailable,
  webhookNotFound,
} from '../problem.ts';
import type { ApiResponse } from '../response.ts';
import { refuseTooManySystemEventWebhooks, subscribesToSystemEvents } from './account-limits.ts';
import { makeChallenge } from './challenge.ts';
import { enqueueDelivery } from './first-delivery.ts';
import { nextUpdatedAt } from './next-updated-at.ts';
import type { Plan, PlannedChange } from './plan-change.ts';
import { renewSealed } from './renew-sealed.ts';
import { undoChange } from './undo-change.ts';
import { etagOf, webhookAnswer } from './webhook-answer.ts';

/** A further try is made only when another call, or a verification, changed the webhook between the read and the write. */
const MAX_TRIES = 5;

export type MakePlan = (webhook: Webhook, now: number) => Plan;

/**
 * Plans a change by the webhook's current state, and writes it on condition that the state is still the same. Reads
 * the webhook and plans again when it is not. `If-Match` is compared with the state that each plan is made for. A mark of
 * the sender changes neither the condition nor the ETag.
 */
export async function changeWebhook(
  request: Pick<CallRequest<unknown>, 'accountId' | 'path' | 'headers'>,
  deps: CallDeps,
  makePlan: MakePlan,
  successStatus: 200 | 202,
): Promise<ApiResponse> {
  const webhookId = parseWebhookId(request.path.webhook_id);
  if (webhookId === undefined) return webhookNotFound();
  let first: Webhook | undefined;
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const webhook = await deps.webhooks.get(request.accountId, webhookId);
    if (webhook === undefined) return webhookNotFound();
    // Compared before every write: the condition of the write is the state that is compared here.
    if (!passesIfMatch(request.headers, etagOf(webhook))) return preconditionFailed();
    first ??= webhook;
    const now = deps.clock.now();
    const plan = makePlan(webhook, now);
    if (plan.kind === 'refused') return toRefusal(plan);
    if (plan.kind === 'unchanged') return webhookAnswer(successStatus, webhook);
    const result = await makeChange(webhook, plan.change, deps, { now, first });
    if (result.kind === 'refused') return result.response;
    if (result.kind === 'changed') return webhookAnswer(successStatus, result.webhook);
  }
  return problem('conflict', 'the webhook was changed by others at the same time; read it and try again');
}

/** Adds fields to the body of a success. */
export function withFields(response: ApiResponse, fields: object): ApiResponse {
  return response.status >= 400 ? response : { ...response, body: { ...Object(response.body), ...fields } };
}

function toRefusal({ reason, path }: Extract<Plan, { kind: 'refused' }>): ApiResponse {
  return path === undefined ? problem('conflict', reason) : invalidRequest([{ path, message: reason }]);
}

type ChangeResult =
  | { readonly kind: 'changed'; readonly webhook: Webhook }
  | { readonly kind: 'refused'; readonly response: ApiResponse }
  /** The webhook is not in the state of `before` any more. */
  | { readonly kind: 'conflict' };

/**
 * `first` is the webhook at the first try. In a later try the webhook may already subscribe to system events because of
 * the previous try: its write was made, its response was lost, and the limit was not checked.
 */
async function makeChange(
  before: Webhook,
  planned: PlannedChange,
  deps: CallDeps,
  { now, first }: { now: number; first: Webhook },
): Promise<ChangeResult> {
  const { accountId, id } = before;
  const { verification } = planned;
  const startsSystemEvents =
    !subscribesToSystemEvents(first.events) && subscribesToSystemEvents(planned.set.events ?? []);
  const isAdditional = startsSystemEvents && !subscribesToSystemEvents(before.events);
  const refusal = isAdditional ? await refuseTooManySystemEventWebhooks(accountId, 1, deps) : undefined;
  if (refusal !== undefined) return { kind: 'refused', response: refusal };
  const prepared = verification === undefined ? undefined : await prepareChallenge(before, deps, now);
  if (prepared !== undefined && !prepared.ok) return { kind: 'refused', response: prepared.response };

  const set = { ...planned.set, updatedAt: nextUpdatedAt(before, now) };
  const updated = await deps.webhooks.update(accountId, id, {
    set: { ...(await renewSealed(before, planned, deps, now)), ...set },
    remove: planned.remove,
    when: { updatedAt: before.updatedAt },
  });
  const after = updated === 'conflict' ? await findOwnChange(before, { ...planned, set }, deps) : updated;
  if (after === 'not_found') return { kind: 'refused', response: webhookNotFound() };
  if (after === undefined) return { kind: 'conflict' };

  const overLimit = startsSystemEvents
    ? await undoOverLimit({ ...before, events: first.events }, after, deps)
    : undefined;
  if (overLimit !== undefined) return { kind: 'refused', response: overLimit };
  if (verification === undefined || prepared === undefined) return { kind: 'changed', webhook: after };
  const challenge = makeChallenge({
    webhook: after,
    verification,
    secrets: prepared.secrets,
    now,
    retryDelaysSeconds: deps.retryDelaysSeconds,
  });
  const notSent = await enqueueOrUndo(challenge, before, after, deps);
  return notSent === undefined ? { kind: 'changed', webhook: after } : { kind: 'refused', response: notSent };
}

/** Undoes the change when its challenge cannot be enqueued. Resolves to the refusal in that case. */
async function enqueueOrUndo(
  challenge: DeliveryMessage,
  before: Webhook,
  after: Webhook,
  deps: CallDeps,
): Promise<ApiResponse | undefined> {
  const sent = await enqueueDelivery(deps, after, challenge);
  if (sent.ok) return undefined;
  const outcome = await undoChange(before, after, deps);
  const effect = outcome === 'undone' ? 'nothing was changed' : 'only "events" was changed';
  return unavailable(`the challenge could not be sent and ${effect}`);
}

/** Counts after the write, since several requests may have counted before any of them wrote. */
async function undoOverLimit(
  before: Webhook,
  after: Webhook,
  deps: CallDeps,
): Promise<ApiResponse | undefined> {
  try {
    const refusal = await refuseTooManySystemEventWebhooks(before.accountId, 0, deps);
    if (refusal !== undefined) await undoChange(before, after, deps);
    return refusal;
  } catch (cause) {
    await undoChange(before, after, deps);
    throw cause;
  }
}

/**
 * The SDK repeats a write whose response was lost. The repeated write then conflicts with the first one. The id of the
 * verification shows whether the first write was made. A change without one was made when the webhook has exactly what
 * it writes, its time included.
 */
async function findOwnChange(
  { accountId, id }: Webhook,
  { set, remove, verification }: PlannedChange,
  { webhooks }: CallDeps,
): Promise<Webhook | undefined> {
  const found = await webhooks.get(accountId, id);
  if (found === undefined) return undefined;
  const isOwn =
    verification === undefined
      ? util.isDeepStrictEqual({ ...found, ...set }, found) &&
        remove.every((field) => found[field] === undefined)
      : found.verification?.id === verification.id;
  return isOwn ? found : undefined;
}

type Prepared =
  | { readonly ok: true; readonly secrets: readonly string[] }
  | { readonly ok: false; readonly response: ApiResponse };

/** Checks everything that can prevent a challenge, before anything is changed. */
async function prepareChallenge(webhook: Webhook, deps: CallDeps, now: number): Promise<Prepared> {
  const taken = await deps.rateLimits.take(webhook.accountId, VERIFY_RATE_LIMIT, now);
  if (!taken.ok) {
    const response = tooManyRequests('challenges were requested', VERIFY_RATE_LIMIT, taken.retryAfterSeconds);
    return { ok: false, response };
  }
  const opened = await openLiveSecrets(webhook, deps.keyring.open, now);
  return opened.ok ? opened : { ok: false, response: problem('conflict', SECRET_UNREADABLE) };
}
