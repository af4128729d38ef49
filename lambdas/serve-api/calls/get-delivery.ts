import { parseDeliveryId, parseWebhookId } from '../../shared/domain/ids.ts';
import { defineCallWithoutInput } from '../call.ts';
import { toDeliveryView } from '../deliveries/delivery-view.ts';
import { deliveryNotFound } from '../problem.ts';
import { deliverySchema } from '../schemas/delivery.ts';

export const getDelivery = defineCallWithoutInput({
  description: {
    summary: 'Get a delivery',
    description:
      'Returns its state and every recorded attempt. 404 before its first result is recorded (GET ' +
      '/v1/events/{event_id} shows it as `queued`) and after it has expired.',
    success: {
      status: 200,
      description: 'The delivery.',
      output: { name: 'Delivery', schema: deliverySchema },
    },
    problems: ['not-found'],
  },
  async handle({ accountId, path }, { deliveryLog, clock }) {
    const webhookId = parseWebhookId(path.webhook_id);
    const deliveryId = parseDeliveryId(path.delivery_id);
    if (webhookId === undefined || deliveryId === undefined) return deliveryNotFound();
    const record = await deliveryLog.get(accountId, webhookId, deliveryId, clock.now());
    return record === undefined ? deliveryNotFound() : { status: 200, body: toDeliveryView(record) };
  },
});
