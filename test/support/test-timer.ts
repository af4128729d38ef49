import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Timer } from '../../lambdas/shared/runtime/clock.ts';
import { NOW } from './builders.ts';

export interface TestTimer extends Timer {
  /** The length of each wait so far, in milliseconds. */
  readonly waits: readonly number[];
}

/** A timer without real waits: each wait advances its time and ends after one turn of the event loop. */
export function createTestTimer(): TestTimer {
  let now = NOW;
  const waits: number[] = [];
  return {
    waits,
    now: () => now,
    async sleep(milliseconds) {
      waits.push(milliseconds);
      await nextTurn();
      now += milliseconds;
    },
  };
}
