import { useLocation } from './router.tsx';

interface Address {
  /** The values of the query. Absent parameters are undefined. */
  readonly query: Readonly<Record<string, string | undefined>>;
  /** The address of this screen with other values; undefined or an empty text removes a parameter. */
  readonly withQuery: (changes: Readonly<Record<string, string | undefined>>) => string;
  /** Shows another address of the console. `replace`: without an entry in the history. */
  readonly go: (address: string, replace?: boolean) => void;
}

/** Filters and cursors are in the address, so that it can be shared and reloaded. */
export function useAddress(): Address {
  const { path, query, route } = useLocation();
  return {
    query,
    withQuery(changes) {
      const parameters = new URLSearchParams(query);
      for (const [name, value] of Object.entries(changes)) {
        if (value) parameters.set(name, value);
        else parameters.delete(name);
      }
      const text = parameters.toString();
      return text === '' ? path : `${path}?${text}`;
    },
    go: route,
  };
}
