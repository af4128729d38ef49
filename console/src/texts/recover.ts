import { count, number } from './language.ts';

type Kind = 'held' | 'exhausted' | 'both';
const KINDS: Readonly<Record<Kind, string>> = { held: 'held', exhausted: 'failed', both: 'held or failed' };

const deliveries = (value: number): string => count(value, 'delivery', 'deliveries');
const eventsOf = (value: number, kind: Kind): string => count(value, `${KINDS[kind]} event`);

/** Sending many deliveries again. */
export const RECOVER = {
  title: 'Send events again',
  titleOf: (name: string) => `Send events of ${name} again`,
  intro:
    'A recovery sends events that failed, or that were held while the webhook was disabled: the oldest first, in the background, to the current URL. New events are not delayed.',
  choose: 'Choose',
  status: 'Status',
  fromOldest: 'It begins with the oldest event that is held or failed.',
  noStatus: 'Choose a status: held, failed, or both.',
  order: 'The first time must be before the second one, and in the past.',
  preview: 'What is sent',
  counting: 'Counting…',
  counted: (value: number, isAtLeast: boolean, kind: Kind) =>
    `${isAtLeast ? 'At least ' : ''}${eventsOf(value, kind)} can be sent.`,
  atLeast: 'There are more than can be counted at once. The recovery finds all of them.',
  seen: {
    held: 'Your server has not seen them.',
    exhausted: 'Your server did not accept them.',
    both: 'Your server has not accepted any of them.',
  },
  countedAt: 'Counted',
  countAgain: 'Count again',
  none: 'Nothing to send: no event of this time is held or failed, apart from those that were sent again.',
  longer: 'Look at all that is kept',
  readOnly: 'Counting and sending need a link that allows changes. Ask for one.',
  start: (value: number, isAtLeast: boolean, kind: Kind) =>
    isAtLeast ? `Send ${number(value)} events and more` : `Send ${eventsOf(value, kind)}`,
  deleted: 'The webhook was deleted, so nothing can be sent to it.',
};

/** One recovery. */
export const RECOVERY = {
  titleOf: (id: string) => `Recovery ${id}`,
  title: 'Recovery',
  missing: 'There is no recovery with this id. It may have expired.',
  another: 'Choose again',
  progress: 'Progress',
  starting: 'It looks for events to send, and queues them every 20 seconds.',
  running: 'What is queued is sent, and its results are counted.',
  counted: 'Results are counted once a minute, the last time',
  notCounted: 'Results are counted once a minute, for the first time after a minute.',
  done: (delivered: number, enqueued: number) =>
    enqueued === 0
      ? 'Nothing was found to send.'
      : `${number(delivered)} of ${deliveries(enqueued)} succeeded.`,
  doneAll: (delivered: number) =>
    delivered === 1 ? 'It was delivered.' : `All ${number(delivered)} were delivered.`,
  /** The reason of the API for a stop by a person. */
  byRequest: 'stopped by request',
  stoppedByRequest: 'By request.',
  rest: 'What was queued is still sent, and is not counted any more. The rest stays held or failed: another recovery sends it.',
  figures: {
    found: 'Found',
    enqueued: 'Sent or queued',
    delivered: 'Delivered',
    failed: 'Failed',
    waiting: 'No result yet',
    uncounted: 'Not counted',
    expired: 'Expired',
    rate: 'Limit per second',
  },
  bars: { queued: 'Queued', ended: 'With a result' },
  of: (done: number, total: number) => `${number(done)} of ${number(total)}`,
  stop: 'Stop',
  stopHint: 'After a stop, what is queued already is still sent, for about 20 seconds.',
  showFailed: 'Show failed deliveries',
  facts: 'Details',
  id: 'Recovery id',
  time: 'Accepted between',
  and: 'and',
  beginning: 'the beginning',
  statuses: 'Status',
  started: 'Started',
  ended: 'Ended',
};

export const RECOVERIES = {
  title: 'Recoveries',
  caption: 'Recoveries of this webhook, the newest first',
  runningTitle: 'A recovery is running',
  show: 'Show its progress',
  columns: { started: 'Started', status: 'Status', found: 'Found', delivered: 'Delivered', failed: 'Failed' },
};
