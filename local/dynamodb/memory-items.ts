import { Stream } from 'node:stream';

type Callback<T> = (error: Error | null, value?: T) => void;

/** As in LevelDB: keys from `gt` or `gte` up to `lt` or `lte`, `limit` of them; -1: all. */
interface KeyRange {
  readonly gt?: string;
  readonly gte?: string;
  readonly lt?: string;
  readonly lte?: string;
  readonly reverse?: boolean;
  readonly limit?: number;
}

/** The operations that dynalite's actions use of the LevelDB with the items of a table. */
export interface ItemDb {
  get(key: string, callback: Callback<unknown>): void;
  put(key: string, item: unknown, callback: Callback<void>): void;
  del(key: string, callback: Callback<void>): void;
  batch(
    operations: readonly { readonly type: 'put'; readonly key: string; readonly value: unknown }[],
    callback: Callback<void>,
  ): void;
  createValueStream(range: KeyRange): Stream & { destroy(): void };
  createReadStream(range: KeyRange): Stream & { destroy(): void };
}

/**
 * The items of a table. Several times faster than the LevelDB in memory that dynalite uses. Keys are ASCII, so that
 * JavaScript orders them by bytes. As in LevelDB, each call ends in a later turn of the event loop, and items are
 * copied.
 */
export function createMemoryItems(): ItemDb {
  const items = new Map<string, string>();
  /** The keys in their order. Undefined: they are sorted when the next range is read. */
  let sorted: string[] | undefined = [];

  const put = (key: string, item: unknown): void => {
    if (!items.has(key)) sorted?.splice(positionOf(sorted, key), 0, key);
    items.set(key, JSON.stringify(item));
  };

  const keysIn = ({ gt, gte, lt, lte, reverse = false, limit = -1 }: KeyRange): string[] => {
    sorted ??= [...items.keys()].sort();
    const from = gte !== undefined ? positionOf(sorted, gte) : gt !== undefined ? after(sorted, gt) : 0;
    const to =
      lt !== undefined ? positionOf(sorted, lt) : lte !== undefined ? after(sorted, lte) : sorted.length;
    if (limit < 0) return reverse ? sorted.slice(from, to).reverse() : sorted.slice(from, to);
    return reverse
      ? sorted.slice(Math.max(from, to - limit), to).reverse()
      : sorted.slice(from, Math.min(to, from + limit));
  };

  const stream = (range: KeyRange): Stream & { destroy(): void } => {
    let ended = false;
    const values = Object.assign(new Stream(), {
      destroy: () => {
        ended = true;
      },
    });
    setImmediate(() => {
      for (const key of keysIn(range)) {
        const item = items.get(key);
        if (item !== undefined) values.emit('data', JSON.parse(item));
        if (ended) return;
      }
      values.emit('end');
    });
    return values;
  };

  return {
    get(key, callback) {
      const item = items.get(key);
      setImmediate(callback, null, item === undefined ? undefined : JSON.parse(item));
    },
    put(key, item, callback) {
      put(key, item);
      setImmediate(callback, null);
    },
    del(key, callback) {
      if (items.delete(key)) sorted?.splice(positionOf(sorted, key), 1);
      setImmediate(callback, null);
    },
    batch(operations, callback) {
      sorted = undefined;
      for (const { key, value } of operations) put(key, value);
      setImmediate(callback, null);
    },
    createValueStream: stream,
    createReadStream: stream,
  };
}

/** The position of the first key that is not before `key`. */
function positionOf(sorted: readonly string[], key: string): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? '') < key) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The position of the first key after `key`. */
function after(sorted: readonly string[], key: string): number {
  const position = positionOf(sorted, key);
  return sorted[position] === key ? position + 1 : position;
}
