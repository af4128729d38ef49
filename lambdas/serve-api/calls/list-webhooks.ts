import * as z from 'zod';
import { subscribesTo } from '../../shared/domain/subscription.ts';
import { WEBHOOK_STATUSES } from '../../shared/domain/webhook.ts';
import { defineCall } from '../call.ts';
import { invalidRequest } from '../problem.ts';
import { MAX_PAGE_SIZE, nextCursorSchema, pageQuerySchema } from '../schemas/page.ts';
import { webhookSchema } from '../schemas/webhook.ts';
import { decodeListCursor, encodeListCursor } from '../webhooks/list-cursor.ts';
import { toWebhookView } from '../webhooks/webhook-view.ts';

const webhookListSchema = z.strictObject({ data: z.array(webhookSchema), next_cursor: nextCursorSchema });

export const listWebhooks = defineCall({
  description: {
    summary: 'List webhooks',
    description:
      'The webhooks of the account in pages, newest first. With a filter, a page can have fewer entries than `limit`, or ' +
      'none, while `next_cursor` is present: only a `next_cursor` of null is the end of the list.',
    success: {
      status: 200,
      description: 'A page of webhooks.',
      output: { name: 'WebhookList', schema: webhookListSchema },
    },
    problems: ['invalid-request'],
  },
  input: ({ eventType }) =>
    pageQuerySchema.extend({
      status: z.enum(WEBHOOK_STATUSES).optional().meta({ description: 'Only webhooks with this status.' }),
      event_type: eventType
        .optional()
        .meta({ description: 'Only webhooks that subscribe to this type, also by a prefix or `*`.' }),
    }),
  async handle({ accountId, input: { limit, cursor, status, event_type: type } }, deps) {
    const before = cursor === undefined ? undefined : decodeListCursor(accountId, cursor);
    if (cursor !== undefined && before === undefined) {
      const message = 'is not a cursor of this list; use next_cursor of the previous page, or leave it out';
      return invalidRequest([{ path: 'cursor', message }]);
    }

    const isFiltered = status !== undefined || type !== undefined;
    const page = await deps.webhooks.page(accountId, {
      limit: isFiltered ? MAX_PAGE_SIZE : limit,
      ...(before === undefined ? {} : { before }),
    });
    const matching = page.webhooks.filter(
      (webhook) =>
        (status === undefined || webhook.status === status) &&
        (type === undefined || subscribesTo(webhook.events, type)),
    );
    const data = matching.slice(0, limit);
    const next = matching.length > limit ? data.at(-1)?.id : page.next;
    const body: z.output<typeof webhookListSchema> = {
      data: data.map(toWebhookView),
      next_cursor: next === undefined ? null : encodeListCursor(accountId, next),
    };
    return { status: 200, body };
  },
});
