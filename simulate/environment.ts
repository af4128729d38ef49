import { MEMORY_MS, suspectsOurSide } from './rules.ts';

/** What one execution environment remembers of endpoints, by their numbers. */
export interface Environment {
  /** Whether it observed within the last minute that the endpoint hangs. */
  isKnownSlow(endpoint: number, nowMs: number): boolean;
  rememberSlow(endpoint: number, nowMs: number): void;
  answered(endpoint: number, atMs: number): void;
  /** Whether so many of its endpoints hang at once that it assumes a fault on our side. */
  suspectsOurSide(hanging: ReadonlySet<number>, nowMs: number): boolean;
}

export function createEnvironment(): Environment {
  const slowUntil = new Map<number, number>();
  const answeredAt = new Map<number, number>();
  return {
    isKnownSlow: (endpoint, nowMs) => (slowUntil.get(endpoint) ?? 0) > nowMs,
    rememberSlow(endpoint, nowMs) {
      slowUntil.set(endpoint, nowMs + MEMORY_MS);
    },
    answered(endpoint, atMs) {
      answeredAt.set(endpoint, atMs);
    },
    suspectsOurSide(hanging, nowMs) {
      const answering = answeredAt
        .entries()
        .filter(([endpoint, atMs]) => atMs <= nowMs && nowMs - atMs < MEMORY_MS && !hanging.has(endpoint));
      return suspectsOurSide(hanging.size, answering.toArray().length);
    },
  };
}
