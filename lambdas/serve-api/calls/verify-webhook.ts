import { defineCallWithoutInput } from '../call.ts';
import { WEBHOOK_WITH_HELD_RESPONSE } from '../schemas/webhook.ts';
import { changeWebhook, type MakePlan, withFields } from '../webhooks/change-webhook.ts';
import { countHeld } from '../webhooks/count-deliveries.ts';
import { planVerification } from '../webhooks/plan-change.ts';

export const verifyWebhook = defineCallWithoutInput({
  description: {
    summary: 'Send the challenge again',
    description:
      'Sends a new challenge to `pending_url`, or to a `url` that is not verified yet. From then on an answer to the ' +
      'previous challenge has no effect. 409 for a webhook with nothing to verify. A body is ignored.',
    success: { status: 202, description: 'The challenge is queued.', output: WEBHOOK_WITH_HELD_RESPONSE },
    etag: true,
    problems: ['invalid-request', 'not-found', 'conflict', 'too-many-requests'],
  },
  async handle(request, deps) {
    const held = await countHeld(request, deps);
    const makePlan: MakePlan = (webhook, now) => planVerification(webhook, now, deps.checkUrl);
    return withFields(await changeWebhook(request, deps, makePlan, 202), held);
  },
});
