import type { FunctionSettings } from '../../local/assembly/stack.ts';
import type { AwsCall, AwsCalls } from '../../local/aws-calls.ts';
import { type MessageNames, messagesInPayload, namesOfUnknownVersion } from '../affected-deliveries.ts';
import type { History, Role } from '../history.ts';
import type { DeployedCode } from './deployed-code.ts';
import { createEnvironmentPorts } from './environment-ports.ts';
import type { FaultInjector } from './inject-faults.ts';
import { type FunctionPorts, loadFunction } from './load-function.ts';
import type { Network } from './network.ts';
import type { SimulatedEnvironment } from './simulated-environment.ts';
import { createSimulatedFunction, type SimulatedFunction } from './simulated-function.ts';

export interface StartFunctionDependencies {
  readonly calls: AwsCalls;
  readonly chooseCode: () => DeployedCode;
  readonly faults: FaultInjector;
  readonly history: History;
  readonly messages: MessageNames;
  readonly network: Network;
  readonly alterCall: (call: AwsCall) => AwsCall;
  readonly now: () => number;
  readonly maximumEnvironments: number;
}

/** Starts one of the stack's functions. What its environments do is added to the history. */
export function startFunction(settings: FunctionSettings, of: StartFunctionDependencies): SimulatedFunction {
  const { history, faults, now } = of;

  const observe = (environment: SimulatedEnvironment): Pick<FunctionPorts, 'counters' | 'log'> => {
    const write = (text: string, { stack: _, ...fields }: Record<string, unknown> = {}): void => {
      // Without the stack: it has other positions in a bundle than in the source.
      // In the simulation, timers of a dead environment still run. Ignore their effects.
      if (environment.alive()) history.add({ kind: 'logged', by: environment.caller.name, text, fields });
    };
    return {
      counters: { count: () => undefined, measureLatency: () => undefined },
      log: { info: write, warn: write, error: write },
    };
  };

  return createSimulatedFunction({
    settings,
    name: shortName(settings),
    role: roleOf(settings),
    maximumEnvironments: of.maximumEnvironments,
    isThrottled: (affected) => faults.isThrottled(affected),
    chooseCode: of.chooseCode,
    onStart(environment, event, { reads }) {
      const { caller } = environment;
      history.add({ kind: 'run_started', caller, messages: messagesInPayload(event) });
      const affected = namesOfUnknownVersion(event, reads);
      if (affected.length > 0)
        history.add({ kind: 'fault', fault: { kind: 'unknown_version' }, caller, affected });
      return faults.watchRun(environment);
    },
    onEnd(environment, end, durationMs) {
      const { caller, affected } = environment;
      const openCalls = [...environment.openCalls]
        .filter(({ run }) => run === caller.run)
        .map(({ action }) => action);
      const { timeoutMs } = settings;
      history.add({ kind: 'run_ended', caller, end, durationMs, timeoutMs, openCalls });
      // A fault that killed it has already been added to the history.
      if (end.kind === 'failed' && end.cause === 'timed_out')
        history.add({ kind: 'fault', fault: { kind: 'timed_out' }, caller, affected });
    },
    load: (environment, { code }) => {
      const ports = createEnvironmentPorts({ ...of, environment, principal: settings.name });
      return loadFunction(code, settings, { ports, now, ...observe(environment) });
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
    case 'recover-deliveries':
    case 'serve-api':
      return environment.POWERTOOLS_SERVICE_NAME;
    case 'send-delivery':
      return 'sender';
    default:
      throw new Error(`the function ${name} has no role yet; add it to roleOf`);
  }
}
