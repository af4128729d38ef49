import { parseWebhookId } from '../../shared/domain/ids.ts';
import { defineCallWithoutInput } from '../call.ts';
import { isKnownToCaller } from '../preconditions.ts';
import { webhookNotFound } from '../problem.ts';
import { WEBHOOK_RESPONSE } from '../schemas/webhook.ts';
import { etagOf, webhookAnswer } from '../webhooks/webhook-answer.ts';

export const getWebhook = defineCallWithoutInput({
  description: {
    summary: 'Get a webhook',
    description:
      'Returns its current state. With the ETag of an earlier answer in `If-None-Match`, the answer is 304 when nothing ' +
      'has changed except the marks of the service (`slow_since`, `exhausted_in_row`, `failing_since`, `warned_at`) and `updated_at`.',
    success: { status: 200, description: 'The webhook.', output: WEBHOOK_RESPONSE },
    etag: true,
    precondition: 'If-None-Match',
    problems: ['not-found'],
  },
  async handle({ accountId, path, headers }, { webhooks }) {
    const webhookId = parseWebhookId(path.webhook_id);
    const webhook = webhookId && (await webhooks.get(accountId, webhookId));
    if (webhook === undefined) return webhookNotFound();
    const etag = etagOf(webhook);
    return isKnownToCaller(headers, etag) ? { status: 304, headers: { etag } } : webhookAnswer(200, webhook);
  },
});
