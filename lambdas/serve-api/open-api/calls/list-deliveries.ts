import * as z from 'zod';
import type { CallDescription } from '../call-description.ts';
import { deliverySummarySchema } from '../schemas/delivery.ts';
import { nextCursorSchema } from '../schemas/page.ts';

const deliveryListSchema = z.strictObject({
  data: z.array(deliverySummarySchema),
  next_cursor: nextCursorSchema,
  newer_cursor: z
    .string()
    .nullable()
    .meta({
      description:
        'Send it as `cursor` for the entries just before this page, newest first as well; where none are left, the ' +
        'answer is the first page. Null when this page is empty.',
    }),
});

export type DeliveryList = z.output<typeof deliveryListSchema>;

export const listDeliveries: CallDescription = {
  summary: 'List the deliveries of a webhook',
  description:
    'The delivery log, newest first: by the time at which the event was accepted, or the resend was requested. A ' +
    'delivery is listed from its first recorded result on. One call examines at most 1,000 records. With a filter, a ' +
    'page may therefore have fewer entries than `limit`, or none, and still have a `next_cursor`: the list ends with ' +
    'the page whose `next_cursor` is null. The log of a deleted webhook can be read until it expires.',
  success: {
    status: 200,
    description: 'A page of deliveries.',
    output: { name: 'DeliveryList', schema: deliveryListSchema },
  },
  problems: ['invalid-request', 'not-found', 'too-many-requests'],
};
