/** The part of `Storage` that is used. */
export type TabStorage = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

/**
 * `sessionStorage` where it works, else memory: in a frame of another site, and with blocked site data, every access
 * throws.
 */
export function openTabStorage(open: () => TabStorage): TabStorage {
  try {
    const storage = open();
    storage.setItem('webhook-fanout:test', '');
    storage.removeItem('webhook-fanout:test');
    return storage;
  } catch {
    return memoryStorage();
  }
}

export const tabStorage = openTabStorage(() => sessionStorage);

function memoryStorage(): TabStorage {
  const items = new Map<string, string>();
  return {
    getItem: (key) => items.get(key) ?? null,
    setItem: (key, value) => void items.set(key, value),
    removeItem: (key) => void items.delete(key),
  };
}
