import type { Clock } from '../../lambdas/shared/runtime/clock.ts';

export interface ThrottleSettings {
  readonly ratePerSecond: number;
  /** Tokens that a rested bucket holds: requests that may come at once. */
  readonly burst: number;
}

/** API Gateway's token bucket: true when one more request may pass now. */
export function createThrottle({ ratePerSecond, burst }: ThrottleSettings, clock: Clock): () => boolean {
  let tokens = burst;
  let filledAt = clock.now();
  return () => {
    const now = clock.now();
    tokens = Math.min(burst, tokens + ((now - filledAt) / 1000) * ratePerSecond);
    filledAt = now;
    if (tokens < 1) return false;
    tokens--;
    return true;
  };
}
