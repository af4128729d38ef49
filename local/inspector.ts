import inspector from 'node:inspector/promises';
import type { Stack } from './assembly/stack.ts';

const HOST = '127.0.0.1';

/** Replaces every timeout while functions can be paused in a debugger. */
export const SUSPENDED_TIMEOUT_MS = 24 * 3_600_000;

export interface Inspector {
  /** Resumes paused functions, so that their threads can be terminated. */
  resumeFunctions(): Promise<void>;
  /** Detaches debuggers. Otherwise the process would wait for them at its end. */
  close(): void;
}

/**
 * Opens Node's inspector on loopback; Node prints its URL on standard error. Port 0: a free port. A debugger attaches to
 * this process and finds the functions' worker threads as targets. Throws if the port is taken.
 */
export function openInspector(port: number): Inspector {
  inspector.open(port, HOST);
  if (inspector.url() === undefined)
    throw new Error(
      `the inspector cannot listen on ${HOST}:${port}; give another port with --inspect=<port>`,
    );
  return { resumeFunctions: resumeWorkers, close: () => inspector.close() };
}

/** Disables every breakpoint in worker threads and resumes paused ones: a paused thread cannot be terminated. */
async function resumeWorkers(): Promise<void> {
  const session = new inspector.Session();
  session.connect();
  session.on('NodeWorker.attachedToWorker', ({ params: { sessionId } }) => {
    const commands = [
      { method: 'Debugger.enable' },
      { method: 'Debugger.setSkipAllPauses', params: { skip: true } },
      { method: 'Debugger.resume' },
    ];
    for (const [id, command] of commands.entries()) {
      const message = JSON.stringify({ id, ...command });
      // Fails only if the thread has ended.
      session.post('NodeWorker.sendMessageToWorker', { sessionId, message }).catch(() => undefined);
    }
  });
  await session.post('NodeWorker.enable', { waitForDebuggerOnStart: false });
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
