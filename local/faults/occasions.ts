import type { When } from './fault.ts';

/** Counts the occasions on which a fault could happen, and says on which it does. */
export interface Occasions {
  /** Call once for each. */
  next(): boolean;
}

/** `now` in milliseconds; time counts from the call of this function. */
export function createOccasions(when: When | undefined, now: () => number): Occasions {
  const { from, to, forMs } = when ?? {};
  const everyOne = from === undefined && forMs !== undefined;
  const first = from ?? 1;
  const last = to ?? (everyOne ? Number.POSITIVE_INFINITY : first);
  const endsAt = now() + (forMs ?? Number.POSITIVE_INFINITY);
  let count = 0;
  return {
    next() {
      if (now() >= endsAt) return false;
      count++;
      return count >= first && count <= last;
    },
  };
}
