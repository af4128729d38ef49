import { parseWebhookId } from '../../shared/domain/ids.ts';
import { defineCallWithoutInput } from '../call.ts';
import { webhookNotFound } from '../problem.ts';

export const deleteWebhook = defineCallWithoutInput({
  description: {
    summary: 'Delete a webhook',
    description:
      'Deliveries that are still queued for it end as `canceled`; first attempts of the last 2 seconds, and attempts ' +
      'in progress, may still arrive.',
    success: { status: 204, description: 'Deleted.' },
    problems: ['not-found'],
  },
  async handle({ accountId, path }, { webhooks }) {
    const webhookId = parseWebhookId(path.webhook_id);
    const removed = webhookId !== undefined && (await webhooks.remove(accountId, webhookId));
    return removed ? { status: 204 } : webhookNotFound();
  },
});
