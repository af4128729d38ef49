import { patternText } from './event-picker.ts';
import { count } from './language.ts';

/** One event and its delivery to each webhook. */
export const EVENT = {
  titleOf: (id: string) => `Event ${id}`,
  missing:
    'There is no event with this id in this account. It is not dispatched yet, or it has expired, or the account had no webhook when it was published. This page looks again by itself.',
  id: 'Event id',
  copyId: 'Copy the event id',
  type: 'Type',
  created: 'Created',
  facts: 'Details',
  data: 'Data',
  dataOf: 'Data of the event',
  copyData: 'Copy the data as it is sent',
  deliveries: 'Deliveries',
  caption: 'The deliveries of this event, each followed by its repeat',
  none: 'It matched no webhook when it was dispatched. See why below.',
  noneAtAll: 'It matched no webhook when it was dispatched, and there is no other webhook today.',
  columns: {
    webhook: 'Webhook',
    status: 'Status',
    result: 'Last result',
    attempts: 'Attempts',
    time: 'Time',
  },
  showDelivery: 'Show the delivery',
  noResult: 'No result is recorded yet.',
  repeats: 'Sent again',
  notMatched: 'Not sent to',
  notMatchedCaption: 'Webhooks that this event is not sent to, and why',
  test: 'This is a test event: it was made for one webhook only.',
  why: 'Why',
  showAll: (hidden: number) => `Show ${count(hidden, 'other webhook')}`,
  summary: (delivered: number, total: number) =>
    total === 1 && delivered === 1
      ? 'Delivered to the webhook that it matched.'
      : `Delivered to ${delivered} of ${count(total, 'webhook')} that it matched.`,
};

/** Why an event did not match a webhook, and what would change that. */
export const NOT_MATCHED: Readonly<Record<string, string>> = {
  type: 'It does not subscribe to this type.',
  not_verified: 'Its URL has never answered a challenge. Verify it to receive events.',
  made_later: 'It was made after the event was accepted.',
  changed_later:
    'It would match now. Its event types were changed, or it was verified, after the event was dispatched.',
};

export const SUBSCRIBES_TO = (events: readonly string[]) =>
  `It receives ${events.map(patternText).join(', ')}.`;
