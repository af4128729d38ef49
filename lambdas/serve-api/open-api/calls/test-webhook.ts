import type { CallDescription } from '../call-description.ts';
import { testWebhookByPath } from './test-webhook-by-path.ts';

export const testWebhook: CallDescription = {
  ...testWebhookByPath,
  summary: 'Send a test event to the webhook that the body names',
  description: `${testWebhookByPath.description} The same as POST /v1/webhooks/{webhook_id}/test.`,
};
