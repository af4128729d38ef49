import { install } from '@sinonjs/fake-timers';

/** The start of every run, in milliseconds since 1970. */
export const START = Date.parse('2026-01-15T10:30:00Z');

/** Read before timers are faked. Needed to wait for dynalite, which uses real asynchronous work. */
const realImmediate = setImmediate;

/** Faked timers and dates. Time jumps to the next timer when all work of the previous one has ended. */
export interface VirtualTime {
  now(): number;
  /** Jumps to the next timer, runs it, and settles. */
  step(): Promise<void>;
  /** Waits until no work is left at the present time. */
  settle(): Promise<void>;
  /** Makes `settle` wait for work that needs more than microtasks, but no timer. */
  track<Result>(work: Promise<Result>): Promise<Result>;
  /** Restores the real timers and dates. */
  stop(): void;
}

export function startVirtualTime(): VirtualTime {
  const clock = install({
    now: START,
    // A dependency sets a timer when it is loaded.
    shouldClearNativeTimers: true,
    toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date'],
  });
  let unfinished = 0;
  let started = 0;

  const settle = async (): Promise<void> => {
    let startedBefore: number;
    do {
      startedBefore = started;
      await new Promise<void>((resolve) => realImmediate(resolve));
    } while (unfinished > 0 || started !== startedBefore);
  };

  return {
    now: () => clock.now,
    settle,
    async step() {
      clock.next();
      await settle();
    },
    track(work) {
      unfinished++;
      started++;
      return work.finally(() => {
        unfinished--;
      });
    },
    stop: () => clock.uninstall(),
  };
}
