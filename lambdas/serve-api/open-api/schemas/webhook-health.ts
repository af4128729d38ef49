import * as z from 'zod';
import { ATTEMPT_ERRORS } from '../../../shared/domain/delivery.ts';
import { EXAMPLE_DELIVERY_ID } from '../../schemas/examples.ts';
import type { ResponseSchema } from './response-schema.ts';
import { timeSchema } from './time.ts';
import { webhookSchema } from './webhook.ts';

const count = z.number().int().nonnegative();
const duration = count.nullable();

const windowSchema = z.strictObject({
  since: timeSchema.meta({ description: 'The deliveries of events that were accepted from then on.' }),
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

/** The deliveries of events that were accepted in one hour. */
export const hourSchema = z.strictObject({
  start: timeSchema.meta({ description: 'The beginning of the hour.' }),
  delivered: count,
  retrying: count,
  exhausted: count,
  held: count.meta({ description: 'Held and not repeated: POST …/recover sends them.' }),
  failed_attempts: z
    .partialRecord(z.enum(ATTEMPT_ERRORS), count)
    .meta({ description: 'Failed attempts of all these deliveries by class, those with at least one.' }),
});

export type HourView = z.output<typeof hourSchema>;

const attemptFields = {
  delivery_id: z.string().meta({ examples: [EXAMPLE_DELIVERY_ID] }),
  at: timeSchema.meta({ description: 'When the attempt began.' }),
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
  as_of: timeSchema.meta({ description: 'When the records were read.' }),
  status,
  last_hour: windowSchema,
  last_day: windowSchema,
  hours: z.array(hourSchema).meta({
    description:
      'The figures of `last_day` by hours, UTC, the oldest first: from the hour of its `since` to the current one, at ' +
      'most 25. The first and the last are parts of an hour. A delivery belongs to the hour in which its event was ' +
      'accepted, as for `since` and `until` of the list of deliveries.',
  }),
  recoverable: z
    .strictObject({
      held: count,
      exhausted: count,
      since: timeSchema
        .nullable()
        .meta({ description: 'When the event of the oldest one was accepted. Null: there is none.' }),
      complete: z.boolean().meta({
        description:
          'False: the newest 2,000 records do not reach the oldest one, so there may be more, and older ones.',
      }),
    })
    .meta({
      description:
        'Deliveries that are held or exhausted and were not repeated, also from before the last day: ' +
        'POST …/recover with this `since` sends them.',
    }),
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
