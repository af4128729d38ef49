import type { Clock } from '../lambdas/shared/runtime/clock.ts';
import { createRecent } from '../lambdas/shared/runtime/recent.ts';
import { MEMORY_MS, suspectsOurSide } from './rules.ts';

/** The observations of endpoints that one execution environment of the sender keeps, by the endpoint's number. */
export interface EnvironmentMemory {
  /** Whether this environment observed within the last minute that the endpoint hangs. */
  isKnownSlow(endpoint: number): boolean;
  rememberSlow(endpoint: number): void;
  rememberResponse(endpoint: number): void;
  /** Whether so many of its endpoints hang at once that a fault on our side is assumed. */
  assumesOurFault(hanging: ReadonlySet<number>): boolean;
}

export function createEnvironmentMemory(clock: Clock): EnvironmentMemory {
  const slow = createRecent<number>(clock, MEMORY_MS);
  const responded = createRecent<number>(clock, MEMORY_MS);
  return {
    isKnownSlow: slow.has,
    rememberSlow: slow.add,
    rememberResponse: responded.add,
    assumesOurFault: (hanging) =>
      suspectsOurSide(hanging.size, responded.all().filter((endpoint) => !hanging.has(endpoint)).length),
  };
}
