import * as z from 'zod';
import { EXAMPLE_DELIVERY_ID, EXAMPLE_EVENT_ID } from '../../schemas/examples.ts';
import type { CallDescription } from '../call-description.ts';

const resentDeliverySchema = z.strictObject({
  delivery_id: z.string().meta({
    description: 'The new delivery: sent in the header `X-Webhook-Delivery`.',
    examples: [EXAMPLE_DELIVERY_ID],
  }),
  event_id: z.string().meta({
    description: 'The same as before: sent in the header `webhook-id` and as `id` of the body.',
    examples: [EXAMPLE_EVENT_ID],
  }),
});

export type ResentDelivery = z.output<typeof resentDeliverySchema>;

export const resendDelivery: CallDescription = {
  summary: 'Send a delivery again',
  description:
    'Makes a new delivery of the same event to the same webhook, at its current URL. The status of the delivery does ' +
    'not matter, and each request makes another one. The new delivery names this one as `resend_of`. 409 for a ' +
    'webhook that is not active or no longer subscribes to the type, and for the delivery of a challenge; 410 when ' +
    'the event has expired. A body is ignored.',
  success: {
    status: 202,
    description: 'The new delivery is queued.',
    output: { name: 'ResentDelivery', schema: resentDeliverySchema },
  },
  problems: ['not-found', 'conflict', 'gone', 'too-many-requests'],
};
