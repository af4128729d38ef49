import type { CallDescription } from '../call-description.ts';
import { WEBHOOK_RESPONSE } from '../schemas/webhook.ts';

export const getWebhook: CallDescription = {
  summary: 'Get a webhook',
  description:
    'Returns its current state. With the ETag of an earlier answer in `If-None-Match`, the answer is 304 when nothing ' +
    'has changed except the marks of the service (`slow_since`, `exhausted_in_row`, `failing_since`, `warned_at`) and `updated_at`.',
  success: { status: 200, description: 'The webhook.', output: WEBHOOK_RESPONSE },
  etag: true,
  precondition: 'If-None-Match',
  problems: ['not-found'],
};
