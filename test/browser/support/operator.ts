import { PutItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { type AccountId, parseAccountId } from '../../../lambdas/shared/domain/ids.ts';
import { parseSessionSecret } from '../../../lambdas/shared/domain/session-secret.ts';
import { encodeItem } from '../../../lambdas/shared/store/items.ts';
import { rateLimitKey, sessionKey } from '../../../lambdas/shared/store/keys.ts';
import type { RateLimit } from '../../../lambdas/shared/store/rate-limits.ts';
import { createSessionStore } from '../../../lambdas/shared/store/sessions.ts';
import { ADMINISTRATOR } from '../../../local/aws-calls.ts';
import type { Cloud } from '../../../local/cloud.ts';
import { createInProcessClient } from '../../../local/in-process-client.ts';

/** Changes the tables as an operator, or the passage of time, does. */
export interface Operator {
  /** The time in which the link can be opened is over. */
  expireLink(link: string): Promise<void>;
  /** Revokes all sessions of the account, as `webhook-fanout sessions revoke` does. */
  revokeSessions(account: string): Promise<void>;
  /** The account has used up the limit of the current window. */
  useUp(account: string, limit: RateLimit): Promise<void>;
  /** The account has used nothing. */
  reset(account: string, limit: RateLimit): Promise<void>;
}

export function createOperator({ calls, outputs }: Cloud): Operator {
  const dynamodb = createInProcessClient(calls, ADMINISTRATOR, 'dynamodb');
  const { WebhooksTableName: webhooksTable = '', DeliveriesTableName: deliveriesTable = '' } = outputs;
  const sessions = createSessionStore({ dynamodb, tableName: deliveriesTable });

  const putUsed = (account: string, { name, windowSeconds }: RateLimit, used: number) => {
    const nowSeconds = Math.floor(Date.now() / 1000);
    const window = nowSeconds - (nowSeconds % windowSeconds);
    const item = { ...rateLimitKey(accountOf(account), name), window_start: window, used };
    return dynamodb.send(new PutItemCommand({ TableName: webhooksTable, Item: encodeItem(item) }));
  };

  return {
    async expireLink(link) {
      const code = new URLSearchParams(new URL(link).hash.slice(1)).get('code') ?? '';
      const secret = parseSessionSecret('code', code);
      if (secret === undefined) throw new Error(`${link} has no code`);
      await dynamodb.send(
        new UpdateItemCommand({
          TableName: deliveriesTable,
          Key: encodeItem({ ...sessionKey(secret.accountId, secret.sessionId) }),
          UpdateExpression: 'SET code_valid_until = :now',
          ExpressionAttributeValues: encodeItem({ ':now': Date.now() }),
        }),
      );
    },
    async revokeSessions(account) {
      const accountId = accountOf(account);
      for (const { id } of await sessions.list(accountId)) await sessions.revoke(accountId, id, Date.now());
    },
    useUp: (account, limit) => putUsed(account, limit, limit.count),
    reset: (account, limit) => putUsed(account, limit, 0),
  };
}

function accountOf(text: string): AccountId {
  const id = parseAccountId(text);
  if (id === undefined) throw new Error(`${text} is no account id`);
  return id;
}
