import { defineCallWithoutInput } from '../call.ts';
import { changeWebhook, type MakePlan, withFields } from '../webhooks/change-webhook.ts';
import { countHeld } from '../webhooks/count-deliveries.ts';
import { planVerification } from '../webhooks/plan-change.ts';

export const verifyWebhook = defineCallWithoutInput({
  async handle(request, deps) {
    const held = await countHeld(request, deps);
    const makePlan: MakePlan = (webhook, now) => planVerification(webhook, now, deps.checkUrl);
    return withFields(await changeWebhook(request, deps, makePlan, 202), held);
  },
});
