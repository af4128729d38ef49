import { parseWebhookId } from '../../shared/domain/ids.ts';
import { defineCallWithoutInput } from '../call.ts';
import { webhookNotFound } from '../problem.ts';
import { WEBHOOK_RESPONSE } from '../schemas/webhook.ts';
import { toWebhookView } from '../webhooks/webhook-view.ts';

export const getWebhook = defineCallWithoutInput({
  description: {
    summary: 'Get a webhook',
    description: 'Returns its current state.',
    success: { status: 200, description: 'The webhook.', output: WEBHOOK_RESPONSE },
    problems: ['not-found'],
  },
  async handle({ accountId, path }, { webhooks }) {
    const webhookId = parseWebhookId(path.webhook_id);
    const webhook = webhookId && (await webhooks.get(accountId, webhookId));
    return webhook === undefined ? webhookNotFound() : { status: 200, body: toWebhookView(webhook) };
  },
});
