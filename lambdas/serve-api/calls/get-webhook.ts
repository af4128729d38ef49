import { parseWebhookId } from '../../shared/domain/ids.ts';
import { webhookNotFound } from '../problem.ts';
import { showWebhook } from '../show-webhook.ts';
import type { Call } from './call.ts';

export const getWebhook: Call = async (request, { webhooks }) => {
  const webhookId = parseWebhookId(request.webhookId);
  const webhook = webhookId && (await webhooks.get(request.accountId, webhookId));
  return webhook === undefined ? webhookNotFound() : { status: 200, body: showWebhook(webhook) };
};
