import * as z from 'zod';
import { defineCall } from '../call.ts';
import { sendTestEvent, TEST_DESCRIPTION } from '../webhooks/test-event.ts';

export const testWebhookByPath = defineCall({
  description: TEST_DESCRIPTION,
  idempotent: true,
  input: ({ testEventType }) => z.strictObject({ event_type: testEventType }),
  handle: (request, deps) =>
    sendTestEvent(request, { webhookId: request.path.webhook_id, type: request.input.event_type }, deps),
});
