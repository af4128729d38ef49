import type { Sent } from '../shared/runtime/queues.ts';

/**
 * How a message left this step:
 * - `settled`: all that follows from it is recorded or on its way; it may be deleted
 * - `returned`: our own side failed, or has no time left; it comes back, later each time
 */
export type Outcome = { readonly kind: 'settled' } | { readonly kind: 'returned'; readonly reason: string };

export const SETTLED: Outcome = { kind: 'settled' };

export function returned(reason: string): Outcome {
  return { kind: 'returned', reason };
}

/** A message is settled once what follows from it is certainly on its queue. */
export function settledIf(sent: Sent): Outcome {
  return sent.ok ? SETTLED : returned(sent.reason);
}
