import type { Json } from '../../local/aws-calls.ts';
import type { CloudAccess } from '../cloud-access.ts';
import { sdkCommand } from '../sdk-command.ts';
import { accountName } from './api-client.ts';
import type { Corruption } from './user-action.ts';

/**
 * Damages a webhook's item, as another program with access to the table could. Also raises the account's version,
 * because dispatchers would otherwise read the damaged item a few seconds later.
 * - `break_item`: the item still exists, but is not a valid webhook
 * - `break_secret`: the secret cannot be decrypted
 */
export async function corruptWebhook(
  cloud: CloudAccess,
  corruption: Corruption,
  account: number,
  id: string,
): Promise<void> {
  switch (corruption) {
    case 'break_item':
      return updateItem(cloud, account, id, 'SET #events = :value', { '#events': 'events' }, { N: '1' });
    case 'break_secret': {
      const names = { '#secrets': 'secrets', '#sealed': 'sealed' };
      const garbage = Buffer.alloc(48).toString('base64');
      return updateItem(cloud, account, id, 'SET #secrets[0].#sealed = :value', names, { S: garbage });
    }
  }
}

async function updateItem(
  cloud: CloudAccess,
  account: number,
  id: string,
  UpdateExpression: string,
  names: Record<string, string>,
  value: Json,
): Promise<void> {
  const update = sdkCommand('UpdateItem', {
    TableName: cloud.outputs.WebhooksTableName,
    Key: { pk: { S: `ACCOUNT#${accountName(account)}` }, sk: { S: `WEBHOOK#${id}` } },
    UpdateExpression,
    ConditionExpression: 'attribute_exists(pk)',
    ExpressionAttributeNames: names,
    ExpressionAttributeValues: { ':value': value },
  });
  // The webhook may have been deleted.
  await cloud
    .client('dynamodb')
    .send(update)
    .catch(() => undefined);
  const raise = sdkCommand('UpdateItem', {
    TableName: cloud.outputs.WebhooksTableName,
    Key: { pk: { S: `ACCOUNT#${accountName(account)}` }, sk: { S: 'VERSION' } },
    UpdateExpression: 'ADD #version :one',
    ExpressionAttributeNames: { '#version': 'version' },
    ExpressionAttributeValues: { ':one': { N: '1' } },
  });
  await cloud.client('dynamodb').send(raise);
}
