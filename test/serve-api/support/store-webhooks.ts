import { newWebhookId, type WebhookId } from '../../../lambdas/shared/domain/ids.ts';
import { NOW, webhook } from '../../support/builders.ts';
import type { Api, Caller } from './start-api.ts';

/** Stores webhooks of this account, the oldest first. */
export async function storeWebhooks(api: Api, caller: Caller, count: number): Promise<WebhookId[]> {
  const ids = Array.from({ length: count }, (_, ms) => newWebhookId(NOW + ms));
  await Promise.all(ids.map((id) => api.webhooks.create(webhook({ id, accountId: caller.account }))));
  return ids;
}
