import { existsSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { COMPILE_CACHE } from './compile-cache.ts';
import type { BundleLocation, FromThread, FunctionError, InvocationContext, Invoke } from './protocol.ts';

/** How an invocation ended. */
export type InvocationEnd =
  /** JSON text. */
  | { readonly kind: 'returned'; readonly payload: string }
  | { readonly kind: 'failed'; readonly error: FunctionError };

/** The deadline is known only when the environment is ready. */
type WithoutDeadline = Omit<InvocationContext, 'deadline'>;

/** One execution environment: a worker thread with its own module state. */
export interface FunctionWorker {
  readonly id: number;
  /** False after it was killed, crashed, timed out or failed to load. It then runs no further event. */
  readonly alive: boolean;
  /** How long the bundle took to load; undefined until it is loaded. */
  readonly initMs: number | undefined;
  /** Runs one event; never throws. Call it again only after the previous invocation has ended. */
  invoke(event: string, context: WithoutDeadline, timeoutMs: number): Promise<InvocationEnd>;
  /** Stops the thread at once, like a failure of its host. */
  kill(): Promise<void>;
}

export interface FunctionWorkerSettings {
  readonly id: number;
  readonly directory: string;
  readonly handler: string;
  readonly variables: Readonly<Record<string, string>>;
  readonly memoryMb: number;
  /** Called with each line that the function writes. */
  readonly onLine: (line: string) => void;
}

/**
 * Lambda stops the init phase after 10 s. It then repeats it within the first invocation, under the function's timeout.
 * https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
 */
const INIT_DEADLINE_MS = 10_000;

const EXTENSIONS = ['.mjs', '.js'];

export function startFunctionWorker(settings: FunctionWorkerSettings): FunctionWorker {
  const startedAt = performance.now();
  const worker = new Worker(new URL('./thread.ts', import.meta.url), {
    workerData: locateBundle(settings.directory, settings.handler),
    env: { ...settings.variables, NODE_COMPILE_CACHE: compileCacheOf(settings.directory) },
    argv: [],
    execArgv: [],
    stdout: true,
    stderr: true,
    resourceLimits: { maxOldGenerationSizeMb: settings.memoryMb },
  });
  passLines(worker.stdout, settings.onLine);
  passLines(worker.stderr, settings.onLine);

  let alive = true;
  let initMs: number | undefined;
  let end: ((end: InvocationEnd) => void) | undefined;
  let fail: (error: FunctionError) => void;
  const failure = new Promise<InvocationEnd>((resolve) => {
    fail = (error) => {
      alive = false;
      resolve({ kind: 'failed', error });
    };
  });
  const ready = new Promise<void>((resolve) => {
    worker.on('message', (message: FromThread) => {
      if (message.kind === 'ready') {
        initMs = performance.now() - startedAt;
        resolve();
      } else if (message.kind === 'returned') end?.(message);
      else if (message.kind === 'threw') end?.({ kind: 'failed', error: message.error });
      else {
        fail(message.error);
        void worker.terminate();
      }
    });
  });
  worker.on('error', (error: Error) => fail(exitError(`${error.name}: ${error.message}`)));
  worker.on('exit', (code) => fail(exitError(`the environment ended with exit code ${code}`)));

  const kill = async (error: FunctionError): Promise<void> => {
    fail(error);
    await worker.terminate();
  };
  return {
    id: settings.id,
    get alive() {
      return alive;
    },
    get initMs() {
      return initMs;
    },
    kill: () => kill(exitError('the environment was killed')),
    async invoke(event, context, timeoutMs) {
      const loaded = await withTimeLimit(Promise.race([ready, failure]), INIT_DEADLINE_MS + timeoutMs);
      if (loaded === 'late') await kill(timedOut(context, timeoutMs));
      if (!alive) return failure;
      const answer = new Promise<InvocationEnd>((resolve) => {
        end = resolve;
      });
      const message: Invoke = { event, context: { ...context, deadline: Date.now() + timeoutMs } };
      worker.postMessage(message);
      const result = await withTimeLimit(Promise.race([answer, failure]), timeoutMs);
      end = undefined;
      if (result !== 'late') return result;
      await kill(timedOut(context, timeoutMs));
      return failure;
    },
  };
}

/**
 * Node's compile cache for all functions of an assembly, beside their assets and removed with them. Without it, each
 * environment compiles its bundle and strips the types of `thread.ts` again, which takes a quarter of the CPU time of a
 * start.
 */
function compileCacheOf(directory: string): string {
  return path.join(path.dirname(directory), COMPILE_CACHE);
}

function locateBundle(directory: string, handler: string): BundleLocation {
  const dot = handler.lastIndexOf('.');
  const files = EXTENSIONS.map((extension) => path.join(directory, handler.slice(0, dot) + extension));
  const file = files.find((candidate) => existsSync(candidate));
  if (file === undefined)
    throw new Error(`handler ${handler}: expected ${files.join(' or ')}; synthesize again`);
  return { module: pathToFileURL(file).href, exportName: handler.slice(dot + 1) };
}

/** Resolves to `late` if the promise has not settled in time. */
async function withTimeLimit<Value>(promise: Promise<Value>, milliseconds: number): Promise<Value | 'late'> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(() => resolve('late'), milliseconds);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

function passLines(stream: NodeJS.ReadableStream, onLine: (line: string) => void): void {
  let incompleteLine = '';
  stream.setEncoding('utf8');
  stream.on('data', (chunk: string) => {
    const lines = (incompleteLine + chunk).split('\n');
    incompleteLine = lines.pop() ?? '';
    for (const line of lines) onLine(line);
  });
  stream.on('end', () => {
    if (incompleteLine !== '') onLine(incompleteLine);
  });
}

function timedOut({ awsRequestId }: WithoutDeadline, timeoutMs: number): FunctionError {
  return {
    errorType: 'Sandbox.Timedout',
    errorMessage: `RequestId: ${awsRequestId} Error: Task timed out after ${(timeoutMs / 1000).toFixed(2)} seconds`,
    trace: [],
  };
}

function exitError(reason: string): FunctionError {
  return { errorType: 'Runtime.ExitError', errorMessage: `Runtime exited: ${reason}`, trace: [] };
}
