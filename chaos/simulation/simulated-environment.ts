import type { DeliveryName } from '../affected-deliveries.ts';
import type { Caller, InvocationEnd, Role } from '../history.ts';

/** A promise that never settles. The code of a killed environment awaits it. */
export function never<Result>(): Promise<Result> {
  return new Promise(() => undefined);
}

export type Handler = (event: unknown, timeoutMs: number) => Promise<unknown>;

/**
 * One execution environment. It can be killed between any two of its calls. Between two invocations it is frozen:
 * unfinished work continues at the next invocation, if there is one.
 */
export interface SimulatedEnvironment {
  /** Its name, such as `first/1`, and its current or last run. */
  readonly caller: Caller & { readonly run: string };
  alive(): boolean;
  invoke(event: unknown, affected: readonly DeliveryName[], timeoutMs: number): Promise<InvocationEnd>;
  /** Ends it at once. Calls that are open never return. */
  kill(why: string): void;
  /**
   * Makes a call of the code: delays it and its result while the environment is frozen, and forever when it was killed.
   */
  whileRunning<Result>(call: () => Promise<Result>): Promise<Result>;
  /** The deliveries of the current or last invocation. */
  readonly affected: readonly DeliveryName[];
  /** AWS calls without an answer, and `POST` for each request without an answer. */
  readonly openCalls: Set<{ readonly action: string; readonly run: string }>;
}

export function createSimulatedEnvironment(
  of: { readonly name: string; readonly role: Role },
  load: (environment: SimulatedEnvironment) => Handler,
): SimulatedEnvironment {
  let state: 'running' | 'frozen' | 'killed' = 'frozen';
  let reportEnd: ((end: InvocationEnd) => void) | undefined;
  let current: readonly DeliveryName[] = [];
  let caller = { ...of, run: `${of.name}#0` };
  let runs = 0;
  const resumers: (() => void)[] = [];

  const untilRunning = (): Promise<void> | undefined => {
    if (state === 'running') return undefined;
    if (state === 'killed') return never();
    return new Promise((resolve) => resumers.push(resolve));
  };
  const end = (cause: 'killed' | 'timed_out', message: string): void => {
    state = 'killed';
    reportEnd?.({ kind: 'failed', cause, type: 'Runtime.ExitError', message });
  };

  const environment: SimulatedEnvironment = {
    openCalls: new Set(),
    get caller() {
      return caller;
    },
    get affected() {
      return current;
    },
    alive: () => state !== 'killed',
    kill: (why) => end('killed', why),
    async whileRunning(call) {
      await untilRunning();
      try {
        return await call();
      } finally {
        await untilRunning();
      }
    },
    async invoke(event, affected, timeoutMs) {
      current = affected;
      caller = { ...of, run: `${of.name}#${++runs}` };
      state = 'running';
      for (const resume of resumers.splice(0)) resume();
      const endedEarly = new Promise<InvocationEnd>((resolve) => {
        reportEnd = resolve;
      });
      const timer = setTimeout(() => end('timed_out', `it ran for ${timeoutMs} ms`), timeoutMs);
      const ended = await Promise.race([run(event, timeoutMs), endedEarly]);
      clearTimeout(timer);
      if (state === 'running') state = 'frozen';
      return ended;
    },
  };
  const handler = load(environment);
  const run = async (event: unknown, timeoutMs: number): Promise<InvocationEnd> => {
    try {
      return { kind: 'returned', value: await handler(event, timeoutMs) };
    } catch (error) {
      const { name: type, message } = error instanceof Error ? error : new Error(String(error));
      return { kind: 'failed', cause: 'threw', type, message };
    }
  };
  return environment;
}
