import { CANARY_ACCOUNT } from '../../lambdas/shared/domain/canary.ts';
import type { Webhook } from '../../lambdas/shared/domain/webhook.ts';
import { createWebhookReads } from '../../lambdas/shared/store/webhook-reads.ts';
import { withDynamoDb } from '../shared/clients.ts';
import { requireOutput, type Target } from '../shared/target.ts';

/** The URL of the canary. Throws when the deployment has none. */
export function requireCanaryUrl({ outputs }: Target): string {
  const { CanaryUrl } = outputs;
  if (CanaryUrl !== undefined) return CanaryUrl;
  throw new Error(
    'this deployment has no canary; turn it on with "npx cdk deploy -c webhook-fanout:canary=true", or the prop canary: true',
  );
}

/** The webhooks of the canary's account. Reads the table alone, and creates no API key. */
export async function findCanaryWebhooks(target: Target): Promise<readonly Webhook[]> {
  const tableName = requireOutput(target, 'WebhooksTableName');
  const { webhooks } = await withDynamoDb(target, (dynamodb) =>
    createWebhookReads({ dynamodb, tableName }).list(CANARY_ACCOUNT),
  );
  return webhooks;
}

/** The webhook that receives the scheduled event, or undefined. */
export function receiverIn(webhooks: readonly Webhook[], url: string): Webhook | undefined {
  return webhooks.find((webhook) => webhook.status === 'active' && webhook.url === url);
}
