import { parseAccountId, parseWebhookId } from '../lambdas/shared/domain/ids.ts';
import { factsOf, type History } from './history.ts';
import { listIn } from './json.ts';
import type { Secrets } from './secrets.ts';

/**
 * The text of every signing secret that the items of webhooks contained in a run, by its sealed form. Secrets that
 * cannot be decrypted for their webhook are left out.
 */
export async function openSecrets(
  { facts }: History,
  { open }: Pick<Secrets, 'open'>,
): Promise<ReadonlyMap<string, string>> {
  const texts = new Map<string, string>();
  for (const { webhookId: id, item } of factsOf(facts, 'webhook_written')) {
    const accountId = parseAccountId(String(item?.pk).replace(/^ACCOUNT#/, ''));
    const webhookId = parseWebhookId(id);
    if (accountId === undefined || webhookId === undefined) continue;
    for (const { data_key: dataKey, sealed, created_at: createdAt } of listIn(item?.secrets)) {
      if (texts.has(String(sealed))) continue;
      const secret = { dataKey: Number(dataKey), sealed: String(sealed), createdAt: String(createdAt) };
      const opened = await open(secret, { accountId, webhookId });
      if (opened.ok) texts.set(secret.sealed, opened.secret);
    }
  }
  return texts;
}
