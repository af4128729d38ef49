import { marshall } from '@aws-sdk/util-dynamodb';
import { CANARY_ACCOUNT, CANARY_TYPE } from '../lambdas/shared/domain/canary.ts';
import {
  type AccountId,
  parseAccountId,
  parseListenerId,
  parseWebhookId,
} from '../lambdas/shared/domain/ids.ts';
import type { Listener } from '../lambdas/shared/domain/listener.ts';
import type { Webhook } from '../lambdas/shared/domain/webhook.ts';
import { createApiKeyStore } from '../lambdas/shared/store/api-keys.ts';
import { listenerItem } from '../lambdas/shared/store/listener-item.ts';
import { webhookItem } from '../lambdas/shared/store/webhook-item.ts';
import type { Json } from '../local/aws-calls.ts';
import { accountName } from './actions/api-client.ts';
import { corruptWebhook } from './actions/corrupt-webhook.ts';
import { API_REQUESTS, OTHER_CALLS } from './actions/user-action.ts';
import type { CloudAccess } from './cloud-access.ts';
import { extraWebhookUrl, urlOf } from './endpoints.ts';
import { ACCOUNTS, type Scenario } from './scenario.ts';
import { sdkCommand } from './sdk-command.ts';
import { type Secrets, secretOf } from './secrets.ts';
import { START } from './simulation/virtual-time.ts';

/** DynamoDB quota: items of one BatchWriteItem. */
const MAX_BATCH_ITEMS = 25;
const CREATED_AT = new Date(START - 86_400_000).toISOString();
const NEEDING_API_KEY: ReadonlySet<string> = new Set([...API_REQUESTS, ...OTHER_CALLS]);

/** Writes the scenario's webhooks, its listener and the canary's webhook to the table, except webhooks that customers create. */
export async function addWebhooks(scenario: Scenario, cloud: CloudAccess, secrets: Secrets): Promise<void> {
  const items: Json[] = [...secrets.items];
  const add = async (
    id: string,
    accountId: AccountId,
    url: string,
    change: Partial<Webhook> = {},
    sealedFor = id,
  ): Promise<void> => {
    const item = webhookItem({
      id: defined(parseWebhookId(id)),
      accountId,
      url: cloud.addressOf(url),
      events: ['*'],
      status: 'active',
      verified: true,
      secrets: [
        await secrets.seal(
          secretOf(url),
          { accountId, webhookId: defined(parseWebhookId(sealedFor)) },
          CREATED_AT,
        ),
      ],
      createdAt: CREATED_AT,
      updatedAt: CREATED_AT,
      ...change,
    });
    items.push(marshall(item, { removeUndefinedValues: true }));
  };

  for (const [index, spec] of scenario.webhooks.entries()) {
    if (spec.state === 'pending') continue;
    const id = webhookIdOf(index);
    const change: Partial<Webhook> = {
      events: spec.events.split(','),
      status: spec.state === 'disabled' ? 'disabled' : 'active',
      ...(spec.markedSlow ? { slowSince: CREATED_AT } : {}),
    };
    await add(
      id,
      accountIdOf(spec.account),
      urlOf(index),
      change,
      spec.state === 'sealed_elsewhere' ? `${id}_other` : id,
    );
  }
  for (let member = 0; member < scenario.extraWebhooks; member++) {
    await add(`wh_c${member}`, accountIdOf(0), extraWebhookUrl(member));
  }
  const { CanaryUrl: canaryUrl } = cloud.outputs;
  if (canaryUrl !== undefined) await add('wh_canary', CANARY_ACCOUNT, canaryUrl, { events: [CANARY_TYPE] });
  if (scenario.listens) items.push(marshall(listenerItem(listener()), { removeUndefinedValues: true }));
  for (let start = 0; start < items.length; start += MAX_BATCH_ITEMS) {
    const puts = items.slice(start, start + MAX_BATCH_ITEMS).map((Item) => ({ PutRequest: { Item } }));
    const RequestItems = { [cloud.outputs.WebhooksTableName ?? '']: puts };
    await cloud.client('dynamodb').send(sdkCommand('BatchWriteItem', { RequestItems }));
  }
  for (const [index, { state, account }] of scenario.webhooks.entries()) {
    if (state === 'unreadable') await corruptWebhook(cloud, 'break_item', account, webhookIdOf(index));
  }
}

/** A listener that does not expire before the run ends. It is never polled, so its secret is not used. */
function listener(): Listener {
  return {
    id: defined(parseListenerId('lsn_chaos')),
    accountId: accountIdOf(0),
    events: ['*'],
    secret: { dataKey: 1, sealed: 'unused', createdAt: CREATED_AT },
    createdAt: START,
    polledAt: START + 10 * 365 * 86_400_000,
  };
}

/** The id of a webhook that exists from the start. */
export function webhookIdOf(index: number): string {
  return `wh_${index}`;
}

/** Creates one key for each account, if the scenario calls the API. */
export async function createApiKeys(scenario: Scenario, cloud: CloudAccess): Promise<string[]> {
  const needsApi =
    scenario.webhooks.some(({ state }) => state === 'pending') ||
    scenario.actions.some((action) => NEEDING_API_KEY.has(action.do));
  if (!needsApi) return [];
  const tableName = cloud.outputs.WebhooksTableName ?? '';
  const apiKeys = createApiKeyStore({ dynamodb: cloud.client('dynamodb'), tableName });
  const keys: string[] = [];
  for (let account = 0; account < ACCOUNTS; account++) {
    const { key } = await apiKeys.create(accountIdOf(account), 'chaos', START);
    keys.push(key);
  }
  return keys;
}

function accountIdOf(account: number): AccountId {
  return defined(parseAccountId(accountName(account)));
}

function defined<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('the scenario has an invalid id');
  return value;
}
