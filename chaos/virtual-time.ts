import { install } from '@sinonjs/fake-timers';

/** Where every run begins, in milliseconds since 1970. */
export const START = Date.parse('2026-01-15T10:30:00Z');

/** Read before anything is faked: dynalite, which really runs asynchronously, uses it. */
const realImmediate = setImmediate;

/** Faked timers and dates. Nothing waits: time jumps to the next timer once all work of the one before has ended. */
export interface VirtualTime {
  now(): number;
  /** Runs the next timer, wherever it is, and all that follows from it at that moment. */
  step(): Promise<void>;
  /** Lets everything that can go on without time passing go on. */
  settle(): Promise<void>;
  /** Work that needs no timer, but more than microtasks: `settle` waits for its end. */
  track<Result>(work: Promise<Result>): Promise<Result>;
  /** Restores the real timers and dates. */
  stop(): void;
}

export function startVirtualTime(): VirtualTime {
  const clock = install({
    now: START,
    // A dependency has a timer from when it was loaded.
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
