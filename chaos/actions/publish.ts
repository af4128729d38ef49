import type { CloudAccess } from '../cloud-access.ts';
import { sdkCommand } from '../sdk-command.ts';
import { accountName } from './api-client.ts';
import type { PublishAction } from './user-action.ts';

/** About 200 KB. */
const LONG_TEXT = 'a long story. '.repeat(15_000);

export function publish(cloud: CloudAccess, { account, event, type, body }: PublishAction): Promise<void> {
  return putEvent(cloud, account, type, {
    id: `evt_${event}`,
    data: { body, ...(body === 2 ? { text: LONG_TEXT } : {}) },
  });
}

/** An event of a type that is not in the catalogue. */
export function publishInvalid(cloud: CloudAccess, account: number): Promise<void> {
  return putEvent(cloud, account, 'unknown.type', { id: 'evt_invalid', data: {} });
}

async function putEvent(cloud: CloudAccess, account: number, type: string, detail: object): Promise<void> {
  const entry = {
    EventBusName: cloud.outputs.EventBusName,
    Source: 'shop',
    DetailType: type,
    Detail: JSON.stringify({ account_id: accountName(account), ...detail }),
  };
  await cloud.client('events').send(sdkCommand('PutEvents', { Entries: [entry] }));
}
