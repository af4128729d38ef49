/** While a result is expected now. */
const SOON_MS = 2_000;
/** While the next attempt is later, or there is no record of the delivery yet. */
export const LATER_MS = 15_000;

/** Undefined for a delivery that has ended. `now` is in milliseconds since 1970. */
export function pollMsOf(
  {
    status,
    next_attempt_at: next,
  }: { readonly status: string; readonly next_attempt_at?: string | undefined },
  now: number,
): number | undefined {
  if (status !== 'retrying') return undefined;
  const restMs = next === undefined ? 0 : Date.parse(next) - now;
  return Math.min(LATER_MS, Math.max(SOON_MS, restMs));
}
