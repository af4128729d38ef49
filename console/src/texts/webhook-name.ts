/** What several screens below a webhook say about it. */
export const WEBHOOK = {
  webhooks: 'Webhooks',
  deliveries: 'Deliveries',
  delivery: 'Delivery',
  missing: 'This account has no webhook with this id. It may have been deleted.',
  showWebhooks: 'Show webhooks',
  deletedTitle: 'This webhook was deleted',
  deleted: 'Its deliveries are kept until they expire.',
  notActive: {
    pending: 'The webhook is not verified yet, so nothing is sent to it.',
    verification_failed: 'The webhook is not verified, so nothing is sent to it.',
    disabled: 'The webhook is disabled: its events are held, and nothing is sent.',
  } as Readonly<Record<string, string>>,
  notActiveOther: 'The webhook is not active, so nothing is sent to it.',
  showWebhook: 'Show the webhook',
};
