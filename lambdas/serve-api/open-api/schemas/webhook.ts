import * as z from 'zod';
import { HEADER_VALUE_MASK } from '../../../shared/domain/custom-headers.ts';
import { SUCCESS_STATUSES, WEBHOOK_STATUSES } from '../../../shared/domain/webhook.ts';
import { EXAMPLE_WEBHOOK_ID } from '../../schemas/examples.ts';
import type { ResponseSchema } from './response-schema.ts';
import { timeSchema } from './time.ts';

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
  success_status: z
    .enum(SUCCESS_STATUSES)
    .nullable()
    .meta({
      description:
        "The webhook's own rule of success, or null: the rule of this service, which is `200` unless its operator " +
        'chose `2xx`.',
    }),
  headers: z.record(z.string(), z.literal(HEADER_VALUE_MASK)).meta({
    description: 'Names of your own headers. The values are never shown.',
    examples: [{ Authorization: HEADER_VALUE_MASK }],
  }),
  previous_secret_expires_at: timeSchema.nullable().meta({
    description:
      'When the secret that the last rotation replaced stops signing, also when this is over. Null: no rotation, or one ' +
      'without a grace time.',
  }),
  slow_since: timeSchema.nullable().meta({
    description:
      'When the endpoint became slow, or null. Deliveries to a slow endpoint have their own queue.',
  }),
  exhausted_in_row: z
    .number()
    .int()
    .nonnegative()
    .meta({ description: 'Exhausted deliveries since the last one that succeeded.' }),
  failing_since: timeSchema
    .nullable()
    .meta({ description: 'When the first of these was exhausted, or null.' }),
  warned_at: timeSchema.nullable().meta({
    description: 'When `webhook.warned` was due: the webhook will be disabled if it keeps failing.',
  }),
  disabled_by: z.enum(['customer', 'service']).nullable().meta({
    description: 'Who disabled the webhook: `customer` by a change, `service` by itself. Null: not disabled.',
  }),
  disabled_reason: z.string().nullable().meta({ description: 'Why the service disabled it, or null.' }),
  disabled_at: timeSchema.nullable().meta({ description: 'When the service disabled it, or null.' }),
  created_at: timeSchema,
  updated_at: timeSchema,
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
