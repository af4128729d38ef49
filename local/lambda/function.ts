import { randomUUID } from 'node:crypto';
import type { FunctionSettings } from '../assembly/stack.ts';
import { sessionTokenOf } from '../session-token.ts';
import type { LogGroup } from './log-group.ts';
import { type Environment, type InvocationEnd, startEnvironment } from './worker.ts';

/** The right to run one event now. Its holder must release it. */
export interface Slot {
  /** Runs one event and releases the slot; never throws. */
  invoke(event: unknown, requestId?: string): Promise<Invocation>;
  /** Gives it back unused; harmless after `invoke`. */
  release(): void;
}

export type Invocation = InvocationEnd & { readonly requestId: string; readonly durationMs: number };

/** A function with its environments: they start as events need them, and are used again. */
export interface LocalFunction {
  readonly settings: FunctionSettings;
  /** Waits for its turn, the longest waiting first; undefined once aborted or closed. */
  acquire(signal?: AbortSignal): Promise<Slot | undefined>;
  /** Runs one event as soon as it may. */
  invoke(event: unknown, requestId?: string): Promise<Invocation>;
  /** Ids of the environments that are alive, the busy ones marked. */
  environments(): { readonly id: number; readonly busy: boolean }[];
  /** Ends one environment in the middle of whatever it does; its event fails. Default: the first busy one. */
  killEnvironment(id?: number): Promise<boolean>;
  close(): Promise<void>;
}

export interface LambdaMeter {
  lambda(use: { functionName: string; durationMs: number; memoryMb: number; initMs?: number }): void;
}

export interface FunctionDependencies {
  readonly settings: FunctionSettings;
  readonly maximumEnvironments: number;
  /** What Lambda adds to the template's variables. */
  readonly runtimeVariables: Readonly<Record<string, string>>;
  readonly log: LogGroup;
  readonly meter: LambdaMeter;
  /** Called with the reason of a failed invocation. */
  readonly onFailure?: (functionName: string, reason: string) => void;
  /** Called when an environment begins to run an event; the function that it returns is called at the end. */
  readonly watchRun?: (functionName: string, environment: number) => () => void;
  /** Sees the lines that the function itself writes. */
  readonly onLine?: (line: string) => void;
}

/** The end of an event whose turn came when the function was closed already. */
const CLOSED: InvocationEnd = {
  kind: 'failed',
  error: {
    errorType: 'Runtime.ExitError',
    errorMessage: 'Runtime exited: the function was closed',
    trace: [],
  },
};

