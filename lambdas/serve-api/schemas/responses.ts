import * as z from 'zod';
import { WEBHOOK_STATUSES } from '../../shared/domain/webhook.ts';
import { EXAMPLE_DELIVERY_ID, EXAMPLE_EVENT_ID, EXAMPLE_TIME, EXAMPLE_WEBHOOK_ID } from './examples.ts';

const time = z
  .string()
  .meta({ format: 'date-time', description: 'ISO 8601, UTC.', examples: [EXAMPLE_TIME] });

const webhook = z.strictObject({
  id: z.string().meta({ examples: [EXAMPLE_WEBHOOK_ID] }),
  url: z.string().meta({ description: 'The current URL.', examples: ['https://example.com/webhook'] }),
  pending_url: z.string().nullable().meta({
    description: 'A new URL that has not answered its challenge yet. It replaces `url` when it does.',
  }),
  events: z.array(z.string()).meta({
    description: 'The types that it subscribes to: exact types, prefixes or `*`.',
    examples: [['*']],
  }),
  description: z.string().nullable().meta({ description: 'Your own note.' }),
  status: z.enum(WEBHOOK_STATUSES).meta({
    description:
      '`pending`: the challenge is not answered yet; `active`: receives events; `disabled`: receives nothing; ' +
      '`verification_failed`: the challenge was not answered, POST …/verify sends it again.',
  }),
  verified: z.boolean().meta({ description: 'Whether `url` answered its challenge.' }),
  verification_error: z
    .string()
    .nullable()
    .meta({ description: 'Why the last verification failed and what to do, or null.' }),
  slow_since: time.nullable().meta({
    description: 'The time since which its endpoint is slow. Its deliveries then have their own queue.',
  }),
  created_at: time,
  updated_at: time,
});

const eventType = z.strictObject({
  name: z.string(),
  description: z.string(),
  schema: z.record(z.string(), z.unknown()).meta({ description: 'JSON Schema of `data`.' }),
  example: z.record(z.string(), z.unknown()).meta({ description: 'An example of `data`.' }),
});

const nextCursor = z
  .string()
  .nullable()
  .meta({ description: 'Send it as `cursor` for the next page; null on the last page.' });

/** The responses. The OpenAPI document is generated from them, and the tests validate every response with it. */
export const RESPONSE_SCHEMAS = {
  webhook,
  createdWebhook: webhook.extend({
    secret: z.string().meta({ description: 'No other response contains it.' }),
  }),
  webhookList: z.strictObject({ data: z.array(webhook), next_cursor: nextCursor }),
  testEvent: z.strictObject({
    event_id: z.string().meta({
      description: 'Sent in the header `webhook-id` and as `id` of the body.',
      examples: [EXAMPLE_EVENT_ID],
    }),
    delivery_id: z.string().meta({
      description: 'Sent in the header `X-Webhook-Delivery`.',
      examples: [EXAMPLE_DELIVERY_ID],
    }),
  }),
  eventTypeList: z.strictObject({ data: z.array(eventType), next_cursor: nextCursor }),
  problem: z
    .strictObject({
      type: z.string().meta({ description: 'Stable name of the problem, for programs.' }),
      title: z.string(),
      status: z.int(),
      detail: z.string().meta({ description: 'What happened and what to do, for people.' }),
      errors: z
        .array(
          z.strictObject({
            path: z.string().meta({ description: '`url`, `events[1]`; empty for the whole body.' }),
            message: z.string(),
          }),
        )
        .optional()
        .meta({ description: 'All errors of the input.' }),
    })
    .meta({ description: 'Problem details, RFC 9457.' }),
  gatewayError: z
    .object({ message: z.string() })
    .meta({ description: 'A response of the gateway, which did not call the service.' }),
};

export type WebhookView = z.output<typeof webhook>;
export type CreatedWebhookView = z.output<typeof RESPONSE_SCHEMAS.createdWebhook>;
export type WebhookListView = z.output<typeof RESPONSE_SCHEMAS.webhookList>;
export type TestEventView = z.output<typeof RESPONSE_SCHEMAS.testEvent>;
export type EventTypeListView = z.output<typeof RESPONSE_SCHEMAS.eventTypeList>;
