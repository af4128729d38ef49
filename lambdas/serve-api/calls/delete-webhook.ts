import { parseWebhookId } from '../../shared/domain/ids.ts';
import { webhookNotFound } from '../problem.ts';
import type { Call } from './call.ts';

/** What is still queued for it ends as `canceled`; first attempts already on their way take up to 10 s. */
export const deleteWebhook: Call = async (request, { webhooks }) => {
  const webhookId = parseWebhookId(request.webhookId);
  const removed = webhookId !== undefined && (await webhooks.remove(request.accountId, webhookId));
  return removed ? { status: 204 } : webhookNotFound();
};
