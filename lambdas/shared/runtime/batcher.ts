/** Collects single items for a short while and hands them on together. */
export interface Batcher<Item, Result> {
  /** Resolves with this item's own result once the batch that holds it has run. */
  add(item: Item): Promise<Result>;
  /** Runs what is waiting now: call it when nothing more will come soon. */
  flush(): void;
}

export interface BatcherSettings<Item, Result> {
  /** A batch runs at once when it holds this many. */
  readonly maxItems: number;
  /** The longest that an item waits for others. */
  readonly maxWaitMs: number;
  /** One result for each item, in their order. */
  readonly run: (items: readonly Item[]) => Promise<readonly Result[]>;
}

export function createBatcher<Item, Result>(settings: BatcherSettings<Item, Result>): Batcher<Item, Result> {
  interface Waiting {
    readonly item: Item;
    readonly resolve: (result: Result) => void;
    readonly reject: (error: unknown) => void;
  }
  let waiting: Waiting[] = [];
  let timer: NodeJS.Timeout | undefined;

  const flush = (): void => {
    clearTimeout(timer);
    timer = undefined;
    if (waiting.length === 0) return;
    const batch = waiting;
    waiting = [];
    settings.run(batch.map(({ item }) => item)).then(
      (results) => {
        for (const [index, entry] of batch.entries()) {
          const result = results[index];
          if (result === undefined) entry.reject(new Error('a batch returned fewer results than items'));
          else entry.resolve(result);
        }
      },
      (error: unknown) => {
        for (const entry of batch) entry.reject(error);
      },
    );
  };

  return {
    flush,
    add: (item) =>
      new Promise<Result>((resolve, reject) => {
        waiting.push({ item, resolve, reject });
        if (waiting.length >= settings.maxItems) flush();
        else timer ??= setTimeout(flush, settings.maxWaitMs);
      }),
  };
}
