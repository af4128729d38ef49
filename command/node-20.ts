// Node 20, on which the bundle also runs, has no `groupBy`. Functions and checkouts have Node 24.

function mapGroupBy<K, T>(items: Iterable<T>, keyOf: (item: T, index: number) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  let index = 0;
  for (const item of items) {
    const key = keyOf(item, index++);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}

Map.groupBy ??= mapGroupBy;
Object.groupBy ??= <K extends PropertyKey, T>(
  items: Iterable<T>,
  keyOf: (item: T, index: number) => K,
): Partial<Record<K, T[]>> => Object.fromEntries(mapGroupBy(items, keyOf)) as Partial<Record<K, T[]>>;
