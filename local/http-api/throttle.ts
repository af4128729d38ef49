import type { Clock } from '../../lambdas/shared/runtime/clock.ts';

export interface ThrottleSettings {
  readonly ratePerSecond: number;
  /** Capacity of the bucket: the number of requests at once. */
  readonly burst: number;
}

/** API Gateway's token bucket. Each call takes a token; false if there is none. */
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
