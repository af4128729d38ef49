import { type ComponentChildren, createContext } from 'preact';
import { useContext, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import { linkOf } from './clicked-link.ts';
import { pathOf } from './match-path.ts';

interface Place {
  /** Without a slash at its end. */
  readonly path: string;
  /** The values of the query. */
  readonly query: Readonly<Record<string, string>>;
  /** Shows another address. `replace`: without an entry in the history. */
  readonly route: (address: string, replace?: boolean) => void;
}

const PlaceContext = createContext<Place>({ path: '', query: {}, route: () => {} });
export const ParametersContext = createContext<Readonly<Record<string, string>>>({});

export const useLocation = (): Place => useContext(PlaceContext);
/** The parameters in the path of the screen. */
export const useRoute = () => ({ params: useContext(ParametersContext) });

const currentAddress = (): string => location.pathname + location.search;

/** Follows links to screens, "Back" and "Forward", without loading the page again. */
export function LocationProvider({ children }: { children: ComponentChildren }) {
  const [address, setAddress] = useState(currentAddress);
  const isPushed = useRef(false);

  function route(next: string, replace = false): void {
    history[replace ? 'replaceState' : 'pushState'](null, '', next);
    isPushed.current = !replace;
    setAddress(currentAddress());
  }
  const place = useMemo((): Place => {
    const { pathname, searchParams } = new URL(address, location.origin);
    return { path: pathOf(pathname), query: Object.fromEntries(searchParams), route };
  }, [address]);

  useEffect(() => {
    const click = (event: MouseEvent): void => {
      const link = linkOf(event);
      if (link === undefined) return;
      event.preventDefault();
      route(link, link === location.href);
    };
    const back = (): void => {
      isPushed.current = false;
      setAddress(currentAddress());
    };
    addEventListener('click', click);
    addEventListener('popstate', back);
    return () => {
      removeEventListener('click', click);
      removeEventListener('popstate', back);
    };
  }, []);

  // Another screen begins at its top. After "Back" the browser restores the place.
  useLayoutEffect(() => {
    if (isPushed.current) scrollTo(0, 0);
  }, [place.path]);

  return <PlaceContext.Provider value={place}>{children}</PlaceContext.Provider>;
}
