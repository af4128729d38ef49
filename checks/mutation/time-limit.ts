/** Keep the real timers: tests replace those in the global scope. */
const { setTimeout, clearTimeout } = globalThis;

/** @throws when `run` takes longer than `limitMs`. It is not stopped then. */
export async function withTimeLimit(run: Promise<void>, limitMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const expired = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('The test hangs with this mutant.')), limitMs);
  });
  try {
    await Promise.race([run, expired]);
  } finally {
    clearTimeout(timer);
  }
}
