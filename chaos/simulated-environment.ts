import type { DeliveryName } from './affected-deliveries.ts';
import type { Caller, Ended, Role } from './history.ts';

/** A promise that never settles: what a dead environment waits for. */
export function never<Result>(): Promise<Result> {
  return new Promise(() => undefined);
}

export type Handler = (event: unknown, timeoutMs: number) => Promise<unknown>;

/**
 * One execution environment. It can die between any two of its calls. Between two invocations it is frozen:
 * what is unfinished continues at the next invocation, or never.
 */
export interface Environment {
  /** Such as `first/1`, with the number of its current or last run. */
  readonly caller: Caller & { readonly run: string };
  alive(): boolean;
  invoke(event: unknown, affected: readonly DeliveryName[], timeoutMs: number): Promise<Ended>;
  /** Ends it at once. What it waits for never comes. */
  kill(why: string): void;
  /** Every call that the code makes passes here, on its way out and back. */
  pass<Result>(call: () => Promise<Result>): Promise<Result>;
  /** Deliveries of the current or last invocation. */
  readonly affected: readonly DeliveryName[];
  /** Calls of AWS's API whose answers it has not read, and `POST` for each open request. */
  readonly openCalls: Set<{ readonly action: string; readonly run: string }>;
}

export function createEnvironment(
  of: { readonly name: string; readonly role: Role },
  load: (environment: Environment) => Handler,
): Environment {
  let state: 'running' | 'frozen' | 'dead' = 'frozen';
  let die: ((end: Ended) => void) | undefined;
  let current: readonly DeliveryName[] = [];
  let caller = { ...of, run: `${of.name}#0` };
  let runs = 0;
  const frozen: (() => void)[] = [];

  const awake = (): Promise<void> | undefined => {
    if (state === 'running') return undefined;
    if (state === 'dead') return never();
    return new Promise((resolve) => frozen.push(resolve));
  };
  const end = (cause: 'killed' | 'timed_out', message: string): void => {
    state = 'dead';
    die?.({ kind: 'failed', cause, type: 'Runtime.ExitError', message });
  };

  const environment: Environment = {
    openCalls: new Set(),
    get caller() {
      return caller;
    },
    get affected() {
      return current;
    },
    alive: () => state !== 'dead',
    kill: (why) => end('killed', why),
    async pass(call) {
      await awake();
      try {
        return await call();
      } finally {
        await awake();
      }
    },
    async invoke(event, affected, timeoutMs) {
      current = affected;
      caller = { ...of, run: `${of.name}#${++runs}` };
      state = 'running';
      for (const resume of frozen.splice(0)) resume();
      const death = new Promise<Ended>((resolve) => {
        die = resolve;
      });
      const timer = setTimeout(() => end('timed_out', `it ran for ${timeoutMs} ms`), timeoutMs);
      const ended = await Promise.race([run(event, timeoutMs), death]);
      clearTimeout(timer);
      if (state === 'running') state = 'frozen';
      return ended;
    },
  };
  const handler = load(environment);
  const run = async (event: unknown, timeoutMs: number): Promise<Ended> => {
    try {
      return { kind: 'returned', value: await handler(event, timeoutMs) };
    } catch (error) {
      const { name: type, message } = error instanceof Error ? error : new Error(String(error));
      return { kind: 'failed', cause: 'threw', type, message };
    }
  };
  return environment;
}
