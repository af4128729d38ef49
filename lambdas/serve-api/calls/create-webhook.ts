import { newWebhookId } from '../../shared/domain/ids.ts';
import type { Webhook } from '../../shared/domain/webhook.ts';
import { generateSecret } from '../../shared/signing/sign.ts';
import { whyOverLimit } from '../account-limits.ts';
import { enqueueDelivery } from '../first-delivery.ts';
import { CREATE_LIMIT } from '../limits.ts';
import { tooManyRequests, unavailable } from '../problem.ts';
import { readInput } from '../read-input.ts';
import type { Reply } from '../reply.ts';
import type { CreatedWebhookView } from '../schemas/responses.ts';
import { showWebhook } from '../show-webhook.ts';
import { makeChallenge, newVerification } from '../verification.ts';
import type { Call, CallDeps } from './call.ts';

/**
 * Registers a webhook and sends its challenge. This is the only response with the secret. A crash between storing the
 * webhook and responding leaves a pending webhook with an unknown secret: it is in the list, to be deleted.
 */
export const createWebhook: Call = async ({ accountId, body }, deps) => {
  const input = readInput(deps.schemas.createWebhook, body);
  if (!input.ok) return input.reply;

  const now = deps.clock.now();
  const taken = await deps.rateLimits.take(accountId, CREATE_LIMIT, now);
  if (!taken.ok) return tooManyRequests('webhooks were created', CREATE_LIMIT, taken.retryAfterSeconds);
  const { url, events, description, secret = generateSecret() } = input.value;

  const id = newWebhookId(now);
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
  const refusal = await store(webhook, deps);
  if (refusal !== undefined) return refusal;

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

/** Stores the webhook, and removes it where it is above a limit of the account or the limit cannot be checked. */
async function store(webhook: Webhook, deps: CallDeps): Promise<Reply | undefined> {
  const { accountId, id } = webhook;
  // The id is new, so an existing item with it is this webhook: the SDK repeats a call whose response was lost.
  await deps.webhooks.create(webhook);
  try {
    const refusal = await whyOverLimit(webhook, deps);
    if (refusal !== undefined) await deps.webhooks.remove(accountId, id);
    return refusal;
  } catch (cause) {
    await deps.webhooks.remove(accountId, id);
    throw cause;
  }
}
