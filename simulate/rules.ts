import { MEMORY_MS, SUSPICIOUS_HUNG } from '../lambdas/send-delivery/slow-endpoints.ts';

/** The sender's rules that the simulator follows, in one place. */

export { ATTEMPT_DEADLINE_MS } from '../lambdas/send-delivery/send-once.ts';
export { MEMORY_MS };

/** An attempt that is open for this long marks its webhook slow. */
export const HUNG_AFTER_MS = 2_000;
/** On the slow lane, a response head within this time removes a mark ... */
export const QUICK_ANSWER_MS = 1_500;
/** ... that is older than this. */
export const MARK_MIN_AGE_MS = 60_000;
/** A first attempt is sent without a read while its signature is younger than this. */
export const FRESH_MS = 2_000;
/** Invocations of dispatch-event at once. */
export const DISPATCH_CONCURRENCY = 100;

/**
 * Whether an environment assumes that a fault is on our side: at least three webhooks hang, and fewer others
 * have answered within the last minute.
 */
export function suspectsOurSide(hanging: number, answering: number): boolean {
  return hanging >= SUSPICIOUS_HUNG && hanging > answering;
}
