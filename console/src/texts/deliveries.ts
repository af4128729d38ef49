import { count } from './language.ts';

/** The deliveries of a webhook. */
export const DELIVERIES = {
  title: 'Deliveries',
  titleOf: (name: string) => `Deliveries of ${name}`,
  recover: 'Send events again…',
  filters: 'Filters',
  status: 'Status',
  type: 'Event type',
  anyType: 'All types',
  clear: 'Clear the filters',
  list: 'Log',
  caption: 'Deliveries, by the time at which their events were accepted, the newest first',
  order:
    'Sorted by the time at which each event was accepted. What was sent again later is beside its first delivery.',
  live: 'Live',
  paused: 'Paused',
  pause: 'Pause',
  resume: 'Resume',
  arrived: (arrived: number) => count(arrived, 'new delivery', 'new deliveries'),
  newest: 'Newest',
  columns: {
    type: 'Event type',
    status: 'Status',
    result: 'Last result',
    attempts: 'Attempts',
    accepted: 'Accepted',
  },
  resent: 'Sent again since',
  none: 'Nothing was delivered to this webhook yet, or all of it has expired. Send a test event to see one here.',
  sendTest: 'Send a test event',
  noneNow: 'Nothing was delivered to this webhook.',
  noMatch: 'No delivery matches these filters.',
  examined: 'None of the deliveries that were examined matches. To search older ones, choose “Older”.',
  pageEnd: 'There is nothing on this page.',
};

/** What caused a delivery, when it was not an event. */
export const TRIGGERS: Readonly<Record<string, string>> = {
  event: 'event',
  test: 'test event',
  verification: 'verification',
  resend: 'sent again',
  recovery: 'recovery',
  redrive: 'sent again by the operator',
};
