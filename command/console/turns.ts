/** Runs the actions of each key one after the other. */
export function createTurns<Key>(): <T>(key: Key, action: () => Promise<T>) => Promise<T> {
  const newest = new Map<Key, Promise<unknown>>();
  return (key, action) => {
    const before = newest.get(key)?.catch(() => undefined);
    const turn = Promise.resolve(before).then(action);
    newest.set(key, turn);
    return turn;
  };
}
