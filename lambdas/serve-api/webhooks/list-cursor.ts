import { createHash } from 'node:crypto';
import { type AccountId, parseWebhookId, type WebhookId } from '../../shared/domain/ids.ts';

/**
 * 16 hexadecimal characters are 64 bits: enough to refuse a cursor of another account. The check protects no data: a
 * page is always read from the caller's own account.
 */
const CHECK_CHARACTERS = 16;

/** The id of the last webhook of a page, as opaque text that is valid for one account. */
export function encodeListCursor(accountId: AccountId, last: WebhookId): string {
  return Buffer.from(`${last}.${checkText(accountId, last)}`).toString('base64url');
}

/** Undefined for a cursor that was not made for this account. */
export function decodeListCursor(accountId: AccountId, cursor: string): WebhookId | undefined {
  const [id] = Buffer.from(cursor, 'base64url').toString().split('.');
  const last = parseWebhookId(id);
  return last !== undefined && encodeListCursor(accountId, last) === cursor ? last : undefined;
}

function checkText(accountId: AccountId, last: WebhookId): string {
  return createHash('sha256')
    .update(['cursor', accountId, last].join('\0'))
    .digest('hex')
    .slice(0, CHECK_CHARACTERS);
}
