// For the bundle, which also runs on Node 20. Functions and checkouts have Node 24.

// Node 20 has no `groupBy`.

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

// The AWS clients warn on Node 20 that their later versions need Node 22. The bundle contains the versions that it uses.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
