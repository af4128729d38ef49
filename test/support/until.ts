/** Ends a wait that hangs. It is far above the longest wait on a busy machine. */
export const WAIT_LIMIT_MS = 600_000;
const MIN_PAUSE_MS = 20;
const MAX_PAUSE_MS = 500;
/** The longer the wait so far, the longer the pause: a test that waits 30 s for a retry shall not call the API 1,000 times. */
const PAUSE_OF_WAIT = 0.05;

/**
 * Calls `check` until it returns a value. Throws an error with `what` after `WAIT_LIMIT_MS`. It returns at most 5 % later
 * than the value is there.
 */
export async function until<T>(
  what: string,
  check: () => Promise<T | undefined> | T | undefined,
): Promise<T> {
  const start = performance.now();
  for (;;) {
    const found = await check();
    if (found !== undefined) return found;
    const waited = performance.now() - start;
    if (waited > WAIT_LIMIT_MS) throw new Error(`${what}: not within ${WAIT_LIMIT_MS / 1000} s`);
    const pauseMs = Math.min(MAX_PAUSE_MS, Math.max(MIN_PAUSE_MS, waited * PAUSE_OF_WAIT));
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}
