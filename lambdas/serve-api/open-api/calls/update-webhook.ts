import type { CallDescription } from '../call-description.ts';
import { WEBHOOK_WITH_HELD_RESPONSE } from '../schemas/webhook.ts';

export const updateWebhook: CallDescription = {
  summary: 'Change a webhook',
  description:
    'Changes the given fields, all or none. `null` removes the description, the headers and the rule of success; for ' +
    'the other fields it has no effect, like leaving the field out. `headers` replaces all headers that the webhook ' +
    'has. A new URL is shown as `pending_url` and is sent a challenge; the current URL stays ' +
    'in use until the new one answers. The current URL, given again, removes the pending one. A webhook that was ' +
    'never verified gets the new URL at once and is sent a challenge there. Queued deliveries of event types that ' +
    '`events` no longer contains end as `canceled`, and those of a disabled webhook as `held`; first attempts of the ' +
    'last 2 seconds, and attempts in progress, may still arrive.',
  success: {
    status: 200,
    description: 'The webhook after the change.',
    output: WEBHOOK_WITH_HELD_RESPONSE,
  },
  etag: true,
  precondition: 'If-Match',
  problems: ['webhook-limit-reached', 'not-found', 'conflict', 'too-many-requests'],
};
