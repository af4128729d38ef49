import { useRef } from 'preact/hooks';

type Entries = readonly { readonly id: string }[];

/** How many entries are new since the last answer for the same `key`. 0 for the first answer. */
export function useArrivals(key: string, entries: Entries | undefined): number {
  const known = useRef<{ key: string; entries: Entries; arrived: number }>(undefined);
  const { current } = known;
  if (entries === undefined) return 0;
  if (current?.key === key && current.entries === entries) return current.arrived;
  const arrived = current?.key === key ? countNew(entries, current.entries) : 0;
  known.current = { key, entries, arrived };
  return arrived;
}

export function countNew(entries: Entries, before: Entries): number {
  const known = new Set(before.map(({ id }) => id));
  return entries.filter(({ id }) => !known.has(id)).length;
}
