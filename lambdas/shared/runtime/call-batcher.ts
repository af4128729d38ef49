import { ENDED, type Timer } from './clock.ts';

/**
 * Combines the calls of tasks that run at the same time. A call starts when it has `maxItems` items, when its oldest
 * item has waited for `maxWaitMs`, or when no running task can add an item.
 */
export interface CallBatcher {
  /** Returns a function that adds an item to a shared call, and resolves to the result of that item. */
  batched<Item, Result>(settings: SharedCall<Item, Result>): (item: Item) => Promise<Result>;
  /** Runs a task that may use shared calls. */
  run<Result>(task: () => Promise<Result>): Promise<Result>;
}

export interface SharedCall<Item, Result> {
  /** The call starts at once when it has this many items. */
  readonly maxItems: number;
  /** The longest that an item waits for others. */
  readonly maxWaitMs: number;
  /** Returns one result for each item, in their order. */
  readonly call: (items: readonly Item[]) => Promise<readonly Result[]>;
}

export function createCallBatcher(timer: Timer): CallBatcher {
  const flushes: (() => void)[] = [];
  /** The number of running tasks that are not waiting for a shared call. */
  let active = 0;

  const changeActive = (change: 1 | -1): void => {
    active += change;
    if (active === 0) for (const flush of flushes) flush();
  };

  return {
    batched(settings) {
      const { add, flush } = collect(settings, timer);
      flushes.push(flush);
      return async (item) => {
        const result = add(item);
        changeActive(-1);
        try {
          return await result;
        } finally {
          changeActive(1);
        }
      };
    },
    async run(task) {
      changeActive(1);
      try {
        return await task();
      } finally {
        changeActive(-1);
      }
    },
  };
}

function collect<Item, Result>(settings: SharedCall<Item, Result>, timer: Timer) {
  let waiting: { item: Item; resolve: (result: Result) => void; reject: (error: unknown) => void }[] = [];
  /** Set while a call waits for further items. Aborting it ends the wait. */
  let waitEnds: AbortController | undefined;

  const flush = (): void => {
    waitEnds?.abort(ENDED);
    waitEnds = undefined;
    if (waiting.length === 0) return;
    const batch = waiting;
    waiting = [];
    settings.call(batch.map(({ item }) => item)).then(
      (results) => {
        for (const [index, { resolve, reject }] of batch.entries()) {
          const result = results[index];
          if (result === undefined) reject(new Error('a shared call returned fewer results than items'));
          else resolve(result);
        }
      },
      (error: unknown) => {
        for (const { reject } of batch) reject(error);
      },
    );
  };

  const flushLater = async (): Promise<void> => {
    const ends = new AbortController();
    waitEnds = ends;
    await timer.sleep(settings.maxWaitMs, ends.signal);
    if (!ends.signal.aborted) flush();
  };

  return {
    flush,
    add: (item: Item): Promise<Result> =>
      new Promise((resolve, reject) => {
        waiting.push({ item, resolve, reject });
        if (waiting.length >= settings.maxItems) flush();
        else if (waitEnds === undefined) void flushLater();
      }),
  };
}
