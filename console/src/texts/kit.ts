import type { Status } from '../kit/status.ts';

/** Words of badges, charts, pagers and other parts that several screens use. */
export const STATUS_WORDS: Readonly<Record<Status, string>> = {
  delivered: 'Delivered',
  retrying: 'Retrying',
  exhausted: 'Failed',
  canceled: 'Canceled',
  held: 'Held',
  waiting: 'Waiting',
  active: 'Active',
  pending: 'Waiting for verification',
  disabled: 'Disabled',
  disabled_by_service: 'Disabled by the service',
  verification_failed: 'Verification failed',
  failing: 'Failing',
  slow: 'Slow',
  running: 'Running',
  done: 'Done',
  stopped: 'Stopped',
};

export const KIT = {
  newer: 'Newer',
  older: 'Older',
  pages: 'Pages',
  copy: 'Copy',
  copied: 'Copied',
  copyFailed: 'The browser refused to copy. Select the text and copy it.',
  close: 'Close',
  cancel: 'Cancel',
  optional: 'optional',
  now: 'now',
  loading: 'Loading…',
  figures: 'Figures as a table',
  hour: 'Hour',
  delivered: 'Delivered',
  failed: 'Failed',
  chartKeys: 'Use the arrow keys to read the hours.',
  noHours: 'No deliveries in the last 24 hours.',
  attemptsOf: (delivered: string, failed: string) => `${delivered} delivered, ${failed} failed attempts`,
  succeededOf: (delivered: string, failed: string) => `${delivered} delivered, ${failed} failed`,
};

/** The parts of an attempt. */
export const WATERFALL = {
  dns: 'DNS',
  connect: 'connect',
  tls: 'TLS',
  first_byte: 'your server',
  rest: 'rest',
};
