/** A promise that never settles: what a dead environment waits for. */
export function never<Result>(): Promise<Result> {
  return new Promise(() => undefined);
}

/** As long as a function runs. */
const RECORDED_WITHIN_MS = 60_000;

/** How an invocation ends that takes longer than its function may. */
export const TIMED_OUT = 'it timed out';

/** How an invocation ended, as far as its environment can tell. */
export type Ended =
  | { readonly kind: 'returned'; readonly value: unknown }
  | { readonly kind: 'failed'; readonly type: string; readonly message: string };

export type Handler = (event: unknown, timeoutMs: number) => Promise<unknown>;

/**
 * One execution environment. It can die between any two of its calls; and between two invocations it is
 * frozen: whatever it still had under way goes on at the next one, or never.
 */
export interface Environment {
  readonly name: string;
  alive(): boolean;
  invoke(event: unknown, touches: readonly string[], timeoutMs: number): Promise<Ended>;
  /** Ends it at once. Whatever it waits for never comes. */
  kill(why: string): void;
  /** Every call that the code makes passes here, on its way out and back. */
  pass<Result>(call: () => Promise<Result>): Promise<Result>;
  /** Whom the event under way concerns, and the requests of earlier ones that are open or being recorded. */
  readonly touches: readonly string[];
  /** Whom the requests concern that are open now. */
  readonly openPosts: Set<readonly string[]>;
  /** Whom those concern that have ended, and when: they are being recorded. */
  readonly endedPosts: Map<readonly string[], number>;
}

export function createEnvironment(name: string, load: (environment: Environment) => Handler): Environment {
  let state: 'running' | 'frozen' | 'dead' = 'frozen';
  let die: ((why: string) => void) | undefined;
  let current: readonly string[] = [];
  const frozen: (() => void)[] = [];

  const awake = (): Promise<void> | undefined => {
    if (state === 'running') return undefined;
    if (state === 'dead') return never();
    return new Promise((resolve) => frozen.push(resolve));
  };

  const environment: Environment = {
    name,
    openPosts: new Set(),
    endedPosts: new Map(),
    get touches() {
      const since = Date.now() - RECORDED_WITHIN_MS;
      const ended = [...environment.endedPosts]
        .filter(([, at]) => at > since)
        .map(([concerned]) => concerned);
      return [...new Set([...current, ...[...environment.openPosts, ...ended].flat()])];
    },
    alive: () => state !== 'dead',
    kill(why) {
      state = 'dead';
      die?.(why);
    },
    async pass(call) {
      await awake();
      try {
        return await call();
      } finally {
        await awake();
      }
    },
    async invoke(event, touches, timeoutMs) {
      current = touches;
      state = 'running';
      for (const resume of frozen.splice(0)) resume();
      const death = new Promise<Ended>((resolve) => {
        die = (why) => resolve({ kind: 'failed', type: 'Runtime.ExitError', message: why });
      });
      const timer = setTimeout(() => environment.kill(TIMED_OUT), timeoutMs);
      const end = await Promise.race([run(event, timeoutMs), death]);
      clearTimeout(timer);
      if (state === 'running') state = 'frozen';
      return end;
    },
  };
  const handler = load(environment);
  const run = async (event: unknown, timeoutMs: number): Promise<Ended> => {
    try {
      return { kind: 'returned', value: await handler(event, timeoutMs) };
    } catch (error) {
      const { name: type, message } = error instanceof Error ? error : new Error(String(error));
      return { kind: 'failed', type, message };
    }
  };
  return environment;
}
