import { ScanCommand, type ScanCommandOutput } from '@aws-sdk/client-dynamodb';
import { type AccountId, parseAccountId, parseWebhookId, type WebhookId } from '../domain/ids.ts';
import type { Table } from './client.ts';
import { allOf, beginsWith, readExpressions } from './expressions.ts';
import { PARTITION_KEY, SORT_KEY } from './iam-attributes.ts';
import { decodeItem, encodeItem, type Item } from './items.ts';
import { ACCOUNT_PARTITIONS, parseWebhookKey, WEBHOOK_SORT_KEYS, webhookKey } from './keys.ts';

/** How many webhooks of an account are in each state. */
export interface AccountSummary {
  readonly accountId: AccountId;
  readonly webhooks: number;
  readonly active: number;
  /** Active ones whose last delivery was exhausted. */
  readonly failing: number;
  /** Active ones whose endpoint is known to be slow. */
  readonly slow: number;
  readonly pending: number;
  readonly verificationFailed: number;
  /** Disabled by the customer. */
  readonly disabled: number;
  readonly disabledByService: number;
}

/** The last webhook of the last account of a page. */
export interface AccountCursor {
  readonly accountId: AccountId;
  readonly webhookId: WebhookId;
}

export interface AccountPage {
  readonly accounts: readonly AccountSummary[];
  /** Absent on the last page. */
  readonly next?: AccountCursor;
  /** DynamoDB's read units of this page. */
  readonly readUnits: number;
}

export interface AccountPageRequest {
  /** The maximum number of accounts. A page may have fewer, or none, although more follow. */
  readonly limit: number;
  /** After this many read units, the page ends with the last complete account. 128 units are 1 MB of the table. */
  readonly maxReadUnits: number;
  readonly after?: AccountCursor | undefined;
  /** Only accounts for which this is true. Default: all. */
  readonly isSelected?: (account: AccountSummary) => boolean;
}

const isWebhook = readExpressions({
  filter: allOf(beginsWith(PARTITION_KEY, ACCOUNT_PARTITIONS), beginsWith(SORT_KEY, WEBHOOK_SORT_KEYS)),
});
/** No secret and no URL is read. */
const ATTRIBUTES = [PARTITION_KEY, SORT_KEY, 'status', 'failing_since', 'slow_since', 'disabled_reason'];
const NAMES = Object.fromEntries(ATTRIBUTES.map((name) => [`#${name}`, name]));

/**
 * Pages of the accounts that have webhooks, in no order, for operators. The table has no list of accounts, so this
 * scans the whole table, items of API keys included. A scan returns the items of a partition one after the other, so
 * each account is on one page. The scan is eventually consistent, which halves its price.
 */
export async function listAccounts(
  { dynamodb, tableName }: Table,
  { limit, maxReadUnits, after, isSelected = () => true }: AccountPageRequest,
): Promise<AccountPage> {
  const accounts: AccountSummary[] = [];
  let readUnits = 0;
  let account: AccountSummary | undefined;
  let last: AccountCursor | undefined;
  /** The end of the last account that is complete. */
  let complete: AccountCursor | undefined;
  let start: ScanCommandOutput['LastEvaluatedKey'] = after && encodeItem({ ...keyOf(after) });

  const pageUntil = (next: AccountCursor): AccountPage => ({ accounts, next, readUnits });
  for (;;) {
    const page: ScanCommandOutput = await dynamodb.send(
      new ScanCommand({
        TableName: tableName,
        ...isWebhook,
        ProjectionExpression: Object.keys(NAMES).join(', '),
        ExpressionAttributeNames: { ...isWebhook.ExpressionAttributeNames, ...NAMES },
        ReturnConsumedCapacity: 'TOTAL',
        ...(start === undefined ? {} : { ExclusiveStartKey: start }),
      }),
    );
    readUnits += page.ConsumedCapacity?.CapacityUnits ?? 0;
    for (const item of (page.Items ?? []).map(decodeItem)) {
      const key = parseWebhookKey(item);
      if (key === undefined) continue;
      if (account !== undefined && account.accountId !== key.accountId) {
        if (isSelected(account)) accounts.push(account);
        account = undefined;
        complete = last;
        if (complete !== undefined && accounts.length === limit) return pageUntil(complete);
      }
      account = countWebhook(account ?? emptySummary(key.accountId), item);
      last = key;
    }
    start = page.LastEvaluatedKey;
    if (start === undefined) break;
    if (complete !== undefined && readUnits >= maxReadUnits) return pageUntil(complete);
  }
  if (account !== undefined && isSelected(account)) accounts.push(account);
  return { accounts, readUnits };
}

/** Whether something is wrong that the customer or the operator should know. */
export function needsAttention(account: AccountSummary): boolean {
  return account.failing + account.disabledByService + account.verificationFailed > 0;
}

export function encodeAccountCursor({ accountId, webhookId }: AccountCursor): string {
  return `${accountId}.${webhookId}`;
}

/** Undefined for a text that `encodeAccountCursor` did not make. */
export function parseAccountCursor(text: string): AccountCursor | undefined {
  const [account, webhook, ...rest] = text.split('.');
  const accountId = parseAccountId(account);
  const webhookId = parseWebhookId(webhook);
  if (accountId === undefined || webhookId === undefined || rest.length > 0) return undefined;
  return { accountId, webhookId };
}

function keyOf({ accountId, webhookId }: AccountCursor) {
  return webhookKey(accountId, webhookId);
}

function emptySummary(accountId: AccountId): AccountSummary {
  const counts = { webhooks: 0, active: 0, failing: 0, slow: 0, pending: 0, verificationFailed: 0 };
  return { accountId, ...counts, disabled: 0, disabledByService: 0 };
}

function countWebhook(account: AccountSummary, item: Item): AccountSummary {
  const { status } = item;
  const isActive = status === 'active';
  const isDisabled = status === 'disabled';
  const isByService = item.disabled_reason !== undefined;
  return {
    ...account,
    webhooks: account.webhooks + 1,
    active: account.active + Number(isActive),
    failing: account.failing + Number(isActive && item.failing_since !== undefined),
    slow: account.slow + Number(isActive && item.slow_since !== undefined),
    pending: account.pending + Number(status === 'pending'),
    verificationFailed: account.verificationFailed + Number(status === 'verification_failed'),
    disabled: account.disabled + Number(isDisabled && !isByService),
    disabledByService: account.disabledByService + Number(isDisabled && isByService),
  };
}
