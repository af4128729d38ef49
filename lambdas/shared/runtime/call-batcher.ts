/**
 * Lets pieces of work that run at the same time share their calls. A call starts when it is full, when its oldest
 * item has waited long enough, or when no running work could still add an item.
 */
export interface CallBatcher {
  /** A call that is shared: resolves to the result of this item. */
  batched<Item, Result>(settings: SharedCall<Item, Result>): (item: Item) => Promise<Result>;
  /** Runs work that may use shared calls. */
  run<Result>(work: () => Promise<Result>): Promise<Result>;
}

export interface SharedCall<Item, Result> {
  /** The call starts at once when it holds this many. */
  readonly maxItems: number;
  /** The longest that an item waits for others. */
  readonly maxWaitMs: number;
  /** One result for each item, in their order. */
  readonly call: (items: readonly Item[]) => Promise<readonly Result[]>;
}

export function createCallBatcher(): CallBatcher {
  const flushes: (() => void)[] = [];
  /** Pieces of work that are running and do not wait for a shared call. */
  let active = 0;

  const changeActive = (change: 1 | -1): void => {
    active += change;
    if (active === 0) for (const flush of flushes) flush();
  };

  return {
    batched(settings) {
      const { add, flush } = collect(settings);
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
    async run(work) {
      changeActive(1);
      try {
        return await work();
      } finally {
        changeActive(-1);
      }
    },
  };
}

function collect<Item, Result>(settings: SharedCall<Item, Result>) {
  let waiting: { item: Item; resolve: (result: Result) => void; reject: (error: unknown) => void }[] = [];
  let timer: NodeJS.Timeout | undefined;

  const flush = (): void => {
    clearTimeout(timer);
    timer = undefined;
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

  return {
    flush,
    add: (item: Item): Promise<Result> =>
      new Promise((resolve, reject) => {
        waiting.push({ item, resolve, reject });
        if (waiting.length >= settings.maxItems) flush();
        else timer ??= setTimeout(flush, settings.maxWaitMs);
      }),
  };
}
