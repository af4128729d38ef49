import * as z from 'zod';
import { WEBHOOK_STATUSES } from '../../shared/domain/webhook.ts';
import { EXAMPLE_TIME, EXAMPLE_WEBHOOK_ID } from './examples.ts';
import type { ResponseSchema } from './response-schema.ts';

const time = z
  .string()
  .meta({ format: 'date-time', description: 'ISO 8601, UTC.', examples: [EXAMPLE_TIME] });

export const webhookSchema = z.strictObject({
  id: z.string().meta({ examples: [EXAMPLE_WEBHOOK_ID] }),
  url: z.string().meta({ description: 'The current URL.', examples: ['https://example.com/webhook'] }),
  pending_url: z.string().nullable().meta({
    description: 'A new URL that has not answered its challenge yet. It replaces `url` when it does.',
  }),
  events: z.array(z.string()).meta({
    description: 'The event types that the webhook subscribes to: exact types, prefixes or `*`.',
    examples: [['*']],
  }),
  description: z.string().nullable().meta({ description: 'Your own note.' }),
  status: z.enum(WEBHOOK_STATUSES).meta({
    description:
      '`pending`: the challenge is not answered yet; `active`: receives events; `disabled`: receives nothing; ' +
      '`verification_failed`: the challenge was not answered correctly, POST …/verify sends a new one.',
  }),
  verified: z.boolean().meta({ description: 'Whether `url` answered its challenge.' }),
  verification_error: z
    .string()
    .nullable()
    .meta({ description: 'Why the last verification failed and what to do, or null.' }),
  slow_since: time.nullable().meta({
    description:
      'When the endpoint became slow, or null. Deliveries to a slow endpoint have their own queue.',
  }),
  created_at: time,
  updated_at: time,
});

export type WebhookView = z.output<typeof webhookSchema>;

export const WEBHOOK_RESPONSE: ResponseSchema = { name: 'Webhook', schema: webhookSchema };

const webhookWithHeldSchema = webhookSchema.extend({
  held: z
    .int()
    .min(0)
    .optional()
    .meta({
      description:
        'Deliveries that were held and not repeated, among the newest 1,000: POST …/recover sends them. In a change, ' +
        'only with `status: "active"`.',
    }),
  held_at_least: z
    .literal(true)
    .optional()
    .meta({ description: 'Present when older deliveries were not counted: there may be more.' }),
});

export const WEBHOOK_WITH_HELD_RESPONSE: ResponseSchema = {
  name: 'WebhookWithHeld',
  schema: webhookWithHeldSchema,
};
