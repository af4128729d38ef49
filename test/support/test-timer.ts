import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Timer } from '../../lambdas/shared/runtime/clock.ts';
import { NOW } from './builders.ts';

export interface TestTimer extends Timer {
  /** The length of each wait so far, in milliseconds. */
  readonly waits: readonly number[];
}

/** A timer without real waits: each wait ends after one turn of the event loop and advances the time. */
export function createTestTimer(): TestTimer {
  let now = NOW;
  const waits: number[] = [];
  return {
    waits,
    now: () => now,
    async sleep(milliseconds, signal) {
      waits.push(milliseconds);
      // Rejects at once when the signal aborts.
      await nextTurn(undefined, signal === undefined ? {} : { signal }).catch(() => undefined);
      if (signal?.aborted !== true) now += milliseconds;
    },
  };
}
