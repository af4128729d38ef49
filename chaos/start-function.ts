import type { FunctionSettings } from '../local/assembly/stack.ts';
import type { AwsCall, Calls } from '../local/calls.ts';
import { type MessageNames, messagesInPayload } from './affected-deliveries.ts';
import { createEnvironmentPorts } from './environment-ports.ts';
import type { Faults } from './faults.ts';
import type { FunctionCode } from './functions.ts';
import type { History, Role } from './history.ts';
import { loadFunction, type Surroundings } from './load-functions.ts';
import type { Network } from './network.ts';
import type { Environment } from './simulated-environment.ts';
import { createVirtualFunction, type VirtualFunction } from './virtual-function.ts';

export interface FunctionSurroundings {
  readonly calls: Calls;
  readonly code: FunctionCode;
  readonly faults: Faults;
  readonly history: History;
  readonly messages: MessageNames;
  readonly network: Network;
  readonly alterCall: (call: AwsCall) => AwsCall;
  readonly now: () => number;
  readonly maximumEnvironments: number;
}

/** One of the stack's functions, with its environments; what they do is added to the history. */
export function startFunction(settings: FunctionSettings, of: FunctionSurroundings): VirtualFunction {
  const { history, faults, now } = of;

  const observe = (environment: Environment): Pick<Surroundings, 'counters' | 'log'> => {
    const write = (text: string, { stack: _, ...fields }: Record<string, unknown> = {}): void => {
      // Without the stack: it has other positions in a bundle than in the source.
      // The timers of a dead environment still run here; what it does has no effect.
      if (environment.alive()) history.add({ kind: 'logged', by: environment.caller.name, text, fields });
    };
    return { counters: { count: () => undefined }, log: { info: write, warn: write, error: write } };
  };

  return createVirtualFunction({
    settings,
    name: shortName(settings),
    role: roleOf(settings),
    maximumEnvironments: of.maximumEnvironments,
    isThrottled: (affected) => faults.isThrottled(affected),
    onStart(environment, event) {
      history.add({ kind: 'run_started', caller: environment.caller, messages: messagesInPayload(event) });
      return faults.watchRun(environment);
    },
    onEnd(environment, end, durationMs) {
      const { caller, affected } = environment;
      const openCalls = [...environment.openCalls]
        .filter(({ run }) => run === caller.run)
        .map(({ action }) => action);
      const { timeoutMs } = settings;
      history.add({ kind: 'run_ended', caller, end, durationMs, timeoutMs, openCalls });
      // A fault that killed it is in the history already.
      if (end.kind === 'failed' && end.cause === 'timed_out')
        history.add({ kind: 'fault', fault: { kind: 'timed_out' }, caller, affected });
    },
    load: (environment) => {
      const ports = createEnvironmentPorts({ ...of, environment, principal: settings.name });
      return loadFunction(of.code, settings, { ports, now, ...observe(environment) });
    },
  });
}

/** `dispatch-event`, `serve-api`, or the lane of a sender. */
export function shortName({ environment, name }: FunctionSettings): string {
  return environment.LANE ?? environment.POWERTOOLS_SERVICE_NAME ?? name;
}

function roleOf({ environment, name }: FunctionSettings): Role {
  switch (environment.POWERTOOLS_SERVICE_NAME) {
    case 'dispatch-event':
    case 'serve-api':
      return environment.POWERTOOLS_SERVICE_NAME;
    case 'send-delivery':
      return 'sender';
    default:
      throw new Error(`no role is known for the function ${name}; add it here`);
  }
}
