import { install } from '@sinonjs/fake-timers';

/** Where every run begins, in milliseconds since 1970. */
export const START = Date.parse('2026-01-15T10:30:00Z');

/** Taken before anything is faked: what really runs asynchronously, dynalite, uses it. */
const realImmediate = setImmediate;

/**
 * Timers and dates in a run's own hands. Nothing waits: time jumps to the next timer once all that the one
 * before it set in motion has come to rest.
 */
export interface VirtualTime {
  now(): number;
  /** Runs the next timer, wherever it is, and all that follows from it at that moment. */
  step(): Promise<void>;
  /** Lets everything that can go on without time passing go on. */
  settle(): Promise<void>;
  /** Work that ends by itself, but not within microtasks: nothing is at rest before it has ended. */
  track<Result>(work: Promise<Result>): Promise<Result>;
  /** Gives the real timers and dates back. */
  stop(): void;
}

export function startVirtualTime(): VirtualTime {
  const clock = install({
    now: START,
    // A dependency keeps a timer of its own from when it was loaded.
    shouldClearNativeTimers: true,
    toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date'],
  });
  let open = 0;
  let begun = 0;

  const settle = async (): Promise<void> => {
    let seen: number;
    do {
      seen = begun;
      await new Promise<void>((resolve) => realImmediate(resolve));
    } while (open > 0 || begun !== seen);
  };

  return {
    now: () => clock.now,
    settle,
    async step() {
      clock.next();
      await settle();
    },
    track(work) {
      open++;
      begun++;
      return work.finally(() => {
        open--;
      });
    },
    stop: () => clock.uninstall(),
  };
}
