import { defineCallWithoutInput } from '../call.ts';
import { WEBHOOK_RESPONSE } from '../schemas/webhook.ts';
import { changeWebhook } from '../webhooks/change-webhook.ts';
import { planVerification } from '../webhooks/plan-change.ts';

export const verifyWebhook = defineCallWithoutInput({
  description: {
    summary: 'Send the challenge again',
    description:
      'Sends a new challenge to `pending_url`, or to a `url` that is not verified yet. From then on an answer to the ' +
      'previous challenge has no effect. 409 for a webhook with nothing to verify. A body is ignored.',
    success: { status: 202, description: 'The challenge is queued.', output: WEBHOOK_RESPONSE },
    etag: true,
    problems: ['invalid-request', 'not-found', 'conflict', 'too-many-requests'],
  },
  handle: (request, deps) =>
    changeWebhook(request, deps, (webhook, now) => planVerification(webhook, now, deps.checkUrl), 202),
});
