import { randomUUID } from 'node:crypto';
import type { FunctionSettings } from '../../local/assembly/stack.ts';
import type { Invocation, LocalFunction, Slot } from '../../local/lambda/function.ts';
import { type DeliveryName, namesInPayload } from '../affected-deliveries.ts';
import type { InvocationEnd, Role } from '../history.ts';
import {
  createSimulatedEnvironment,
  type Handler,
  type SimulatedEnvironment,
} from './simulated-environment.ts';

/** Lambda removes an unused environment after some minutes. AWS does not document how many. */
const UNUSED_ENVIRONMENT_MS = 600_000;

export interface SimulatedFunction extends LocalFunction {
  /** How many invocations are running. */
  running(): number;
}

export interface SimulatedFunctionDependencies {
  readonly settings: FunctionSettings;
  /** Short, for reports. */
  readonly name: string;
  readonly role: Role;
  readonly maximumEnvironments: number;
  readonly load: (environment: SimulatedEnvironment) => Handler;
  /** Whether an invocation is refused before it starts. */
  readonly isThrottled: (affected: readonly DeliveryName[]) => boolean;
  /** Called when an environment starts to run an event. The returned function is called when the run ends. */
  readonly onStart: (environment: SimulatedEnvironment, event: unknown) => () => void;
  readonly onEnd: (environment: SimulatedEnvironment, end: InvocationEnd, durationMs: number) => void;
}

/** A function like the local cloud's, without threads: each environment is one call of the function's factory. */
export function createSimulatedFunction(deps: SimulatedFunctionDependencies): SimulatedFunction {
  const { settings } = deps;
  const idle: SimulatedEnvironment[] = [];
  const idleSince = new Map<SimulatedEnvironment, number>();
  const busy = new Set<SimulatedEnvironment>();
  const waiting: ((slot: Slot | undefined) => void)[] = [];
  let freeSlots = deps.maximumEnvironments;
  let started = 0;

  const takeEnvironment = (): SimulatedEnvironment => {
    for (let candidate = idle.pop(); candidate !== undefined; candidate = idle.pop()) {
      const idleMs = Date.now() - (idleSince.get(candidate) ?? 0);
      if (idleMs > UNUSED_ENVIRONMENT_MS) candidate.kill('it was not used for ten minutes');
      if (candidate.alive()) return candidate;
    }
    return createSimulatedEnvironment({ name: `${deps.name}/${++started}`, role: deps.role }, deps.load);
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
    // Lambda passes events as JSON text.
    const running = environment.invoke(JSON.parse(JSON.stringify(event)), affected, settings.timeoutMs);
    const endWatch = deps.onStart(environment, event);
    const end = await running;
    endWatch();
    busy.delete(environment);
    if (environment.alive()) idle.push(environment);
    idleSince.set(environment, Date.now());
    const durationMs = Date.now() - startedAt;
    deps.onEnd(environment, end, durationMs);
    if (end.kind === 'failed') return failed(requestId, durationMs, end);
    return { kind: 'returned', payload: JSON.stringify(end.value) ?? 'null', requestId, durationMs };
  };

  const createSlot = (): Slot => {
    let isReleased = false;
    const release = (): void => {
      if (isReleased) return;
      isReleased = true;
      const next = waiting.shift();
      if (next === undefined) freeSlots++;
      else next(createSlot());
    };
    return { release, invoke: (event, requestId = randomUUID()) => run(event, requestId).finally(release) };
  };

  const acquire = (): Promise<Slot> => {
    if (freeSlots === 0) return new Promise((resolve) => waiting.push((slot) => slot && resolve(slot)));
    freeSlots--;
    return Promise.resolve(createSlot());
  };

  return {
    settings,
    acquire,
    invoke: async (event, requestId) => (await acquire()).invoke(event, requestId),
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

function failed(
  requestId: string,
  durationMs: number,
  end: Extract<InvocationEnd, { kind: 'failed' }>,
): Invocation {
  const error = { errorType: end.type, errorMessage: end.message, trace: [] };
  return { kind: 'failed', error, requestId, durationMs };
}
