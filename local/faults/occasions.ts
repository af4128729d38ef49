import type { When } from './fault.ts';

/** Counts the occasions on which a fault could happen. */
export interface Occasions {
  /**
   * Call once for each occasion. Returns how many times the fault happened before if it happens now, otherwise
   * undefined.
   */
  next(): number | undefined;
}

/** `now` in milliseconds; the fault's times start at the call of this function. `effects`: in a row, at least 1. */
export function createOccasions(when: When | undefined, now: () => number, effects = 1): Occasions {
  const { from, to, afterMs = 0, forMs } = when ?? {};
  const everyOne = from === undefined && forMs !== undefined;
  const first = from ?? 1;
  const last = to ?? (everyOne ? Number.POSITIVE_INFINITY : first + effects - 1);
  const startsAt = now() + afterMs;
  const endsAt = startsAt + (forMs ?? Number.POSITIVE_INFINITY);
  let count = 0;
  return {
    next() {
      if (now() < startsAt || now() >= endsAt) return undefined;
      count++;
      return count >= first && count <= last ? count - first : undefined;
    },
  };
}
