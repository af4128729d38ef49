/**
 * Handles all items, at most `limit` at the same time. After a failure it starts no further item, and rejects with the
 * first failure when the calls in progress have ended: a function that returned earlier would leave them open.
 */
export async function inParallel<Item>(
  items: readonly Item[],
  limit: number,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const queue = items.values();
  const failures: unknown[] = [];
  const workers = Array.from({ length: Math.min(limit, items.length) }, async () => {
    for (const item of queue) {
      if (failures.length > 0) return;
      await work(item).catch((error: unknown) => failures.push(error));
    }
  });
  await Promise.all(workers);
  if (failures.length > 0) throw failures[0];
}

/** All results. Rejects with a failure when every call has ended: a function that returned earlier would leave it open. */
export async function allEnded<Result>(calls: readonly Promise<Result>[]): Promise<Result[]> {
  return (await Promise.allSettled(calls)).map((call) => {
    if (call.status === 'rejected') throw call.reason;
    return call.value;
  });
}
