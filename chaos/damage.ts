import type { Stack } from '../local/assembly/stack.ts';
import type { Json } from '../local/calls.ts';
import { accountName } from './api-client.ts';
import type { VirtualCloud } from './cloud.ts';
import { command } from './commands.ts';

/** Past every store, as an accident would: the item stays, but is no whole webhook any more. */
export async function breakItem(
  cloud: VirtualCloud,
  stack: Stack,
  account: number,
  id: string,
): Promise<void> {
  await updateRaw(cloud, stack, account, id, 'SET #events = :value', { '#events': 'events' }, { N: '1' });
}

/** The secret is there, but does not open. */
export async function breakSecret(
  cloud: VirtualCloud,
  stack: Stack,
  account: number,
  id: string,
): Promise<void> {
  const names = { '#secrets': 'secrets', '#sealed': 'sealed' };
  const garbage = Buffer.alloc(48).toString('base64');
  await updateRaw(cloud, stack, account, id, 'SET #secrets[0].#sealed = :value', names, { S: garbage });
}

async function updateRaw(
  cloud: VirtualCloud,
  stack: Stack,
  account: number,
  id: string,
  UpdateExpression: string,
  names: Record<string, string>,
  value: Json,
): Promise<void> {
  const update = command('UpdateItem', {
    TableName: stack.outputs.WebhooksTableName,
    Key: { pk: { S: `ACCOUNT#${accountName(account)}` }, sk: { S: `WEBHOOK#${id}` } },
    UpdateExpression,
    ConditionExpression: 'attribute_exists(pk)',
    ExpressionAttributeNames: names,
    ExpressionAttributeValues: { ':value': value },
  });
  // It may be gone by now.
  await cloud
    .client('dynamodb')
    .send(update)
    .catch(() => undefined);
}
