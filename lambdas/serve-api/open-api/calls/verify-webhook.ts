import type { CallDescription } from '../call-description.ts';
import { WEBHOOK_WITH_HELD_RESPONSE } from '../schemas/webhook.ts';

export const verifyWebhook: CallDescription = {
  summary: 'Send the challenge again',
  description:
    'Sends a new challenge to `pending_url`, or to a `url` that is not verified yet. From then on an answer to the ' +
    'previous challenge has no effect. 409 for a webhook with nothing to verify. A body is ignored.',
  success: { status: 202, description: 'The challenge is queued.', output: WEBHOOK_WITH_HELD_RESPONSE },
  etag: true,
  problems: ['invalid-request', 'not-found', 'conflict', 'too-many-requests'],
};
