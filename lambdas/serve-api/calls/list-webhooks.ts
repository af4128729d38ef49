import * as z from 'zod/mini';
import { subscribesTo } from '../../shared/domain/subscription.ts';
import { WEBHOOK_STATUSES, type Webhook } from '../../shared/domain/webhook.ts';
import { defineCall } from '../call.ts';
import { SEARCH_RATE_LIMIT } from '../limits.ts';
import type { WebhookList } from '../open-api/calls/list-webhooks.ts';
import { invalidRequest, tooManyRequests } from '../problem.ts';
import type { ApiResponse } from '../response.ts';
import { MAX_PAGE_SIZE, pageQuery } from '../schemas/page.ts';
import { attentionOf, byAttention, placeOf } from '../webhooks/attention.ts';
import {
  decodeAttentionCursor,
  decodeListCursor,
  encodeAttentionCursor,
  encodeListCursor,
} from '../webhooks/list-cursor.ts';
import { toWebhookView } from '../webhooks/webhook-view.ts';

export const listWebhooks = defineCall({
  input: ({ eventType }) =>
    z.strictObject({
      ...pageQuery(),
      status: z
        .optional(z.enum(WEBHOOK_STATUSES))
        .register(z.globalRegistry, { description: 'Only webhooks with this status.' }),
      event_type: z.optional(eventType).register(z.globalRegistry, {
        description: 'Only webhooks that subscribe to this type, also by a prefix or `*`.',
      }),
      order: z._default(z.enum(['newest', 'attention']), 'newest').register(z.globalRegistry, {
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
      const remaining = byAttention(webhooks.filter(matches), after);
      const data = remaining.slice(0, limit);
      const last = remaining.length > limit ? data.at(-1) : undefined;
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
  const body: WebhookList = {
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
