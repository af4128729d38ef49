import { useLayoutEffect, useReducer, useRef, useState } from 'preact/hooks';
import { type ApiProblem, toProblem } from './problem.ts';

export interface Query<T> {
  /** The newest answer of this key. It stays while a later request fails. */
  readonly data: T | undefined;
  /** Why the newest request failed. */
  readonly problem: ApiProblem | undefined;
  /** When the request is repeated by itself, in milliseconds since 1970. */
  readonly retryAt: number | undefined;
  /** Whether there is neither an answer nor a problem yet. */
  readonly isLoading: boolean;
  readonly reload: () => void;
}

interface State<T> {
  readonly key: string;
  readonly data?: T;
  readonly problem?: ApiProblem;
  readonly retryAt?: number;
}

/** In milliseconds. It may depend on the newest answer, which is undefined when the request failed. */
type PollMs<T> = number | undefined | ((data: T | undefined) => number | undefined);

/**
 * Calls `load` at the start, when `key` changes, and every `pollMs` milliseconds while the page is visible. An answer with
 * `Retry-After` is repeated after that time, and a request that failed offline when the browser is online.
 */
export function useQuery<T>(
  key: string,
  load: (signal: AbortSignal) => Promise<T>,
  { pollMs }: { pollMs?: PollMs<T> } = {},
): Query<T> {
  const [state, setState] = useState<State<T>>({ key });
  const [run, reload] = useReducer<number, void>((count) => count + 1, 0);
  const newest = useRef({ load, pollMs });
  newest.current = { load, pollMs };

  // In a layout effect the request is sent some frames earlier than in an effect. A change of `run` repeats it.
  useLayoutEffect(() => {
    const abort = new AbortController();
    const repeat = createRepeater(() => void read(), abort.signal);
    async function read(): Promise<void> {
      try {
        const data = await newest.current.load(abort.signal);
        if (abort.signal.aborted) return;
        setState({ key, data });
        repeat.after(delayAfter(data));
      } catch (error) {
        if (abort.signal.aborted) return;
        const problem = toProblem(error);
        const retryMs = problem.retryAfterSeconds && problem.retryAfterSeconds * 1_000;
        const retry = retryMs === undefined ? {} : { retryAt: Date.now() + retryMs };
        setState((known) => ({ ...dataOf(known, key), key, problem, ...retry }));
        if (problem.kind === 'offline') repeat.whenOnline();
        else repeat.after(retryMs ?? delayAfter(undefined));
      }
    }
    function delayAfter(data: T | undefined): number | undefined {
      const { pollMs: delay } = newest.current;
      return typeof delay === 'function' ? delay(data) : delay;
    }
    void read();
    return () => abort.abort();
  }, [key, run, typeof pollMs === 'function' || pollMs]);

  const { data, problem, retryAt } = state.key === key ? state : ({ key } as State<T>);
  return { data, problem, retryAt, isLoading: data === undefined && problem === undefined, reload };
}

function dataOf<T>({ key, data }: State<T>, currentKey: string): { data?: T } {
  return key === currentKey && data !== undefined ? { data } : {};
}

/** Calls `read` after a delay. While the page is hidden, it waits until the page is visible again. */
function createRepeater(read: () => void, signal: AbortSignal) {
  let timer: ReturnType<typeof setTimeout> | undefined;
  signal.addEventListener('abort', () => clearTimeout(timer));
  const once = { once: true, signal };
  return {
    after(delayMs: number | undefined): void {
      if (delayMs === undefined) return;
      timer = setTimeout(() => {
        if (!document.hidden) read();
        else document.addEventListener('visibilitychange', read, once);
      }, delayMs);
    },
    whenOnline: () => addEventListener('online', read, once),
  };
}
