import { flushCompileCache } from 'node:module';
import { parentPort, workerData } from 'node:worker_threads';
import type { BundleLocation, FromThread, FunctionError, InvocationContext, Invoke } from './protocol.ts';

/** The code of a worker thread that is one execution environment: it loads a bundle and runs one event at a time. */

type Handler = (event: unknown, context: unknown) => unknown;

const port = parentPort;
if (port === null) throw new Error('thread.ts runs in a worker thread only; start it with new Worker()');

// Node has read it, and Lambda has no such variable.
delete process.env.NODE_COMPILE_CACHE;

let isFlushed = false;

const send = (message: FromThread): void => port.postMessage(message);

try {
  const handler = await loadHandler(workerData);
  port.on('message', (message: Invoke) => void run(handler, message));
  send({ kind: 'ready' });
} catch (error) {
  send({ kind: 'not_loaded', error: describe(error) });
}

async function loadHandler({ module, exportName }: BundleLocation): Promise<Handler> {
  const exports: Record<string, unknown> = await import(module);
  const handler = exports[exportName];
  if (typeof handler === 'function') return (event, context) => handler(event, context);
  throw new Error(`${module} must export a function "${exportName}"`);
}

async function run(handler: Handler, { event, context }: Invoke): Promise<void> {
  try {
    const result = await handler(JSON.parse(event), lambdaContext(context));
    send({ kind: 'returned', payload: JSON.stringify(result) ?? 'null' });
  } catch (error) {
    send({ kind: 'threw', error: describe(error) });
  }
  // Write the compile cache now, for environments that start before this one ends. The first event has compiled most of
  // the code that they need.
  if (!isFlushed) flushCompileCache();
  isFlushed = true;
}

function lambdaContext({ deadline, ...fields }: InvocationContext): unknown {
  return {
    ...fields,
    callbackWaitsForEmptyEventLoop: true,
    getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
  };
}

function describe(error: unknown): FunctionError {
  if (!(error instanceof Error)) return { errorType: 'Error', errorMessage: String(error), trace: [] };
  return { errorType: error.name, errorMessage: error.message, trace: error.stack?.split('\n') ?? [] };
}
