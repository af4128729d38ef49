import { newWebhookId } from '../../shared/domain/ids.ts';
import type { Webhook } from '../../shared/domain/webhook.ts';
import { generateSecret } from '../../shared/wire/sign.ts';
import { enqueueDelivery } from '../first-delivery.ts';
import { CREATE_LIMIT, MAX_WEBHOOKS } from '../limits.ts';
import { whyNotListening } from '../listening.ts';
import { problem, tooManyRequests, unavailable } from '../problem.ts';
import { readInput } from '../read-input.ts';
import type { CreatedWebhookView } from '../schemas/responses.ts';
import { showWebhook } from '../show-webhook.ts';
import { makeChallenge, newVerification } from '../verification.ts';
import type { Call } from './call.ts';

/**
 * Registers a webhook and sends its challenge. The one answer that shows the secret. It takes a place before it
 * counts, and gives it back where that was one too many: requests at the same instant would else all find the last
 * free one. A crash half-way leaves a pending webhook whose secret nobody knows: it is in the list, to be
 * deleted.
 */
export const createWebhook: Call = async ({ accountId, body }, deps) => {
  const input = readInput(deps.schemas.createWebhook, body);
  if (!input.ok) return input.reply;

  const now = deps.clock.now();
  const taken = await deps.rateLimits.take(accountId, CREATE_LIMIT, now);
  if (!taken.ok) return tooManyRequests('webhooks were created', CREATE_LIMIT, taken.retryAfterSeconds);
  const { url, events, description, secret = generateSecret() } = input.value;
  const refusal = await whyNotListening(accountId, events, deps);
  if (refusal !== undefined) return refusal;

  const id = newWebhookId();
  const createdAt = new Date(now).toISOString();
  const verification = newVerification(url, now);
  const webhook: Webhook = {
    id,
    accountId,
    url,
    events,
    status: 'pending',
    verified: false,
    verification,
    secrets: [await deps.keyring.seal(secret, { accountId, webhookId: id }, createdAt)],
    createdAt,
    updatedAt: createdAt,
    ...(description === undefined ? {} : { description }),
  };
  // An id of 120 random bits that is there already is this very webhook: the SDK repeats a call whose answer it lost.
  await deps.webhooks.create(webhook);
  if ((await deps.webhooks.count(accountId)) > MAX_WEBHOOKS) {
    await deps.webhooks.remove(accountId, id);
    const detail = `an account has at most ${MAX_WEBHOOKS} webhooks; delete one that is not used`;
    return problem('webhook-limit-reached', detail);
  }

  const challenge = makeChallenge({
    webhook,
    verification,
    secrets: [secret],
    now,
    retryDelaysSeconds: deps.retryDelaysSeconds,
  });
  const sent = await enqueueDelivery(deps.lanes, webhook, challenge);
  if (!sent.ok) {
    await deps.webhooks.remove(accountId, id);
    return unavailable('the challenge could not be sent and no webhook was created');
  }
  return {
    status: 201,
    headers: { location: `/v1/webhooks/${id}` },
    body: { ...showWebhook(webhook), secret } satisfies CreatedWebhookView,
  };
};
