import { type Batcher, type BatcherSettings, createBatcher } from '../shared/runtime/batcher.ts';

/**
 * Lets deliveries that are sent at once also share their bookkeeping calls. A call waits for others to join
 * it, but no longer than there is somebody who still might: when every delivery waits, all batches run.
 */
export interface Rendezvous {
  /** A shared call of this batch of deliveries. */
  batch<Item, Result>(settings: BatcherSettings<Item, Result>): (item: Item) => Promise<Result>;
  /** Runs one delivery, as one of those that others wait for. */
  run<Result>(delivery: () => Promise<Result>): Promise<Result>;
}

export function createRendezvous(): Rendezvous {
  const batchers: Pick<Batcher<never, unknown>, 'flush'>[] = [];
  let busy = 0;

  const step = (change: 1 | -1): void => {
    busy += change;
    if (busy === 0) for (const batcher of batchers) batcher.flush();
  };

  return {
    batch(settings) {
      const batcher = createBatcher(settings);
      batchers.push(batcher);
      return async (item) => {
        const result = batcher.add(item);
        step(-1);
        try {
          return await result;
        } finally {
          step(1);
        }
      };
    },
    async run(delivery) {
      step(1);
      try {
        return await delivery();
      } finally {
        step(-1);
      }
    },
  };
}
