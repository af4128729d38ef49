import { MEMORY_MS, SUSPICIOUS_HUNG } from '../lambdas/send-delivery/slow-endpoints.ts';

/** What one execution environment remembers of endpoints, by their numbers. */
export interface Environment {
  /** When the last attempt that a batch of it left open will end. */
  openUntil: number;
  knows(endpoint: number, nowMs: number): boolean;
  remember(endpoint: number, nowMs: number): void;
  answered(endpoint: number, atMs: number): void;
  /** Whether so many of its endpoints hang at once that the fault is likelier ours. */
  suspectsItself(hung: ReadonlySet<number>, nowMs: number): boolean;
}

export function createEnvironment(): Environment {
  const slowUntil = new Map<number, number>();
  const answeredAt = new Map<number, number>();
  return {
    openUntil: Number.NEGATIVE_INFINITY,
    knows: (endpoint, nowMs) => (slowUntil.get(endpoint) ?? 0) > nowMs,
    remember(endpoint, nowMs) {
      slowUntil.set(endpoint, nowMs + MEMORY_MS);
    },
    answered(endpoint, atMs) {
      answeredAt.set(endpoint, atMs);
    },
    suspectsItself(hung, nowMs) {
      if (hung.size < SUSPICIOUS_HUNG) return false;
      const answering = answeredAt
        .entries()
        .filter(([endpoint, atMs]) => atMs <= nowMs && nowMs - atMs < MEMORY_MS && !hung.has(endpoint));
      return hung.size > answering.toArray().length;
    },
  };
}
