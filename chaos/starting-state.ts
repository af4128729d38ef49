import { marshall } from '@aws-sdk/util-dynamodb';
import { parseAccountId, parseWebhookId } from '../lambdas/shared/domain/ids.ts';
import type { Webhook } from '../lambdas/shared/domain/webhook.ts';
import { createApiKeyStore } from '../lambdas/shared/store/api-keys.ts';
import { webhookItem } from '../lambdas/shared/store/webhook-item.ts';
import type { Json } from '../local/aws-calls.ts';
import { accountName } from './api-client.ts';
import { command } from './commands.ts';
import { crowdUrl, urlOf } from './customers.ts';
import { breakItem } from './damage.ts';
import type { Playground } from './playground.ts';
import { ACCOUNTS, CUSTOMER_REQUESTS, type Scenario } from './scenario.ts';
import { type Secrets, secretOf } from './secrets.ts';
import { START } from './virtual-time.ts';

/** DynamoDB quota: items of one BatchWriteItem. */
const MAX_BATCH_ITEMS = 25;
const CREATED_AT = new Date(START - 86_400_000).toISOString();
const API_REQUESTS: ReadonlySet<string> = new Set(CUSTOMER_REQUESTS);

/** Puts the scenario's webhooks into the table, except those that their customers create. */
export async function addWebhooks(
  scenario: Scenario,
  playground: Playground,
  secrets: Secrets,
): Promise<void> {
  const items: Json[] = [...secrets.items];
  const add = async (
    id: string,
    account: number,
    url: string,
    change: Partial<Webhook> = {},
    sealedFor = id,
  ): Promise<void> => {
    const accountId = known(parseAccountId(accountName(account)));
    const item = webhookItem({
      id: known(parseWebhookId(id)),
      accountId,
      url: playground.addressOf(url),
      events: ['*'],
      status: 'active',
      verified: true,
      secrets: [
        await secrets.seal(
          secretOf(url),
          { accountId, webhookId: known(parseWebhookId(sealedFor)) },
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
    await add(id, spec.account, urlOf(index), change, spec.state === 'sealed_elsewhere' ? `${id}_other` : id);
  }
  for (let member = 0; member < scenario.crowd; member++) {
    await add(`wh_c${member}`, 0, crowdUrl(member));
  }
  for (let start = 0; start < items.length; start += MAX_BATCH_ITEMS) {
    const puts = items.slice(start, start + MAX_BATCH_ITEMS).map((Item) => ({ PutRequest: { Item } }));
    const RequestItems = { [playground.outputs.WebhooksTableName ?? '']: puts };
    await playground.client('dynamodb').send(command('BatchWriteItem', { RequestItems }));
  }
  for (const [index, { state, account }] of scenario.webhooks.entries()) {
    if (state === 'unreadable') await breakItem(playground, account, webhookIdOf(index));
  }
}

/** The id of a webhook that is in the table from the start. */
export function webhookIdOf(index: number): string {
  return `wh_${index}`;
}

/** One for each account, where the scenario has calls of the API. */
export async function createApiKeys(scenario: Scenario, playground: Playground): Promise<string[]> {
  const needsApi =
    scenario.webhooks.some(({ state }) => state === 'pending') ||
    scenario.actions.some((action) => API_REQUESTS.has(action.do));
  if (!needsApi) return [];
  const tableName = playground.outputs.WebhooksTableName ?? '';
  const apiKeys = createApiKeyStore({ dynamodb: playground.client('dynamodb'), tableName });
  const keys: string[] = [];
  for (let account = 0; account < ACCOUNTS; account++) {
    const { key } = await apiKeys.create(known(parseAccountId(accountName(account))), 'chaos', START);
    keys.push(key);
  }
  return keys;
}

function known<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('a scenario made an invalid id');
  return value;
}
