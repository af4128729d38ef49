/** Ends a wait that hangs. It is far above the longest wait on a busy machine. */
export const WAIT_LIMIT_MS = 600_000;
const POLL_MS = 20;

/** Calls `check` until it returns a value. Throws an error with `what` after `WAIT_LIMIT_MS`. */
export async function until<T>(
  what: string,
  check: () => Promise<T | undefined> | T | undefined,
): Promise<T> {
  const deadline = performance.now() + WAIT_LIMIT_MS;
  for (;;) {
    const found = await check();
    if (found !== undefined) return found;
    if (performance.now() > deadline) throw new Error(`${what}: not within ${WAIT_LIMIT_MS / 1000} s`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
