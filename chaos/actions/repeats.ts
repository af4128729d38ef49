import { unmarshall } from '@aws-sdk/util-dynamodb';
import { parseAccountId, parseWebhookId } from '../../lambdas/shared/domain/ids.ts';
import { webhookPartition } from '../../lambdas/shared/store/keys.ts';
import type { Json } from '../../local/aws-calls.ts';
import type { CloudAccess } from '../cloud-access.ts';
import type { History } from '../history.ts';
import { asAttributes } from '../observe-calls.ts';
import { sdkCommand } from '../sdk-command.ts';
import { type ApiClient, accountName } from './api-client.ts';
import type { RecoverAction, ResendAction, UserAction } from './user-action.ts';

/** Before the start of every run. */
const SINCE = '2020-01-01T00:00:00Z';

export interface RepeaterDependencies {
  readonly cloud: CloudAccess;
  readonly history: History;
  readonly call: ApiClient;
  /** The account and the id of a webhook that exists. */
  find(webhook: number): { readonly account: number; readonly id: string } | undefined;
}

type RepeatAction = ResendAction | RecoverAction | Extract<UserAction, { do: 'stop_recovery' }>;

/** Makes the requests that send deliveries again, and adds each with its answer to the history. */
export function createRepeater(deps: RepeaterDependencies): (action: RepeatAction) => Promise<void> {
  const { cloud, history, call } = deps;
  /** The recovery of each webhook that was started last. */
  const recoveries = new Map<number, string>();

  const request = async (action: RepeatAction, account: number, id: string) => {
    switch (action.do) {
      case 'resend': {
        const deliveryIds = await deliveriesOf(cloud, account, id);
        const deliveryId = deliveryIds[action.nth];
        if (deliveryId === undefined) return undefined;
        const route = 'POST /v1/webhooks/{webhook_id}/deliveries/{delivery_id}/resend';
        return call(account, route, { webhook_id: id, delivery_id: deliveryId });
      }
      case 'recover': {
        const status = action.status === 'both' ? {} : { status: [action.status] };
        return call(account, 'POST /v1/webhooks/{webhook_id}/recover', id, { since: SINCE, ...status });
      }
      case 'stop_recovery': {
        const recovery = recoveries.get(action.webhook);
        if (recovery === undefined) return undefined;
        return call(account, 'DELETE /v1/recoveries/{recovery_id}', { recovery_id: recovery });
      }
    }
  };

  return async (action) => {
    const found = deps.find(action.webhook);
    const answer = found && (await request(action, found.account, found.id));
    if (found === undefined || answer === undefined) return;
    const { status, body } = answer;
    const isAccepted = status === 202;
    if (action.do === 'recover' && isAccepted) recoveries.set(action.webhook, String(body.id));
    history.add({
      kind: 'acted',
      action: action.do,
      webhook: action.webhook,
      webhookId: found.id,
      ...(status === undefined ? {} : { status }),
      ...(body.detail === undefined ? {} : { detail: String(body.detail) }),
      ...(action.do === 'resend' && isAccepted ? { deliveryId: String(body.delivery_id) } : {}),
      ...(action.do === 'recover' && isAccepted ? { recoveryId: String(body.id) } : {}),
    });
  };
}

/** The ids of a webhook's recorded deliveries, the newest first. */
async function deliveriesOf(cloud: CloudAccess, account: number, id: string): Promise<string[]> {
  const accountId = parseAccountId(accountName(account));
  const webhookId = parseWebhookId(id);
  if (accountId === undefined || webhookId === undefined) return [];
  const query = sdkCommand('Query', {
    TableName: cloud.outputs.DeliveriesTableName,
    KeyConditionExpression: 'pk = :pk',
    ExpressionAttributeValues: { ':pk': { S: webhookPartition(accountId, webhookId) } },
    ScanIndexForward: false,
  });
  const { Items = [] } = await cloud.client('dynamodb').send(query);
  return Items.map((item: Json) => String(unmarshall(asAttributes(item)).sk).slice('DELIVERY#'.length));
}
