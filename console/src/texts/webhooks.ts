import { count, number } from './language.ts';

/** The list of webhooks. */
export const WEBHOOKS = {
  title: 'Webhooks',
  create: 'New webhook',
  empty: 'You have no webhooks. A webhook sends events to an address of your server.',
  emptyPage: 'There are no more webhooks.',
  firstPage: 'First page',
  previousPage: 'Previous page',
  nextPage: 'Next page',
  noAttention: 'Nothing needs your attention.',
  attention: (webhooks: number, hasMore: boolean) =>
    `${hasMore ? 'At least ' : ''}${count(webhooks, 'webhook')} ${webhooks === 1 && !hasMore ? 'needs' : 'need'} your attention.`,
  caption: 'Webhooks, those that need attention first',
  webhook: 'Webhook',
  status: 'Status',
  day: 'Last 24 hours',
  successRate: 'Success',
  held: 'Held',
  since: 'since',
  none: 'none',
  atLeast: (value: number) => `${number(value)}+`,
  newUrl: {
    pending: 'New URL is not verified',
    verification_failed: 'New URL failed verification',
  },
};
