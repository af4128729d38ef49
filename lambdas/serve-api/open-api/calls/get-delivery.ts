import type { CallDescription } from '../call-description.ts';
import { deliverySchema } from '../schemas/delivery.ts';

export const getDelivery: CallDescription = {
  summary: 'Get a delivery',
  description:
    'Returns its state, every recorded attempt, and the request as it was sent. 404 before its first result is recorded (GET ' +
    '/v1/events/{event_id} shows it as `queued`) and after it has expired.',
  success: {
    status: 200,
    description: 'The delivery.',
    output: { name: 'Delivery', schema: deliverySchema },
  },
  problems: ['not-found'],
};
