import type { components } from '../api/schema.d.ts';

export type DeliveryStatus = components['schemas']['Delivery']['status'];

/** Tints of badges and notices. */
export type Tone = 'ok' | 'warn' | 'bad' | 'info' | 'quiet';

type Look = Readonly<{ icon: string; tone: Tone }>;
/** With `Record<DeliveryStatus, …>`, a new status of deliveries does not compile without an entry. */
type Looks = Record<string, Look> & Record<DeliveryStatus, Look>;

/** Statuses of deliveries, of webhooks and of recoveries, and the reasons why a webhook needs attention. */
export const STATUSES = {
  delivered: { icon: 'check', tone: 'ok' },
  retrying: { icon: 'retry', tone: 'warn' },
  exhausted: { icon: 'cross', tone: 'bad' },
  canceled: { icon: 'stop', tone: 'quiet' },
  held: { icon: 'pause', tone: 'info' },
  waiting: { icon: 'dots', tone: 'quiet' },
  active: { icon: 'check', tone: 'ok' },
  pending: { icon: 'dots', tone: 'info' },
  disabled: { icon: 'stop', tone: 'quiet' },
  disabled_by_service: { icon: 'stop', tone: 'bad' },
  verification_failed: { icon: 'cross', tone: 'bad' },
  failing: { icon: 'alert', tone: 'bad' },
  slow: { icon: 'clock', tone: 'warn' },
  running: { icon: 'retry', tone: 'info' },
  done: { icon: 'check', tone: 'ok' },
  stopped: { icon: 'stop', tone: 'quiet' },
} as const satisfies Looks;

export type Status = keyof typeof STATUSES;

export function isStatus(text: string): text is Status {
  return Object.hasOwn(STATUSES, text);
}