export function createFunction(deps: FunctionDependencies): LocalFunction {
  const { settings, log } = deps;
  const { jsonLogging } = settings;
  const logsInvocations = jsonLogging?.logsInvocations ?? true;
  const idle: Environment[] = [];
  const busy = new Set<Environment>();
  const waiting: ((slot: Slot | undefined) => void)[] = [];
  let free = deps.maximumEnvironments;
  let started = 0;
  let closed = false;

  const takeEnvironment = (): Environment => {
    for (let candidate = idle.pop(); candidate !== undefined; candidate = idle.pop()) {
      if (candidate.alive) return candidate;
    }
    const id = ++started;
    return startEnvironment({
      id,
      directory: settings.directory,
      handler: settings.handler,
      variables: {
        ...deps.runtimeVariables,
        ...(jsonLogging === undefined
          ? {}
          : { AWS_LAMBDA_LOG_FORMAT: 'JSON', AWS_LAMBDA_LOG_LEVEL: jsonLogging.applicationLevel }),
        AWS_SESSION_TOKEN: sessionTokenOf(id),
        ...settings.environment,
      },
      memoryMb: settings.memoryMb,
      onLine: (line) => {
        log.write(line);
        deps.onLine?.(line);
      },
    });
  };

  const run = async (event: unknown, requestId: string): Promise<Invocation> => {
    if (closed) return { ...CLOSED, requestId, durationMs: 0 };
    const environment = takeEnvironment();
    const isCold = environment.initMs === undefined;
    busy.add(environment);
    const startedAt = performance.now();
    if (logsInvocations) log.write(`START RequestId: ${requestId} Version: $LATEST`);
    const context = {
      awsRequestId: requestId,
      functionName: settings.name,
      functionVersion: '$LATEST',
      invokedFunctionArn: settings.arn,
      memoryLimitInMB: String(settings.memoryMb),
      logGroupName: settings.logGroupName,
      logStreamName: `local/[$LATEST]${environment.id}`,
    };
    const endWatch = deps.watchRun?.(settings.name, environment.id);
    const end = await environment.invoke(JSON.stringify(event) ?? 'null', context, settings.timeoutMs);
    endWatch?.();
    busy.delete(environment);
    if (environment.alive) idle.push(environment);

    const initMs = isCold ? (environment.initMs ?? 0) : undefined;
    const durationMs = Math.max(0, performance.now() - startedAt - (initMs ?? 0));
    report(requestId, end, durationMs, initMs);
    return { ...end, requestId, durationMs };
  };

  const report = (
    requestId: string,
    end: InvocationEnd,
    durationMs: number,
    initMs: number | undefined,
  ): void => {
    if (end.kind === 'failed') {
      log.write(JSON.stringify({ requestId, ...end.error }));
      deps.onFailure?.(settings.name, `${end.error.errorType}: ${end.error.errorMessage}`);
    }
    const cold = initMs === undefined ? '' : `\tInit Duration: ${initMs.toFixed(2)} ms`;
    if (logsInvocations) {
      log.write(`END RequestId: ${requestId}`);
      log.write(
        `REPORT RequestId: ${requestId}\tDuration: ${durationMs.toFixed(2)} ms\tMemory Size: ${settings.memoryMb} MB${cold}`,
      );
    }
    const { name: functionName, memoryMb } = settings;
    deps.meter.lambda({ functionName, memoryMb, durationMs, ...(initMs === undefined ? {} : { initMs }) });
  };

  const release = (): void => {
    const next = waiting.shift();
    if (next === undefined) free++;
    else next(createSlot());
  };

  const createSlot = (): Slot => {
    let held = true;
    const giveBack = (): void => {
      if (!held) return;
      held = false;
      release();
    };
    return {
      release: giveBack,
      invoke: (event, requestId = randomUUID()) => run(event, requestId).finally(giveBack),
    };
  };

  const acquire = (signal?: AbortSignal): Promise<Slot | undefined> => {
    if (closed || signal?.aborted) return Promise.resolve(undefined);
    if (free > 0) {
      free--;
      return Promise.resolve(createSlot());
    }
    return new Promise((resolve) => {
      const give = (slot: Slot | undefined): void => {
        signal?.removeEventListener('abort', giveUp);
        resolve(slot);
      };
      const giveUp = (): void => {
        waiting.splice(waiting.indexOf(give), 1);
        resolve(undefined);
      };
      signal?.addEventListener('abort', giveUp, { once: true });
      waiting.push(give);
    });
  };

  return {
    settings,
    acquire,
    async invoke(event, requestId = randomUUID()) {
      const slot = await acquire();
      if (slot === undefined)
        throw new Error(`function ${settings.name} was closed; nothing may invoke it now`);
      return slot.invoke(event, requestId);
    },
    environments: () => [
      ...idle.filter(({ alive }) => alive).map(({ id }) => ({ id, busy: false })),
      ...[...busy].map(({ id }) => ({ id, busy: true })),
    ],
    async killEnvironment(id) {
      // Those that died stay in the list until the next event.
      const environments = [...busy, ...idle].filter(({ alive }) => alive);
      const victim =
        id === undefined ? environments[0] : environments.find((environment) => environment.id === id);
      if (victim === undefined) return false;
      await victim.kill();
      return true;
    },
    async close() {
      closed = true;
      for (const give of waiting.splice(0)) give(undefined);
      await Promise.all([...idle.splice(0), ...busy].map((environment) => environment.kill()));
    },
  };
}
