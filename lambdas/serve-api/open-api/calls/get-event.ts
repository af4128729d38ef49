import * as z from 'zod';
import { DELIVERY_STATUSES } from '../../../shared/domain/delivery.ts';
import { NOT_MATCHED_REASONS } from '../../events/not-matched.ts';
import { EXAMPLE_DELIVERY_ID, EXAMPLE_EVENT_ID, EXAMPLE_WEBHOOK_ID } from '../../schemas/examples.ts';
import type { CallDescription } from '../call-description.ts';
import { attemptSummarySchema, deliveryStateFields, triggerSchema } from '../schemas/delivery.ts';
import { timeSchema } from '../schemas/time.ts';

const eventDeliverySchema = z.strictObject({
  webhook_id: z.string().meta({ examples: [EXAMPLE_WEBHOOK_ID] }),
  delivery_id: z.string().meta({ examples: [EXAMPLE_DELIVERY_ID] }),
  status: z.enum(['queued', ...DELIVERY_STATUSES]).meta({
    description:
      '`queued`: no result is recorded yet, and `trigger` and `created` are absent. The others are those of a delivery.',
  }),
  ...deliveryStateFields,
  trigger: triggerSchema.optional(),
  created: timeSchema.optional().meta({ description: 'Absent while it is `queued`.' }),
  attempts: z.int().min(0).meta({ description: 'The number of recorded attempts.' }),
  last_attempt: attemptSummarySchema.optional().meta({ description: 'Absent when none is recorded.' }),
});

const deliveriesSchema = z.strictObject({
  as_of: timeSchema.meta({ description: 'When deliveries and webhooks were read.' }),
  deliveries: z.array(eventDeliverySchema).meta({
    description:
      'The delivery to each webhook that the event matched when it was dispatched. A delivery that was repeated is ' +
      'followed by its last repeat, which has `resend_of`.',
  }),
  not_matched: z
    .array(
      z.strictObject({
        webhook_id: z.string().meta({ examples: [EXAMPLE_WEBHOOK_ID] }),
        reason: z.enum(NOT_MATCHED_REASONS).meta({
          description:
            '`type`: it does not subscribe to the type; `not_verified`: its URL has never answered a challenge; ' +
            '`made_later`: it was made after the event was accepted; `changed_later`: it would match now, so its events ' +
            'were changed, or it was verified, after the event was dispatched.',
        }),
      }),
    )
    .meta({ description: "The account's other current webhooks. Empty for a test event." }),
});

const eventDetailsSchema = z.strictObject({
  id: z.string().meta({ examples: [EXAMPLE_EVENT_ID] }),
  type: z.string(),
  created: timeSchema.meta({ description: 'RFC 3339, as the publisher gave it.' }),
  data: z.record(z.string(), z.unknown()).meta({ description: 'As it is sent to webhooks.' }),
  ...deliveriesSchema.shape,
});

export type EventDeliveryView = z.output<typeof eventDeliverySchema>;
export type Deliveries = z.output<typeof deliveriesSchema>;

export const getEvent: CallDescription = {
  summary: 'Get an event and its deliveries',
  description:
    'Returns the event as it is sent, the state of its delivery to each webhook that it matched, and why it did not ' +
    'match the others. 404 for an event that is not dispatched yet, that was published for an account without any ' +
    'webhook, or that has expired.',
  success: {
    status: 200,
    description: 'The event.',
    output: { name: 'EventDetails', schema: eventDetailsSchema },
  },
  problems: ['not-found'],
};
