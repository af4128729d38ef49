import type { FunctionSettings } from '../../local/assembly/stack.ts';
import { createExecutionSlots, type Invocation } from '../../local/lambda/execution-slots.ts';
import type { LocalFunction } from '../../local/lambda/function.ts';
import { type DeliveryName, namesInPayload } from '../affected-deliveries.ts';
import type { InvocationEnd, Role } from '../history.ts';
import type { DeployedCode } from './deployed-code.ts';
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
  /** The code of the next invocation. An environment always runs the same code. */
  readonly chooseCode: () => DeployedCode;
  readonly load: (environment: SimulatedEnvironment, code: DeployedCode) => Handler;
  /** Whether an invocation is refused before it starts. */
  readonly isThrottled: (affected: readonly DeliveryName[]) => boolean;
  /** Called when an environment starts to run an event. The returned function is called when the run ends. */
  readonly onStart: (environment: SimulatedEnvironment, event: unknown, code: DeployedCode) => () => void;
  readonly onEnd: (environment: SimulatedEnvironment, end: InvocationEnd, durationMs: number) => void;
}

/** A function like the local cloud's, without threads: each environment is one call of the function's factory. */
export function createSimulatedFunction(deps: SimulatedFunctionDependencies): SimulatedFunction {
  const { settings } = deps;
  const idle: SimulatedEnvironment[] = [];
  const idleSince = new Map<SimulatedEnvironment, number>();
  const busy = new Set<SimulatedEnvironment>();
  const codes = new Map<SimulatedEnvironment, DeployedCode>();
  let started = 0;

  const takeIdle = (code: DeployedCode): SimulatedEnvironment | undefined => {
    const index = idle.findLastIndex((environment) => codes.get(environment) === code);
    return index === -1 ? undefined : idle.splice(index, 1)[0];
  };
  const takeEnvironment = (code: DeployedCode): SimulatedEnvironment => {
    for (let candidate = takeIdle(code); candidate !== undefined; candidate = takeIdle(code)) {
      const idleMs = Date.now() - (idleSince.get(candidate) ?? 0);
      if (idleMs > UNUSED_ENVIRONMENT_MS) candidate.kill('it was not used for ten minutes');
      if (candidate.alive()) return candidate;
    }
    const name = `${deps.name}/${++started}`;
    const environment = createSimulatedEnvironment({ name, role: deps.role }, (created) =>
      deps.load(created, code),
    );
    codes.set(environment, code);
    return environment;
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
    const code = deps.chooseCode();
    const environment = takeEnvironment(code);
    busy.add(environment);
    // Lambda passes events as JSON text.
    const running = environment.invoke(JSON.parse(JSON.stringify(event)), affected, settings.timeoutMs);
    const endWatch = deps.onStart(environment, event, code);
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

  const slots = createExecutionSlots(deps.maximumEnvironments, run);

  return {
    settings,
    // A simulated function never closes, so it always gives a slot in the end.
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
      const [environment] = busy;
      environment?.kill('it was killed');
      return environment !== undefined;
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
