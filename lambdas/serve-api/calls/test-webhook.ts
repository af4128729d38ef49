import * as z from 'zod';
import { defineCall } from '../call.ts';
import { EXAMPLE_WEBHOOK_ID } from '../schemas/examples.ts';
import { sendTestEvent, TEST_DESCRIPTION } from '../webhooks/test-event.ts';

export const testWebhook = defineCall({
  description: {
    ...TEST_DESCRIPTION,
    summary: 'Send a test event to the webhook that the body names',
    description: `${TEST_DESCRIPTION.description} The same as POST /v1/webhooks/{webhook_id}/test.`,
  },
  idempotent: true,
  input: ({ testEventType }) =>
    z.strictObject({
      webhook_id: z.string().meta({ description: 'An active webhook.', examples: [EXAMPLE_WEBHOOK_ID] }),
      event_type: testEventType,
    }),
  handle: (request, deps) => {
    const { webhook_id: webhookId, event_type: type } = request.input;
    return sendTestEvent(request, { webhookId, type }, deps);
  },
});
