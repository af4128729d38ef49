import * as z from 'zod';
import { subscribesTo } from '../../shared/domain/subscription.ts';
import { WEBHOOK_STATUSES, type Webhook } from '../../shared/domain/webhook.ts';
import { defineCall } from '../call.ts';
import { SEARCH_RATE_LIMIT } from '../limits.ts';
import { invalidRequest, tooManyRequests } from '../problem.ts';
import type { ApiResponse } from '../response.ts';
import { MAX_PAGE_SIZE, nextCursorSchema, pageQuerySchema } from '../schemas/page.ts';
import { webhookSchema } from '../schemas/webhook.ts';
import { ATTENTION_REASONS, attentionOf, byAttention, placeOf } from '../webhooks/attention.ts';
import {
  decodeAttentionCursor,
  decodeListCursor,
  encodeAttentionCursor,
  encodeListCursor,
} from '../webhooks/list-cursor.ts';
import { toWebhookView } from '../webhooks/webhook-view.ts';

const listedWebhookSchema = webhookSchema.extend({
  attention: z
    .enum(ATTENTION_REASONS)
    .nullable()
    .meta({
      description:
        'Why it needs attention, the most urgent reason: the service disabled it; deliveries are exhausted since the ' +
        'last success; its URL or its new URL did not answer the challenge; its endpoint is slow; a challenge is not ' +
        'answered yet; it was disabled by a change. Null: none of these.',
    }),
});

const webhookListSchema = z.strictObject({
  data: z.array(listedWebhookSchema),
  next_cursor: nextCursorSchema,
});

export const listWebhooks = defineCall({
  description: {
    summary: 'List webhooks',
    description:
      'The webhooks of the account in pages. With a filter, a page can have fewer entries than `limit`, or none, while ' +
      '`next_cursor` is present: only a `next_cursor` of null is the end of the list. In the order of attention, a ' +
      'webhook whose state changes between two pages can be on both or on none.',
    success: {
      status: 200,
      description: 'A page of webhooks.',
      output: { name: 'WebhookList', schema: webhookListSchema },
    },
    problems: ['invalid-request', 'too-many-requests'],
  },
  input: ({ eventType }) =>
    pageQuerySchema.extend({
      status: z.enum(WEBHOOK_STATUSES).optional().meta({ description: 'Only webhooks with this status.' }),
      event_type: eventType
        .optional()
        .meta({ description: 'Only webhooks that subscribe to this type, also by a prefix or `*`.' }),
      order: z
        .enum(['newest', 'attention'])
        .default('newest')
        .meta({
          description:
            '`newest`: the newest first. `attention`: by `attention` in the order of its values, those with null last, ' +
            'and with the same value the newest first. A cursor is valid for one order.',
        }),
    }),
  async handle({ accountId, input }, deps) {
    const { limit, cursor, status, event_type: type } = input;
    const matches = (webhook: Webhook): boolean =>
      (status === undefined || webhook.status === status) &&
      (type === undefined || subscribesTo(webhook.events, type));

    if (input.order === 'attention') {
      const after = cursor === undefined ? undefined : decodeAttentionCursor(accountId, cursor);
      if (cursor !== undefined && after === undefined) return notACursor();
      const taken = await deps.rateLimits.take(accountId, SEARCH_RATE_LIMIT, deps.clock.now());
      if (!taken.ok)
        return tooManyRequests('lists were searched', SEARCH_RATE_LIMIT, taken.retryAfterSeconds);
      const { webhooks } = await deps.webhooks.list(accountId);
      const rest = byAttention(webhooks.filter(matches), after);
      const data = rest.slice(0, limit);
      const last = rest.length > limit ? data.at(-1) : undefined;
      return pageOf(data, last && encodeAttentionCursor(accountId, placeOf(last)));
    }

    const before = cursor === undefined ? undefined : decodeListCursor(accountId, cursor);
    if (cursor !== undefined && before === undefined) return notACursor();
    const isFiltered = status !== undefined || type !== undefined;
    const page = await deps.webhooks.page(accountId, {
      limit: isFiltered ? MAX_PAGE_SIZE : limit,
      ...(before === undefined ? {} : { before }),
    });
    const matching = page.webhooks.filter(matches);
    const data = matching.slice(0, limit);
    const next = matching.length > limit ? data.at(-1)?.id : page.next;
    return pageOf(data, next && encodeListCursor(accountId, next));
  },
});

function pageOf(webhooks: readonly Webhook[], cursor: string | undefined): ApiResponse {
  const body: z.output<typeof webhookListSchema> = {
    data: webhooks.map((webhook) => ({
      ...toWebhookView(webhook),
      attention: attentionOf(webhook) ?? null,
    })),
    next_cursor: cursor ?? null,
  };
  return { status: 200, body };
}

function notACursor(): ApiResponse {
  const message = 'is not a cursor of this list; use next_cursor of the previous page, or leave it out';
  return invalidRequest([{ path: 'cursor', message }]);
}
