/** When a run ends. */
export interface RunLimits {
  /** A run that takes longer is reported as not settled. */
  readonly maxDurationMs: number;
  /** A run has ended after this long without work. This time is longer than any wait between two pieces of work. */
  readonly idleUntilEndMs: number;
}

/** 14 days are the longest retention of a queue. 200 s are longer than the visibility timeout. */
export const VIRTUAL_TIME_LIMITS: RunLimits = { maxDurationMs: 14 * 86_400_000, idleUntilEndMs: 200_000 };

/** With the shortened waits of `live/live-setup.ts`, and at most as long as a test may take. */
export const REAL_TIME_LIMITS: RunLimits = { maxDurationMs: 120_000, idleUntilEndMs: 2_000 };
