/** Reads the time. It is a parameter, so that tests and simulations set the time. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
}

/** A clock that also waits. Code that runs in a function waits with the timer that it is given. */
export interface Timer extends Clock {
  /** Resolves after `milliseconds`, or at once when the signal aborts: check the signal afterwards. Never rejects. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
}

/** The reason with which a wait is ended. Without one, an abort creates an exception with its stack. */
export const ENDED = 'ended';

export const systemClock: Timer = { now: () => Date.now(), sleep };

/** Waits in real time, as `Timer` describes. */
export function sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const done = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    signal?.addEventListener('abort', done);
  });
}
