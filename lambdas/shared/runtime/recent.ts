import type { Clock } from './clock.ts';
import { dropOldest } from './drop-oldest.ts';

/** A full set removes the item that was added first. */
const MAX_SIZE = 10_000;

/** A set that removes its items after some time. */
export interface Recent<Item> {
  /** Adding an item again restarts its time. */
  add(item: Item): void;
  has(item: Item): boolean;
  delete(item: Item): void;
  all(): Item[];
}

/** Contains the items that were added within the last `forMs`, at most 10,000. */
export function createRecent<Item>(clock: Clock, forMs: number): Recent<Item> {
  const addedAt = new Map<Item, number>();
  const isRecent = (time: number): boolean => clock.now() - time < forMs;
  return {
    add(item) {
      addedAt.delete(item);
      addedAt.set(item, clock.now());
      if (addedAt.size > MAX_SIZE) dropOldest(addedAt);
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
