import { decodeCursor, encodeCursor } from '../cursor.ts';
import { invalidRequest } from '../problem.ts';
import { readInput } from '../read-input.ts';
import type { WebhookListView } from '../schemas/responses.ts';
import { showWebhook } from '../show-webhook.ts';
import type { Call } from './call.ts';

/** The account's webhooks, newest first. */
export const listWebhooks: Call = async ({ accountId, query }, deps) => {
  const input = readInput(deps.schemas.list, query);
  if (!input.ok) return input.reply;
  const { limit, cursor } = input.value;
  const before = cursor === undefined ? undefined : decodeCursor(accountId, cursor);
  if (cursor !== undefined && before === undefined) {
    const message = 'is not a cursor of this list; use next_cursor of the previous page, or leave it out';
    return invalidRequest([{ path: 'cursor', message }]);
  }

  const page = await deps.webhooks.page(accountId, { limit, ...(before === undefined ? {} : { before }) });
  const body: WebhookListView = {
    data: page.webhooks.map(showWebhook),
    next_cursor: page.next === undefined ? null : encodeCursor(accountId, page.next),
  };
  return { status: 200, body };
};
