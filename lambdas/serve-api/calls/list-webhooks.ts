import * as z from 'zod';
import { defineCall } from '../call.ts';
import { invalidRequest } from '../problem.ts';
import { nextCursorSchema, pageQuerySchema } from '../schemas/page.ts';
import { webhookSchema } from '../schemas/webhook.ts';
import { decodeListCursor, encodeListCursor } from '../webhooks/list-cursor.ts';
import { toWebhookView } from '../webhooks/webhook-view.ts';

const webhookListSchema = z.strictObject({ data: z.array(webhookSchema), next_cursor: nextCursorSchema });

export const listWebhooks = defineCall({
  description: {
    summary: 'List webhooks',
    description: 'The webhooks of the account in pages, newest first.',
    success: {
      status: 200,
      description: 'A page of webhooks.',
      output: { name: 'WebhookList', schema: webhookListSchema },
    },
    problems: ['invalid-request'],
  },
  input: () => pageQuerySchema,
  async handle({ accountId, input: { limit, cursor } }, deps) {
    const before = cursor === undefined ? undefined : decodeListCursor(accountId, cursor);
    if (cursor !== undefined && before === undefined) {
      const message = 'is not a cursor of this list; use next_cursor of the previous page, or leave it out';
      return invalidRequest([{ path: 'cursor', message }]);
    }

    const page = await deps.webhooks.page(accountId, { limit, ...(before === undefined ? {} : { before }) });
    const body: z.output<typeof webhookListSchema> = {
      data: page.webhooks.map(toWebhookView),
      next_cursor: page.next === undefined ? null : encodeListCursor(accountId, page.next),
    };
    return { status: 200, body };
  },
});
