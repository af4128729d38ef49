import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AccountId } from '../../lambdas/shared/domain/ids.ts';
import type { Webhook } from '../../lambdas/shared/domain/webhook.ts';
import {
  type AccountPage,
  type AccountPageRequest,
  encodeAccountCursor,
  listAccounts,
  needsAttention,
  parseAccountCursor,
} from '../../lambdas/shared/store/account-list.ts';
import { createApiKeyStore } from '../../lambdas/shared/store/api-keys.ts';
import type { DynamoDB } from '../../lambdas/shared/store/client.ts';
import { webhookItem } from '../../lambdas/shared/store/webhook-item.ts';
import { startDynamoDB, type TestDynamoDB, watched } from '../support/dynamodb.ts';
import { anAccount, aWebhook, CREATED_AT, ACCEPTED_AT as NOW } from './builders.ts';

let db: TestDynamoDB;
beforeAll(async () => {
  db = await startDynamoDB();
});
afterAll(() => db.stop());

const list = (request: Partial<AccountPageRequest> = {}, dynamodb: DynamoDB = db.dynamodb) =>
  listAccounts({ dynamodb, tableName: db.webhooksTable }, { limit: 100, maxReadUnits: 1_000, ...request });

async function add(accountId: AccountId, ...webhooks: Partial<Webhook>[]): Promise<void> {
  for (const fields of webhooks) {
    const item = JSON.parse(JSON.stringify(webhookItem(aWebhook(accountId, fields))));
    await db.putRaw(db.webhooksTable, item);
  }
}

/** All pages, each with at most `limit` accounts. */
async function readAll(request: Partial<AccountPageRequest>): Promise<AccountPage[]> {
  const pages: AccountPage[] = [];
  let after: AccountPageRequest['after'];
  do {
    const page = await list({ ...request, after });
    pages.push(page);
    after = page.next;
  } while (after !== undefined);
  return pages;
}

describe('the list of accounts', () => {
  const [calm, needy, broken] = [anAccount(), anAccount(), anAccount()];

  beforeAll(async () => {
    await add(calm, {}, { status: 'disabled' }, { status: 'pending' }, { slowSince: CREATED_AT });
    await add(needy, { failingSince: CREATED_AT }, {});
    await add(broken, { status: 'disabled', disabledReason: 'it failed' }, { status: 'verification_failed' });
    await createApiKeyStore({ dynamodb: db.dynamodb, tableName: db.webhooksTable }).create(calm, 'x', NOW);
  });

  it('counts the webhooks of each account by their state', async () => {
    const { accounts, next, readUnits } = await list();

    const none = {
      failing: 0,
      slow: 0,
      pending: 0,
      verificationFailed: 0,
      disabled: 0,
      disabledByService: 0,
    };
    expect(accounts.toSorted((one, other) => (one.accountId < other.accountId ? -1 : 1))).toEqual([
      { accountId: calm, webhooks: 4, active: 2, ...none, disabled: 1, pending: 1, slow: 1 },
      { accountId: needy, webhooks: 2, active: 2, ...none, failing: 1 },
      { accountId: broken, webhooks: 2, active: 0, ...none, disabledByService: 1, verificationFailed: 1 },
    ]);
    expect(next).toBeUndefined();
    expect(readUnits).toBeGreaterThan(0);
  });

  it.each([1, 2])('has each account on one page, with at most %i on a page', async (limit) => {
    const pages = await readAll({ limit });

    const whole = new Map((await list()).accounts.map((account) => [account.accountId, account]));
    expect(pages.map(({ accounts }) => accounts.length)).toEqual(limit === 1 ? [1, 1, 1] : [2, 1]);
    for (const account of pages.flatMap(({ accounts }) => accounts)) {
      expect(account).toEqual(whole.get(account.accountId));
    }
  });

  it('selects the accounts that need attention', async () => {
    const pages = await readAll({ limit: 1, isSelected: needsAttention });

    const found = pages.flatMap(({ accounts }) => accounts.map(({ accountId }) => accountId));
    expect(found.toSorted()).toEqual([needy, broken].toSorted());
  });

  it('ends a page when it has read enough, and then has each account once, too', async () => {
    // DynamoDB's pages of one item.
    const onePerPage = watched(db.dynamodb, {
      before: ({ input }) => Object.assign(input, { Limit: 1 }),
    });
    const found: string[] = [];
    let after: AccountPageRequest['after'];
    let pages = 0;
    do {
      const page = await list({ maxReadUnits: 0, after }, onePerPage);
      found.push(...page.accounts.map(({ accountId, webhooks }) => `${accountId} ${webhooks}`));
      after = page.next;
      pages++;
    } while (after !== undefined);

    expect(found.toSorted()).toEqual([`${calm} 4`, `${needy} 2`, `${broken} 2`].toSorted());
    expect(pages).toBeGreaterThan(1);
  });

  it('reads neither secrets nor URLs', async () => {
    const answers: unknown[] = [];
    const dynamodb = watched(db.dynamodb, {
      after(_sent, answer) {
        answers.push(answer);
        return answer;
      },
    });

    await list({}, dynamodb);

    expect(answers).not.toEqual([]);
    expect(JSON.stringify(answers)).not.toMatch(/example\.com|sealed/);
  });
});

it('reads a cursor as it was written, and no other text', () => {
  const cursor = { accountId: anAccount(), webhookId: aWebhook(anAccount()).id };

  expect(parseAccountCursor(encodeAccountCursor(cursor))).toEqual(cursor);
  for (const text of ['', 'acct_1', 'acct_1.dlv_1', `${encodeAccountCursor(cursor)}.x`, 'a b.wh_1']) {
    expect(parseAccountCursor(text)).toBeUndefined();
  }
});
