import { randomUUID } from 'node:crypto';
import type { FunctionSettings } from '../assembly/stack.ts';
import type { LambdaMetrics } from '../cloudwatch/services/lambda.ts';
import { sessionTokenOf } from '../session-token.ts';
import { createExecutionSlots, type Invocation, type Slot } from './execution-slots.ts';
import { type FunctionWorker, type InvocationEnd, startFunctionWorker } from './function-worker.ts';
import type { LogGroup } from './log-group.ts';

/** A function and its execution environments. An environment starts when an event finds none idle, and is reused. */
export interface LocalFunction {
  readonly settings: FunctionSettings;
  /** Waits until the function may run one more event, first come, first served. Undefined once aborted or closed. */
  acquire(signal?: AbortSignal): Promise<Slot | undefined>;
  /** Acquires a slot and runs one event. Throws if the function is closed. */
  invoke(event: unknown, requestId?: string): Promise<Invocation>;
  /** The environments that are alive. */
  environments(): { readonly id: number; readonly busy: boolean }[];
  /**
   * Stops one environment at once; the event that it runs fails. Default: a busy one, or else an idle one. False if no
   * environment is alive, or none has this id.
   */
  killEnvironment(id?: number): Promise<boolean>;
  close(): Promise<void>;
}

export interface LambdaMeter {
  lambda(use: { functionName: string; durationMs: number; memoryMb: number; initMs?: number }): void;
}

export interface FunctionDependencies {
  readonly settings: FunctionSettings;
  readonly maximumEnvironments: number;
  /** Environment variables that Lambda adds to the template's. */
  readonly runtimeVariables: Readonly<Record<string, string>>;
  readonly log: LogGroup;
  readonly meter: LambdaMeter;
  readonly metrics?: Pick<LambdaMetrics, 'started'>;
  /** Called with the reason for each failed invocation. */
  readonly onFailure?: (functionName: string, reason: string) => void;
  /** Called when an environment begins to run an event. The function that it returns is called at the end. */
  readonly watchRun?: (functionName: string, environment: number) => () => void;
  /** Called with each line that the function writes. */
  readonly onLine?: (line: string) => void;
}

/** The result of an event whose slot is used after the function was closed. */
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
  const idle: FunctionWorker[] = [];
  const busy = new Set<FunctionWorker>();
  let started = 0;
  let closed = false;

  const takeEnvironment = (): FunctionWorker => {
    for (let candidate = idle.pop(); candidate !== undefined; candidate = idle.pop()) {
      if (candidate.alive) return candidate;
    }
    const id = ++started;
    return startFunctionWorker({
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
    const endMetrics = deps.metrics?.started(settings.name);
    const end = await environment.invoke(JSON.stringify(event) ?? 'null', context, settings.timeoutMs);
    endWatch?.();
    busy.delete(environment);
    if (environment.alive) idle.push(environment);

    const initMs = isCold ? (environment.initMs ?? 0) : undefined;
    const durationMs = Math.max(0, performance.now() - startedAt - (initMs ?? 0));
    endMetrics?.({ durationMs, failed: end.kind === 'failed' });
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

  const slots = createExecutionSlots(deps.maximumEnvironments, run);

  return {
    settings,
    acquire: slots.acquire,
    async invoke(event, requestId = randomUUID()) {
      const slot = await slots.acquire();
      if (slot === undefined) throw new Error(`function ${settings.name} is closed and cannot be invoked`);
      return slot.invoke(event, requestId);
    },
    environments: () => [
      ...idle.filter(({ alive }) => alive).map(({ id }) => ({ id, busy: false })),
      ...[...busy].map(({ id }) => ({ id, busy: true })),
    ],
    async killEnvironment(id) {
      // `idle` may contain environments that are no longer alive; the next event removes them.
      const environments = [...busy, ...idle].filter(({ alive }) => alive);
      const environment =
        id === undefined ? environments[0] : environments.find((candidate) => candidate.id === id);
      if (environment === undefined) return false;
      await environment.kill();
      return true;
    },
    async close() {
      closed = true;
      slots.close();
      await Promise.all([...idle.splice(0), ...busy].map((environment) => environment.kill()));
    },
  };
}
