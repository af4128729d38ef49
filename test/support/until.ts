/** Ends a wait that hangs. It is far above what any wait takes on a machine with much other work. */
export const WAIT_LIMIT_MS = 300_000;
const LOOK_EVERY_MS = 20;

/** Looks again until there is a result. Throws, with `what`, after `WAIT_LIMIT_MS`. */
export async function until<T>(what: string, look: () => Promise<T | undefined> | T | undefined): Promise<T> {
  const deadline = performance.now() + WAIT_LIMIT_MS;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (performance.now() > deadline) throw new Error(`${what}: not within ${WAIT_LIMIT_MS / 1000} s`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}
