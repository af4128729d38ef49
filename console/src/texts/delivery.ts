import { ATTEMPT } from './attempt.ts';
import { count, number } from './language.ts';

/** One delivery with its attempts and its request. */
export const DELIVERY = {
  titleOf: (type: string, id: string) => `${type} ${id}`,
  missing:
    'There is no record of this delivery. Its first attempt has no result yet, or it has expired. This page looks again by itself.',
  showDeliveries: 'Show deliveries',
  facts: 'Details',
  event: 'Event',
  id: 'Delivery id',
  copyId: 'Copy the delivery id',
  trigger: 'Caused by',
  created: 'Created',
  repeats: 'Repeats',
  repeatedAs: 'Sent again as',
};

/** The result of the delivery, in a sentence or two. */
export const CAUSE = {
  first: 'Delivered at the first attempt.',
  later: (attempts: number) =>
    `Delivered at attempt ${number(attempts)}. ${count(attempts - 1, 'attempt')} failed before.`,
  /** `failure` begins with a capital. */
  always: (failure: string, attempts: number) =>
    attempts === 1 ? `${failure}.` : `${failure}, ${ATTEMPT.times(attempts)}.`,
  mixed: (failure: string, attempts: number) =>
    `${count(attempts, 'attempt')} failed. At the last one, ${failure}.`,
  stopped: 'We stopped trying.',
  nextIn: 'The next attempt begins in',
  held: 'Held: your server has not seen it.',
  heldAfter: (attempts: number) => `Held after ${count(attempts, 'attempt')} that failed.`,
  heldCheck: 'Send it, or everything that was held.',
  heldInactive: 'When the webhook is active again, send what was held.',
  recover: { held: 'Send all held events…', exhausted: 'Send all failed events again…' },
  canceled: 'Canceled: it is not sent any more.',
  resent: 'It was sent again since then:',
  latest: 'show the newer delivery',
};

export const ATTEMPTS = {
  title: 'Attempts',
  none: 'No attempt was made.',
  number: (attempt: number) => `Attempt ${number(attempt)}`,
  succeeded: 'Succeeded',
  failed: 'Failed',
  answer: 'Answer',
  answerOf: (attempt: number) => `Answer to attempt ${number(attempt)}`,
  noAnswer: 'There was no answer.',
  notRecorded: 'The answer to an attempt that succeeded is not recorded, apart from its status.',
  noBody: 'The answer had no body, or none was recorded.',
  cut: (bytes: number) => `Cut: only the first ${count(bytes, 'byte')} were recorded`,
  headers: 'Headers of the answer',
  sentHeaders: 'Headers that were sent',
};

export const REQUEST = {
  title: 'Request',
  mayDiffer:
    'The webhook was changed or deleted after this was sent, or just before. The address and the names of your own headers are current.',
  noAddress: 'The address is not known any more.',
  headers: 'Headers',
  headersOf: 'Attempt whose headers are shown',
  headersNote:
    'Signatures and the values of your own headers are hidden. Host, Content-Length and Connection are left out.',
  copyHeaders: 'Copy the headers',
  body: 'Body',
  pretty: 'Pretty',
  raw: 'Raw',
  copyBody: 'Copy the body as it was sent',
  missing: {
    challenge: 'The body of a challenge is never stored.',
    expired: 'The event has expired, and the body with it.',
  } as Readonly<Record<string, string>>,
};

export const SEND_AGAIN = {
  button: 'Send again',
  challenge: 'A challenge cannot be sent again. Verify the webhook instead.',
  expired: 'The event has expired, so it cannot be sent again.',
  deleted: 'The webhook was deleted, so nothing can be sent to it.',
  queuedTitle: 'Queued to be sent again',
  queued: 'Its first attempt has no result yet.',
  resultTitle: 'Sent again',
  show: 'Show the new delivery',
  showWebhook: 'Show the webhook',
};
