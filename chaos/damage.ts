import type { Json } from '../local/aws-calls.ts';
import { accountName } from './api-client.ts';
import { command } from './commands.ts';
import type { Playground } from './playground.ts';

/** Past every store, as an accident would: the item stays, but is no whole webhook any more. */
export async function breakItem(playground: Playground, account: number, id: string): Promise<void> {
  await updateRaw(playground, account, id, 'SET #events = :value', { '#events': 'events' }, { N: '1' });
}

/** The secret is there, but does not open. */
export async function breakSecret(playground: Playground, account: number, id: string): Promise<void> {
  const names = { '#secrets': 'secrets', '#sealed': 'sealed' };
  const garbage = Buffer.alloc(48).toString('base64');
  await updateRaw(playground, account, id, 'SET #secrets[0].#sealed = :value', names, { S: garbage });
}

async function updateRaw(
  playground: Playground,
  account: number,
  id: string,
  UpdateExpression: string,
  names: Record<string, string>,
  value: Json,
): Promise<void> {
  const update = command('UpdateItem', {
    TableName: playground.outputs.WebhooksTableName,
    Key: { pk: { S: `ACCOUNT#${accountName(account)}` }, sk: { S: `WEBHOOK#${id}` } },
    UpdateExpression,
    ConditionExpression: 'attribute_exists(pk)',
    ExpressionAttributeNames: names,
    ExpressionAttributeValues: { ':value': value },
  });
  // It may be gone by now.
  await playground
    .client('dynamodb')
    .send(update)
    .catch(() => undefined);
}
