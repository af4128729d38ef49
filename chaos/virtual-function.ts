import type { FunctionSettings } from '../local/assembly/stack.ts';
import { createExecutionSlots, type Invocation } from '../local/lambda/execution-slots.ts';
import type { LocalFunction } from '../local/lambda/function.ts';
import { type DeliveryName, namesInPayload } from './affected-deliveries.ts';
import type { Ended, Role } from './history.ts';
import { createEnvironment, type Environment, type Handler } from './simulated-environment.ts';

/** Lambda keeps an unused environment for some minutes; AWS does not document how many. */
const REAPED_AFTER_MS = 600_000;

export interface VirtualFunction extends LocalFunction {
  /** Invocations under way. */
  running(): number;
}

export interface VirtualFunctionDependencies {
  readonly settings: FunctionSettings;
  /** Short, for the story. */
  readonly name: string;
  readonly role: Role;
  readonly maximumEnvironments: number;
  readonly load: (environment: Environment) => Handler;
  /** Whether this invocation is refused before it starts. */
  readonly isThrottled: (affected: readonly DeliveryName[]) => boolean;
  /** Called when an environment begins to run an event; the result, when it ends. */
  readonly onStart: (environment: Environment, event: unknown) => () => void;
  readonly onEnd: (environment: Environment, end: Ended, durationMs: number) => void;
}

/** Replaces the local cloud's functions and their threads: an environment is one call of a factory. */
export function createVirtualFunction(deps: VirtualFunctionDependencies): VirtualFunction {
  const { settings } = deps;
  const idle: Environment[] = [];
  const idleSince = new Map<Environment, number>();
  const busy = new Set<Environment>();
  let started = 0;

  const takeEnvironment = (): Environment => {
    for (let candidate = idle.pop(); candidate !== undefined; candidate = idle.pop()) {
      const idleMs = Date.now() - (idleSince.get(candidate) ?? 0);
      if (idleMs > REAPED_AFTER_MS) candidate.kill('it was not used for ten minutes');
      if (candidate.alive()) return candidate;
    }
    return createEnvironment({ name: `${deps.name}/${++started}`, role: deps.role }, deps.load);
  };

  const run = async (event: unknown, requestId: string): Promise<Invocation> => {
    const startedAt = Date.now();
    const affected = namesInPayload(event);
    if (deps.isThrottled(affected)) {
      return failed(requestId, 0, {
        kind: 'failed',
        cause: 'threw',
        type: 'TooManyRequestsException',
        message: 'Rate Exceeded.',
      });
    }
    const environment = takeEnvironment();
    busy.add(environment);
    // Lambda passes events as text.
    const running = environment.invoke(JSON.parse(JSON.stringify(event)), affected, settings.timeoutMs);
    const stopWatching = deps.onStart(environment, event);
    const end = await running;
    stopWatching();
    busy.delete(environment);
    if (environment.alive()) idle.push(environment);
    idleSince.set(environment, Date.now());
    const durationMs = Date.now() - startedAt;
    deps.onEnd(environment, end, durationMs);
    if (end.kind === 'failed') return failed(requestId, durationMs, end);
    return { kind: 'returned', payload: JSON.stringify(end.value) ?? 'null', requestId, durationMs };
  };

  const slots = createExecutionSlots(deps.maximumEnvironments, run);

  return {
    settings,
    // A virtual function never closes, so it always gives a slot in the end.
    acquire: () => slots.acquire(),
    async invoke(event, requestId) {
      const slot = await slots.acquire();
      if (slot === undefined) throw new Error(`function ${settings.name} is closed`);
      return slot.invoke(event, requestId);
    },
    running: () => busy.size,
    environments: () => [
      ...idle.map((_, id) => ({ id, busy: false })),
      ...[...busy].map((_, id) => ({ id: idle.length + id, busy: true })),
    ],
    async killEnvironment() {
      const [victim] = busy;
      victim?.kill('it was killed');
      return victim !== undefined;
    },
    close: async () => undefined,
  };
}

function failed(requestId: string, durationMs: number, end: Extract<Ended, { kind: 'failed' }>): Invocation {
  const error = { errorType: end.type, errorMessage: end.message, trace: [] };
  return { kind: 'failed', error, requestId, durationMs };
}
