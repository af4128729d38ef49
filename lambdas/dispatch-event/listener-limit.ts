import type { ListenerId } from '../shared/domain/ids.ts';
import type { Clock } from '../shared/runtime/clock.ts';

/**
 * Deliveries that one execution environment stores for one listener in one second. A person cannot read more, and
 * without a limit an account with many events would store each of them once more for each listener.
 */
export const MAX_COPIES_PER_SECOND = 25;

/** Counts the deliveries of each listener in the current second. */
export interface ListenerLimit {
  /** `last`: the limit is reached with this one. `over`: it must not be stored. */
  take(listenerId: ListenerId): 'free' | 'last' | 'over';
}

export function createListenerLimit(clock: Clock): ListenerLimit {
  let second = 0;
  const used = new Map<ListenerId, number>();
  return {
    take(listenerId) {
      const now = Math.floor(clock.now() / 1_000);
      if (now !== second) used.clear();
      second = now;
      const count = (used.get(listenerId) ?? 0) + 1;
      used.set(listenerId, count);
      if (count < MAX_COPIES_PER_SECOND) return 'free';
      return count === MAX_COPIES_PER_SECOND ? 'last' : 'over';
    },
  };
}
