import { parseDeliveryId, parseWebhookId } from '../../shared/domain/ids.ts';
import { defineCallWithoutInput } from '../call.ts';
import { toDeliveryView } from '../deliveries/delivery-view.ts';
import { readSentRequest } from '../deliveries/sent-request.ts';
import { deliveryNotFound } from '../problem.ts';
import { deliverySchema } from '../schemas/delivery.ts';

export const getDelivery = defineCallWithoutInput({
  description: {
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
  },
  async handle({ accountId, path }, deps) {
    const webhookId = parseWebhookId(path.webhook_id);
    const deliveryId = parseDeliveryId(path.delivery_id);
    if (webhookId === undefined || deliveryId === undefined) return deliveryNotFound();
    const now = deps.clock.now();
    const record = await deps.deliveryLog.get(accountId, webhookId, deliveryId, now);
    if (record === undefined) return deliveryNotFound();
    return { status: 200, body: toDeliveryView(record, await readSentRequest(record, deps, now)) };
  },
});
