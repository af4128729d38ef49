import { isWholeNumber } from './input.ts';

/** Deliveries a second. An endpoint that was down for an hour at 10 events a second is up to date after 12 minutes. */
export const DEFAULT_RECOVERY_RATE = 50;

/** A step enqueues 20 s of deliveries. At this rate it still ends before its function's timeout. */
const MAX_RECOVERY_RATE = 1_000;

export const RECOVERY_RATE_RULE = `a whole number from 1 to ${MAX_RECOVERY_RATE}`;

export function isRecoveryRate(value: unknown): value is number {
  return isWholeNumber(value, 1, MAX_RECOVERY_RATE);
}
