/** A value whose changes are reported. */
export interface Watched<T> {
  value: T;
  /** Calls `report` now and after each change. Returns the function that ends it. */
  watch(report: (value: T) => void): () => void;
}

export function createWatched<T>(first: T): Watched<T> {
  let current = first;
  const reports = new Set<(value: T) => void>();
  return {
    get value() {
      return current;
    },
    set value(next) {
      current = next;
      for (const report of [...reports]) report(next);
    },
    watch(report) {
      reports.add(report);
      report(current);
      return () => reports.delete(report);
    },
  };
}
