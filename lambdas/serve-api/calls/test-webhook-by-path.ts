import * as z from 'zod/mini';
import { defineCall } from '../call.ts';
import { sendTestEvent } from '../webhooks/test-event.ts';

export const testWebhookByPath = defineCall({
  idempotent: true,
  input: ({ testEventType }) => z.strictObject({ event_type: testEventType }),
  handle: (request, deps) =>
    sendTestEvent(request, { webhookId: request.path.webhook_id, type: request.input.event_type }, deps),
});
