import { parseWebhookId } from '../../shared/domain/ids.ts';
import { webhookNotFound } from '../problem.ts';
import type { Call } from './call.ts';

/** Deliveries that are still queued end as `canceled`; first attempts younger than 2 s may still be sent. */
export const deleteWebhook: Call = async (request, { webhooks }) => {
  const webhookId = parseWebhookId(request.webhookId);
  const removed = webhookId !== undefined && (await webhooks.remove(request.accountId, webhookId));
  return removed ? { status: 204 } : webhookNotFound();
};
