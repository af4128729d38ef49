import * as z from 'zod';
import { EXAMPLE_DELIVERY_ID, EXAMPLE_EVENT_ID } from '../../schemas/examples.ts';
import type { CallDescription } from '../call-description.ts';

const testEventSchema = z.strictObject({
  event_id: z.string().meta({
    description: 'Sent in the header `webhook-id` and as `id` of the body.',
    examples: [EXAMPLE_EVENT_ID],
  }),
  delivery_id: z.string().meta({
    description: 'Sent in the header `X-Webhook-Delivery`.',
    examples: [EXAMPLE_DELIVERY_ID],
  }),
});

export type TestEvent = z.output<typeof testEventSchema>;

export const testWebhookByPath: CallDescription = {
  summary: 'Send a test event',
  description:
    "Sends the catalogue's example of a type to this webhook only, also when the webhook does not subscribe to that " +
    'type. The request has the header `X-Webhook-Test: true`. 409 for a webhook that is not active.',
  success: {
    status: 202,
    description: 'The event is queued.',
    output: { name: 'TestEvent', schema: testEventSchema },
  },
  problems: ['invalid-request', 'not-found', 'conflict', 'too-many-requests'],
};
