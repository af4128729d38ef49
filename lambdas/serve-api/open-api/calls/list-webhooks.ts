import * as z from 'zod';
import { ATTENTION_REASONS } from '../../webhooks/attention.ts';
import type { CallDescription } from '../call-description.ts';
import { nextCursorSchema } from '../schemas/page.ts';
import { webhookSchema } from '../schemas/webhook.ts';

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

export type WebhookList = z.output<typeof webhookListSchema>;

export const listWebhooks: CallDescription = {
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
};
