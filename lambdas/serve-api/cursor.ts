import { createHash } from 'node:crypto';
import { type AccountId, parseWebhookId, type WebhookId } from '../shared/domain/ids.ts';

/** 64 bits tell a cursor of this account from any other; what it points into is this account's in any case. */
const CHECK_CHARACTERS = 16;

/** Where the next page begins, in a form that is good for one account and promises nothing else. */
export function encodeCursor(accountId: AccountId, after: WebhookId): string {
  return Buffer.from(`${after}.${checkText(accountId, after)}`).toString('base64url');
}

/** Undefined for a cursor that was not given to this account. */
export function decodeCursor(accountId: AccountId, cursor: string): WebhookId | undefined {
  const [id] = Buffer.from(cursor, 'base64url').toString().split('.');
  const after = parseWebhookId(id);
  return after !== undefined && encodeCursor(accountId, after) === cursor ? after : undefined;
}

function checkText(accountId: AccountId, after: WebhookId): string {
  return createHash('sha256')
    .update(['cursor', accountId, after].join('\0'))
    .digest('hex')
    .slice(0, CHECK_CHARACTERS);
}
