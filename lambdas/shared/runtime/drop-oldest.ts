/** Removes the entry of a map that was added first. A Map iterates in the order of insertion. */
export function dropOldest(map: Map<unknown, unknown>): void {
  const oldest = map.keys().next();
  if (!oldest.done) map.delete(oldest.value);
}
