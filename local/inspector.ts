import inspector from 'node:inspector';
import type { Stack } from './assembly/stack.ts';

const HOST = '127.0.0.1';

/** Replaces every timeout while functions can be paused in a debugger. */
export const SUSPENDED_TIMEOUT_MS = 24 * 3_600_000;

/**
 * Opens Node's inspector on loopback; Node prints its URL on standard error. Port 0: a free port. A debugger attaches to
 * this process and finds the functions' worker threads as targets. Throws if the port is taken.
 */
export function openInspector(port: number): void {
  inspector.open(port, HOST);
  if (inspector.url() === undefined)
    throw new Error(
      `the inspector cannot listen on ${HOST}:${port}; give another port with --inspect=<port>`,
    );
}

/** Closes the inspector. With a debugger attached, the process would wait at its end until the debugger detaches. */
export function closeInspector(): void {
  inspector.close();
}

/** The same stack, but a function that is paused in a debugger does not time out, and neither does its HTTP request. */
export function suspendTimeouts(stack: Stack): Stack {
  const { functions, httpApi } = stack;
  return {
    ...stack,
    functions: functions.map((settings) => ({ ...settings, timeoutMs: SUSPENDED_TIMEOUT_MS })),
    httpApi: httpApi && {
      ...httpApi,
      routes: httpApi.routes.map((route) => ({ ...route, timeoutMs: SUSPENDED_TIMEOUT_MS })),
    },
  };
}
