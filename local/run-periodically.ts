import { type Clock, sleep } from '../lambdas/shared/runtime/clock.ts';

/** Calls `work` once in each period, the first time after one period, until the signal aborts. Does not wait for `work`. */
export async function runPeriodically(
  everyMs: number,
  { clock, signal }: { readonly clock: Clock; readonly signal: AbortSignal },
  work: () => void,
): Promise<void> {
  for (let next = clock.now() + everyMs; ; next += everyMs) {
    await sleep(Math.max(0, next - clock.now()), signal);
    if (signal.aborted) return;
    work();
  }
}
