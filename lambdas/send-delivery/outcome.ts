import type { Sent } from '../shared/runtime/queues.ts';

/**
 * How a message left this step:
 * - `settled`: all that follows from it is recorded or on its way; it may be deleted
 * - `returned`: our own side failed, or has no time left; it comes back, later each time
 * - `waiting`: another copy is ahead of it; it comes back when its queue's visibility timeout is over, and by then
 *   it is recorded whether the other one went on
 */
export type Outcome =
  | { readonly kind: 'settled' }
  | { readonly kind: 'returned'; readonly reason: string }
  | { readonly kind: 'waiting' };

export const SETTLED: Outcome = { kind: 'settled' };
export const WAITING: Outcome = { kind: 'waiting' };

export function returned(reason: string): Outcome {
  return { kind: 'returned', reason };
}

/** A message is settled once what follows from it is certainly on its queue. */
export function settledIf(sent: Sent): Outcome {
  return sent.ok ? SETTLED : returned(sent.reason);
}
