import { parseWebhookId } from '../../shared/domain/ids.ts';
import { defineCallWithoutInput } from '../call.ts';
import { isKnownToCaller } from '../preconditions.ts';
import { webhookNotFound } from '../problem.ts';
import { etagOf, webhookAnswer } from '../webhooks/webhook-answer.ts';

export const getWebhook = defineCallWithoutInput({
  async handle({ accountId, path, headers }, { webhooks }) {
    const webhookId = parseWebhookId(path.webhook_id);
    const webhook = webhookId && (await webhooks.get(accountId, webhookId));
    if (webhook === undefined) return webhookNotFound();
    const etag = etagOf(webhook);
    return isKnownToCaller(headers, etag) ? { status: 304, headers: { etag } } : webhookAnswer(200, webhook);
  },
});
