import { parseDeliveryId, parseWebhookId } from '../../shared/domain/ids.ts';
import { defineCallWithoutInput } from '../call.ts';
import { toDeliveryView } from '../deliveries/delivery-view.ts';
import { readSentRequest } from '../deliveries/sent-request.ts';
import { deliveryNotFound } from '../problem.ts';

export const getDelivery = defineCallWithoutInput({
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
