import type { CallDescription } from '../call-description.ts';

export const deleteWebhook: CallDescription = {
  summary: 'Delete a webhook',
  description:
    'Deliveries that are still queued for it end as `canceled`; first attempts of the last 2 seconds, and attempts ' +
    'in progress, may still arrive.',
  success: { status: 204, description: 'Deleted.' },
  precondition: 'If-Match',
  problems: ['not-found', 'conflict'],
};
