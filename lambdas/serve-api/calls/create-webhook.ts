import * as z from 'zod/mini';
import type { Catalogue } from '../../shared/domain/catalogue.ts';
import { newWebhookId } from '../../shared/domain/ids.ts';
import { matchesSubscription } from '../../shared/domain/subscription.ts';
import { SECRET_UNREADABLE, type Webhook } from '../../shared/domain/webhook.ts';
import { sealHeaders } from '../../shared/secrets/custom-headers.ts';
import { openLiveSecrets } from '../../shared/secrets/live-secrets.ts';
import { generateSecret } from '../../shared/signing/sign.ts';
import { type CallDeps, defineCall } from '../call.ts';
import { CREATE_RATE_LIMIT } from '../limits.ts';
import type { CreatedWebhook, DryRun } from '../open-api/calls/create-webhook.ts';
import { problem, tooManyRequests, unavailable } from '../problem.ts';
import type { ApiResponse } from '../response.ts';
import { optional } from '../schemas/input-fields.ts';
import { refuseOverLimit } from '../webhooks/account-limits.ts';
import { makeChallenge, newVerification } from '../webhooks/challenge.ts';
import { enqueueDelivery } from '../webhooks/first-delivery.ts';
import { webhookAnswer } from '../webhooks/webhook-answer.ts';
import { toWebhookView } from '../webhooks/webhook-view.ts';

/**
 * Registers a webhook and sends its challenge. This is the only response with the secret. A crash between storing the
 * webhook and responding leaves a pending webhook with an unknown secret. The caller finds it in the list and can delete
 * it, or repeats the request: with an Idempotency-Key it finds the same webhook.
 */
export const createWebhook = defineCall({
  idempotent: true,
  input: ({ url, events, secret, description, headers, successStatus }) =>
    z.strictObject({
      url,
      events,
      secret: optional(secret),
      description: optional(description),
      success_status: optional(successStatus),
      headers: optional(headers),
      dry_run: optional(
        z.boolean().register(z.globalRegistry, {
          description: 'Check the input, and create nothing.',
          examples: [false],
        }),
      ),
    }),
  async handle({ accountId, input, startedAt, seed }, deps) {
    if (input.dry_run) return { status: 200, body: dryRunOf(input, deps.eventTypes) };
    const now = deps.clock.now();
    const taken = await deps.rateLimits.take(accountId, CREATE_RATE_LIMIT, now);
    if (!taken.ok)
      return tooManyRequests('webhooks were created', CREATE_RATE_LIMIT, taken.retryAfterSeconds);
    const { url, events, description, secret = generateSecret(), success_status: successStatus } = input;
    const { headers = [] } = input;

    const id = newWebhookId(startedAt, seed);
    const owner = { accountId, webhookId: id };
    const createdAt = new Date(now).toISOString();
    const webhook: Webhook = {
      id,
      accountId,
      url,
      events,
      status: 'pending',
      verified: false,
      verification: newVerification(url, now),
      secrets: [await deps.keyring.seal(secret, owner, createdAt)],
      createdAt,
      updatedAt: createdAt,
      ...(description === undefined ? {} : { description }),
      ...(successStatus === undefined ? {} : { successStatus }),
      ...(headers.length === 0
        ? {}
        : { customHeaders: await sealHeaders(headers, owner, createdAt, deps.keyring.seal) }),
    };
    const stored = await store(webhook, deps);
    if (!stored.ok) return stored.refusal;
    const isOwn = stored.webhook.secrets[0]?.sealed === webhook.secrets[0]?.sealed;

    const refusal = await sendChallenge(stored.webhook, isOwn ? [secret] : undefined, now, deps);
    if (refusal !== undefined) return refusal;
    const answer = webhookAnswer(201, stored.webhook);
    const body: CreatedWebhook = {
      ...toWebhookView(stored.webhook),
      // Not the secret of an earlier request with the same Idempotency-Key: a secret is shown only once.
      ...(isOwn ? { secret } : {}),
    };
    return { ...answer, headers: { ...answer.headers, location: `/v1/webhooks/${id}` }, body };
  },
});

function dryRunOf(
  { url, events }: { readonly url: string; readonly events: readonly string[] },
  eventTypes: Catalogue,
): DryRun {
  const names = eventTypes.map(({ name }) => name);
  return {
    url,
    events: events.map((pattern) => ({
      pattern,
      event_types: names.filter((name) => matchesSubscription(pattern, name)),
    })),
  };
}

type Stored =
  | { readonly ok: true; readonly webhook: Webhook }
  | { readonly ok: false; readonly refusal: ApiResponse };

/**
 * Stores the webhook, and resolves to the stored one. Removes it again when a limit of the account is exceeded or cannot
 * be checked.
 *
 * A webhook with its id exists when the SDK repeated the call, and when an earlier request with the same Idempotency-Key
 * crashed. It is kept as it is.
 */
async function store(webhook: Webhook, deps: CallDeps): Promise<Stored> {
  const { accountId, id } = webhook;
  const created = await deps.webhooks.create(webhook);
  const existing = created === 'exists' ? await deps.webhooks.get(accountId, id) : undefined;
  try {
    const refusal = await refuseOverLimit(webhook, deps);
    if (refusal === undefined) return { ok: true, webhook: existing ?? webhook };
    await deps.webhooks.remove(accountId, id);
    return { ok: false, refusal };
  } catch (cause) {
    await deps.webhooks.remove(accountId, id);
    throw cause;
  }
}

/**
 * Sends the challenge, unless it was answered before. Resolves to the refusal when it cannot be sent; then no webhook
 * exists. Undefined `secrets`: those of the webhook are opened.
 */
async function sendChallenge(
  webhook: Webhook,
  secrets: readonly string[] | undefined,
  now: number,
  deps: CallDeps,
): Promise<ApiResponse | undefined> {
  const { accountId, id, verification } = webhook;
  if (verification === undefined) return undefined;
  const opened =
    secrets === undefined
      ? await openLiveSecrets(webhook, deps.keyring.open, now)
      : { ok: true as const, secrets };
  if (!opened.ok) return problem('conflict', SECRET_UNREADABLE);
  const challenge = makeChallenge({
    webhook,
    verification,
    secrets: opened.secrets,
    now,
    retryDelaysSeconds: deps.retryDelaysSeconds,
  });
  const sent = await enqueueDelivery(deps, webhook, challenge);
  if (sent.ok) return undefined;
  await deps.webhooks.remove(accountId, id);
  return unavailable('the challenge could not be sent and no webhook was created');
}
