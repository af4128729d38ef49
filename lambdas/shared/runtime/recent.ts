import type { Clock } from './clock.ts';

/** A set that is full forgets what was added to it the longest ago. */
const MAX_SIZE = 10_000;

/** A set that forgets. */
export interface Recent<Item> {
  /** Added again, an item is as new as the first time. */
  add(item: Item): void;
  has(item: Item): boolean;
  delete(item: Item): void;
  all(): Item[];
}

/** What was added within the last `forMs`, up to ten thousand. */
export function createRecent<Item>(clock: Clock, forMs: number): Recent<Item> {
  // A Map iterates in the order of insertion: the first are the oldest.
  const addedAt = new Map<Item, number>();
  const isRecent = (time: number): boolean => clock.now() - time < forMs;
  return {
    add(item) {
      addedAt.delete(item);
      addedAt.set(item, clock.now());
      const [oldest] = addedAt.keys();
      if (addedAt.size > MAX_SIZE && oldest !== undefined) addedAt.delete(oldest);
    },
    has(item) {
      const time = addedAt.get(item);
      if (time === undefined || isRecent(time)) return time !== undefined;
      addedAt.delete(item);
      return false;
    },
    delete: (item) => addedAt.delete(item),
    all: () => [...addedAt].filter(([, time]) => isRecent(time)).map(([item]) => item),
  };
}
