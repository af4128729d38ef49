import type { CallDescription } from '../call-description.ts';
import { WEBHOOK_HEALTH_RESPONSE } from '../schemas/webhook-health.ts';

export const getWebhookHealth: CallDescription = {
  summary: 'Get the health of a webhook',
  description:
    'The success rate and the response times of the last hour and the last day, each hour of the day with its failures ' +
    'by class, the last success and the last failure, and how close the webhook is to being disabled. Computed from the newest 2,000 deliveries; tests and ' +
    'challenges do not count.',
  success: { status: 200, description: 'The health of the webhook.', output: WEBHOOK_HEALTH_RESPONSE },
  problems: ['not-found', 'too-many-requests'],
};
