import type { DeliveryId } from '../../lambdas/shared/domain/ids.ts';
import type { PostResult } from '../../lambdas/shared/http/post.ts';
import { deliveryId } from '../support/builders.ts';

/** The visibility timeout of the lanes: the messages of a killed environment become visible again after it. */
export const VISIBILITY_MS = 120_000;

/**
 * The follow-up of attempt 1 is overdue this long after the attempt began: 20 ms of the attempt, 1 s of delay, and the
 * margin of 1.5 visibility timeouts.
 */
export const OVERDUE_MS = 20 + 1_000 + 1.5 * VISIBILITY_MS;

/** The queues and the delays of the retries, as the simulated cloud is set up. */
export const RETRIES = [
  ['retry1', 1],
  ['retry2', 5],
  ['retry3', 30],
] as const;

export const ADDRESS_REFUSED: PostResult = {
  kind: 'failed',
  error: 'address_refused',
  reason: 'the address is private',
  durationMs: 1,
  timing: {},
  reconnected: false,
};

export const TIMED_OUT: PostResult = {
  kind: 'failed',
  error: 'timeout',
  reason: 'no response',
  durationMs: 30_000,
  timing: {},
  reconnected: false,
};

export function nthDeliveryId(n: number): DeliveryId {
  return deliveryId(`dlv_${String(n).padStart(10, '0')}`);
}
