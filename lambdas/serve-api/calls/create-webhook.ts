import * as z from 'zod';
import { newWebhookId } from '../../shared/domain/ids.ts';
import type { Webhook } from '../../shared/domain/webhook.ts';
import { sealHeaders } from '../../shared/secrets/custom-headers.ts';
import { generateSecret } from '../../shared/signing/sign.ts';
import { type CallDeps, defineCall } from '../call.ts';
import { CREATE_RATE_LIMIT } from '../limits.ts';
import { tooManyRequests, unavailable } from '../problem.ts';
import type { ApiResponse } from '../response.ts';
import { optional } from '../schemas/input-fields.ts';
import { webhookSchema } from '../schemas/webhook.ts';
import { refuseOverLimit } from '../webhooks/account-limits.ts';
import { makeChallenge, newVerification } from '../webhooks/challenge.ts';
import { enqueueDelivery } from '../webhooks/first-delivery.ts';
import { toWebhookView } from '../webhooks/webhook-view.ts';

const createdWebhookSchema = webhookSchema.extend({
  secret: z.string().meta({ description: 'No other response contains it.' }),
});

const CHALLENGE =
  'a POST with `{"type":"webhook.verification","data":{"challenge":"…"}}`, signed with the secret of the webhook. ' +
  'The endpoint must answer it with status 200 and `{"challenge":"…"}`, the same text';

/**
 * Registers a webhook and sends its challenge. This is the only response with the secret. A crash between storing the
 * webhook and responding leaves a pending webhook with an unknown secret. The caller finds it in the list and can delete it.
 */
export const createWebhook = defineCall({
  description: {
    summary: 'Create a webhook',
    description:
      `The webhook is \`pending\` until its URL answers a challenge: ${CHALLENGE}. The challenge is sent at once. An ` +
      'endpoint that verifies signatures must know the secret before: choose one and send it as `secret`, or configure ' +
      'the generated one from the response and then call POST /v1/webhooks/{webhook_id}/verify.',
    success: {
      status: 201,
      description: 'Created. Only this response contains the secret.',
      output: { name: 'CreatedWebhook', schema: createdWebhookSchema },
      headers: { Location: { description: 'Path of the webhook.', schema: { type: 'string' } } },
    },
    problems: ['webhook-limit-reached', 'too-many-requests'],
  },
  input: ({ url, events, secret, description, headers, successStatus }) =>
    z.strictObject({
      url,
      events,
      secret: optional(secret),
      description: optional(description),
      success_status: optional(successStatus),
      headers: optional(headers),
    }),
  async handle({ accountId, input }, deps) {
    const now = deps.clock.now();
    const taken = await deps.rateLimits.take(accountId, CREATE_RATE_LIMIT, now);
    if (!taken.ok)
      return tooManyRequests('webhooks were created', CREATE_RATE_LIMIT, taken.retryAfterSeconds);
    const { url, events, description, secret = generateSecret(), success_status: successStatus } = input;
    const { headers = [] } = input;

    const id = newWebhookId(now);
    const owner = { accountId, webhookId: id };
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
      secrets: [await deps.keyring.seal(secret, owner, createdAt)],
      createdAt,
      updatedAt: createdAt,
      ...(description === undefined ? {} : { description }),
      ...(successStatus === undefined ? {} : { successStatus }),
      ...(headers.length === 0
        ? {}
        : { customHeaders: await sealHeaders(headers, owner, createdAt, deps.keyring.seal) }),
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
    const body: z.output<typeof createdWebhookSchema> = { ...toWebhookView(webhook), secret };
    return { status: 201, headers: { location: `/v1/webhooks/${id}` }, body };
  },
});

/** Stores the webhook. Removes it again when a limit of the account is exceeded or cannot be checked. */
async function store(webhook: Webhook, deps: CallDeps): Promise<ApiResponse | undefined> {
  const { accountId, id } = webhook;
  // The id is new. An existing item with it is this webhook: the SDK repeats a call whose response was lost.
  await deps.webhooks.create(webhook);
  try {
    const refusal = await refuseOverLimit(webhook, deps);
    if (refusal !== undefined) await deps.webhooks.remove(accountId, id);
    return refusal;
  } catch (cause) {
    await deps.webhooks.remove(accountId, id);
    throw cause;
  }
}
