import { BatchWriteItemCommand } from '@aws-sdk/client-dynamodb';
import { newWebhookId, parseAccountId } from '../../../lambdas/shared/domain/ids.ts';
import { inChunks } from '../../../lambdas/shared/runtime/chunks.ts';
import { createKeyring } from '../../../lambdas/shared/secrets/key-ring.ts';
import { encodeItem } from '../../../lambdas/shared/store/items.ts';
import { webhookItem } from '../../../lambdas/shared/store/webhook-item.ts';
import { ADMINISTRATOR } from '../../../local/aws-calls.ts';
import type { Cloud } from '../../../local/cloud.ts';
import { createInProcessClient } from '../../../local/in-process-client.ts';

/** Items of one BatchWriteItem. Quota of DynamoDB. */
const MAX_BATCH_ITEMS = 25;

/**
 * Writes an active webhook for each URL to the table, subscribed to all event types. This is faster than registering
 * hundreds of webhooks through the API.
 */
export async function plantWebhooks(
  cloud: Cloud,
  accountIdText: string,
  urls: readonly string[],
): Promise<void> {
  const accountId = parseAccountId(accountIdText);
  const tableName = cloud.outputs.WebhooksTableName;
  const kmsKeyId = cloud.findFunction('ServeApi').settings.environment.KMS_KEY_ID;
  if (accountId === undefined || tableName === undefined || kmsKeyId === undefined)
    throw new Error('the stack has no table or no key, or the account id is invalid');
  const dynamodb = createInProcessClient(cloud.calls, ADMINISTRATOR, 'dynamodb');
  const kms = createInProcessClient(cloud.calls, ADMINISTRATOR, 'kms');
  const keyring = createKeyring({ dynamodb, kms, tableName, kmsKeyId });
  const now = new Date().toISOString();
  const items = await Promise.all(
    urls.map(async (url) => {
      const id = newWebhookId(Date.parse(now));
      const secret = await keyring.seal('planted_webhook_secret', { accountId, webhookId: id }, now);
      return webhookItem({
        id,
        accountId,
        url,
        events: ['*'],
        status: 'active',
        verified: true,
        secrets: [secret],
        createdAt: now,
        updatedAt: now,
      });
    }),
  );
  for (const chunk of inChunks(items, MAX_BATCH_ITEMS)) {
    const puts = chunk.map((item) => ({ PutRequest: { Item: encodeItem(item) } }));
    await dynamodb.send(new BatchWriteItemCommand({ RequestItems: { [tableName]: puts } }));
  }
}
