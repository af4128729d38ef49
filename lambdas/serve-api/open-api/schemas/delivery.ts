import * as z from 'zod';
import {
  ATTEMPT_ERRORS,
  DELIVERY_STATUSES,
  DELIVERY_TRIGGERS,
  type DeliveryStatus,
} from '../../../shared/domain/delivery.ts';
import { EXAMPLE_DELIVERY_ID, EXAMPLE_EVENT_ID, EXAMPLE_WEBHOOK_ID } from '../../schemas/examples.ts';
import { timeSchema } from './time.ts';

const part = z.number().min(0).nullable();

const attemptFields = {
  number: z.int().min(1).meta({ description: 'From 1.' }),
  at: timeSchema.meta({ description: 'When it began.' }),
  duration_ms: z.number().min(0).meta({ description: 'From its beginning to its result, in milliseconds.' }),
  timing: z.strictObject({ dns_ms: part, connect_ms: part, tls_ms: part, first_byte_ms: part }).meta({
    description:
      'Parts of the duration in milliseconds; `first_byte_ms` is the time from the end of the request to the end of ' +
      'the response head. null: it did not take place (a kept connection has no DNS, connect and TLS), or was not ' +
      'measured.',
  }),
  error: z
    .enum(ATTEMPT_ERRORS)
    .optional()
    .meta({
      description:
        'Why it failed. `http_status`: a status that is no success; `timeout`: no complete response head within 30 s; ' +
        '`dns_error`: the name was not resolved; `connection_error`: the connection was refused, reset or closed; ' +
        '`tls_error`: no trusted TLS connection; `protocol_error`: no valid HTTP response; `address_refused`: the name ' +
        'resolves to an address that is not public; `challenge_mismatch`: the response does not contain the challenge. ' +
        'Absent for a success.',
    }),
  reason: z
    .string()
    .optional()
    .meta({ description: 'One line that says what happened. Absent for a success.' }),
};

const status = z.int().min(100).max(999).meta({ description: 'The status code.' });
const bodyTruncated = z
  .boolean()
  .meta({ description: 'Whether the response had more than the recorded beginning.' });

/** An attempt in a list. */
export const attemptSummarySchema = z.strictObject({
  ...attemptFields,
  response: z
    .strictObject({ status, body_truncated: bodyTruncated })
    .optional()
    .meta({ description: 'Absent when there was no response.' }),
});

const attemptSchema = z.strictObject({
  ...attemptFields,
  request: z
    .strictObject({
      headers: z.record(z.string(), z.string()).meta({
        description:
          'The headers that were sent, without `Host`, `Content-Length`, `Connection`, `traceparent` and ' +
          '`X-Webhook-Signature-Previous`. Signatures and the values of your own headers are replaced by `********`. ' +
          'The version in `User-Agent` is the current one.',
      }),
    })
    .meta({ description: 'The request of this attempt; `request` of the delivery has the rest.' }),
  response: z
    .strictObject({
      status,
      headers: z
        .record(z.string(), z.string())
        .meta({ description: 'Some headers of a failed attempt, by lower-case name.' }),
      body: z
        .string()
        .nullable()
        .meta({
          description:
            'The beginning of the response to a failed attempt: at most 1 KiB of the last attempt and 256 bytes of ' +
            'earlier ones. null: none was recorded.',
        }),
      body_truncated: bodyTruncated,
    })
    .optional()
    .meta({ description: 'Absent when there was no response.' }),
});

/** The fields of a delivery in the log and in its event. */
export const deliveryStateFields = {
  reason: z
    .string()
    .optional()
    .meta({ description: 'Why it is `held`, `canceled`, or was given up before its last attempt.' }),
  resend_of: z
    .string()
    .optional()
    .meta({ description: 'The delivery that this one repeats.', examples: [EXAMPLE_DELIVERY_ID] }),
  resent_as: z
    .string()
    .optional()
    .meta({
      description: 'The delivery that repeats this one; of several, the last one.',
      examples: [EXAMPLE_DELIVERY_ID],
    }),
  next_attempt_at: timeSchema
    .optional()
    .meta({ description: 'The earliest time of the next attempt. Absent when none is scheduled.' }),
};

export const triggerSchema = z.enum(DELIVERY_TRIGGERS).meta({
  description:
    'What caused it: an `event`, a `test` event, a `verification`, a `resend` of one delivery, a `recovery` of many, or ' +
    'a `redrive` by the operator.',
});

/** A `Record`, so that a new status does not compile without an entry. */
const STATUS_MEANINGS: Readonly<Record<DeliveryStatus, string>> = {
  retrying: 'an attempt failed and another one is scheduled',
  delivered: 'an attempt succeeded',
  exhausted: 'given up',
  canceled: 'the webhook was deleted or no longer subscribes to the type',
  held: 'the webhook is disabled or its secret cannot be opened',
};

const deliveryFields = {
  id: z.string().meta({ examples: [EXAMPLE_DELIVERY_ID] }),
  event_id: z.string().meta({ examples: [EXAMPLE_EVENT_ID] }),
  event_type: z.string(),
  webhook_id: z.string().meta({ examples: [EXAMPLE_WEBHOOK_ID] }),
  status: z.enum(DELIVERY_STATUSES).meta({
    description: `${DELIVERY_STATUSES.map((status) => `\`${status}\`: ${STATUS_MEANINGS[status]}`).join('; ')}.`,
  }),
  ...deliveryStateFields,
  trigger: triggerSchema,
  accepted: timeSchema.meta({
    description:
      'When the event was accepted, or when the resend was requested. Lists are in this order, and `since` and `until` ' +
      'compare it.',
  }),
  created: timeSchema.meta({ description: 'When the event was accepted, or when the repeat began.' }),
};

export const deliverySummarySchema = z.strictObject({
  ...deliveryFields,
  attempts: z.array(attemptSummarySchema),
});

const requestSchema = z.strictObject({
  method: z.literal('POST'),
  url: z
    .string()
    .nullable()
    .meta({ description: 'Null: the webhook was deleted, or the challenge was for an earlier URL.' }),
  may_differ: z.boolean().meta({
    description:
      'True: the webhook was changed or deleted after the first attempt, or just before. `url` and the names of your ' +
      'own headers are then the current ones, and the request may have had others.',
  }),
  body: z.string().nullable().meta({ description: 'Exactly the text that was sent and signed.' }),
  body_missing: z.enum(['challenge', 'expired']).nullable().meta({
    description:
      'Why `body` is null: a `challenge` is never stored; `expired`: the event is no longer stored. Else null.',
  }),
});

export const deliverySchema = z.strictObject({
  ...deliveryFields,
  attempts: z.array(attemptSchema),
  request: requestSchema
    .optional()
    .meta({ description: 'What every attempt sent. Absent when no attempt is recorded.' }),
});

export type AttemptSummaryView = z.output<typeof attemptSummarySchema>;
export type AttemptView = z.output<typeof attemptSchema>;
export type RequestView = z.output<typeof requestSchema>;
export type DeliverySummaryView = z.output<typeof deliverySummarySchema>;
export type DeliveryView = z.output<typeof deliverySchema>;
