import * as z from 'zod';
import { ATTEMPT_ERRORS } from '../../shared/domain/delivery.ts';
import { EXAMPLE_DELIVERY_ID } from './examples.ts';
import type { ResponseSchema } from './response-schema.ts';
import { time, webhookSchema } from './webhook.ts';

const count = z.number().int().nonnegative();
const duration = count.nullable();

const windowSchema = z.strictObject({
  since: time.meta({ description: 'The deliveries of events that were accepted from then on.' }),
  complete: z.boolean().meta({
    description:
      'Whether these figures cover the whole hour or day. False: the window has more than the newest 2,000 records, ' +
      'and `since` is the time of the oldest one that was read.',
  }),
  delivered: count,
  exhausted: count,
  success_rate: z
    .number()
    .min(0)
    .max(1)
    .nullable()
    .meta({ description: '`delivered` / (`delivered` + `exhausted`); null when both are 0.' }),
  p50_ms: duration.meta({
    description: 'Half of the answers, with any status, took at most this long. Null: there was none.',
  }),
  p99_ms: duration.meta({ description: '99 % of the answers took at most this long.' }),
});

const attemptFields = {
  delivery_id: z.string().meta({ examples: [EXAMPLE_DELIVERY_ID] }),
  at: time.meta({ description: 'When the attempt began.' }),
  status: z.number().int().nullable().meta({ description: 'The status of the answer; null: no answer.' }),
};

const {
  id,
  status,
  exhausted_in_row,
  failing_since,
  warned_at,
  disabled_by,
  disabled_reason,
  disabled_at,
  slow_since,
} = webhookSchema.shape;

const webhookHealthSchema = z.strictObject({
  webhook_id: id,
  as_of: time.meta({ description: 'When the records were read.' }),
  status,
  last_hour: windowSchema,
  last_day: windowSchema,
  last_success: z
    .strictObject(attemptFields)
    .nullable()
    .meta({ description: 'The last attempt that succeeded, among the records that were read.' }),
  last_failure: z
    .strictObject({
      ...attemptFields,
      error: z.enum(ATTEMPT_ERRORS).nullable(),
      reason: z.string().nullable().meta({ description: 'One line: why the attempt failed.' }),
    })
    .nullable()
    .meta({ description: 'The last attempt that failed, among the records that were read.' }),
  exhausted_in_row,
  failing_since,
  warned_at,
  disable_after: z
    .strictObject({ exhausted: count, hours: z.number().nonnegative() })
    .nullable()
    .meta({
      description:
        'The webhook is disabled when `exhausted_in_row` reaches `exhausted` and `failing_since` is `hours` ago. ' +
        '`webhook.warned` is published at half of both. Null: this service disables no webhook by itself.',
    }),
  disabled_by,
  disabled_reason,
  disabled_at,
  slow_since,
});

export type WebhookHealthView = z.output<typeof webhookHealthSchema>;

export const WEBHOOK_HEALTH_RESPONSE: ResponseSchema = { name: 'WebhookHealth', schema: webhookHealthSchema };
