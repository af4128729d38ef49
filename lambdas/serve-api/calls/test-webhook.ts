import * as z from 'zod/mini';
import { defineCall } from '../call.ts';
import { EXAMPLE_WEBHOOK_ID } from '../schemas/examples.ts';
import { sendTestEvent } from '../webhooks/test-event.ts';

export const testWebhook = defineCall({
  idempotent: true,
  input: ({ testEventType }) =>
    z.strictObject({
      webhook_id: z
        .string()
        .register(z.globalRegistry, { description: 'An active webhook.', examples: [EXAMPLE_WEBHOOK_ID] }),
      event_type: testEventType,
    }),
  handle: (request, deps) => {
    const { webhook_id: webhookId, event_type: type } = request.input;
    return sendTestEvent(request, { webhookId, type }, deps);
  },
});
