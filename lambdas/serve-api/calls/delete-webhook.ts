import { parseWebhookId } from '../../shared/domain/ids.ts';
import { defineCallWithoutInput } from '../call.ts';
import { passesIfMatch } from '../preconditions.ts';
import { preconditionFailed, problem, webhookNotFound } from '../problem.ts';
import { etagOf } from '../webhooks/webhook-answer.ts';

/** A further try is made only when another call, or a verification, changed the webhook between the read and the write. */
const MAX_TRIES = 5;

export const deleteWebhook = defineCallWithoutInput({
  async handle({ accountId, path, headers }, { webhooks }) {
    const webhookId = parseWebhookId(path.webhook_id);
    if (webhookId === undefined) return webhookNotFound();
    if (headers['if-match'] === undefined) {
      return (await webhooks.remove(accountId, webhookId)) ? { status: 204 } : webhookNotFound();
    }
    for (let tries = 0; tries < MAX_TRIES; tries++) {
      const webhook = await webhooks.get(accountId, webhookId);
      if (webhook === undefined) return webhookNotFound();
      if (!passesIfMatch(headers, etagOf(webhook))) return preconditionFailed();
      if (await webhooks.remove(accountId, webhookId, webhook.updatedAt)) return { status: 204 };
    }
    return problem('conflict', 'the webhook was changed by others at the same time; read it and try again');
  },
});
