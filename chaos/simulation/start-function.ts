import { LATENCY_METRIC } from '../../lambdas/shared/runtime/metric-names.ts';
import type { FunctionSettings } from '../../local/assembly/stack.ts';
import type { AwsCall, AwsCalls } from '../../local/aws-calls.ts';
import type { CloudWatch } from '../../local/cloudwatch/cloudwatch.ts';
import type { MetricId } from '../../local/cloudwatch/metric-store.ts';
import type { InvocationResult } from '../../local/cloudwatch/services/lambda.ts';
import { type MessageNames, messagesInPayload, namesOfUnknownVersion } from '../affected-deliveries.ts';
import type { History, Role } from '../history.ts';
import type { DeployedCode } from './deployed-code.ts';
import { createEnvironmentPorts } from './environment-ports.ts';
import type { FaultInjector } from './inject-faults.ts';
import { type FunctionPorts, loadFunction } from './load-function.ts';
import type { Network } from './network.ts';
import type { SimulatedEnvironment } from './simulated-environment.ts';
import { createSimulatedFunction, type SimulatedFunction } from './simulated-function.ts';
import type { Usage } from './usage.ts';

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
  readonly usage?: Usage;
}

/** Starts one of the stack's functions. The actions of its environments are added to the history. */
export function startFunction(settings: FunctionSettings, of: StartFunctionDependencies): SimulatedFunction {
  const { history, faults, now, usage } = of;
  const endMetrics = new Map<SimulatedEnvironment, (result: InvocationResult) => void>();

  const observe = (environment: SimulatedEnvironment): Pick<FunctionPorts, 'counters' | 'log'> => {
    const write = (text: string, { stack: _, ...fields }: Record<string, unknown> = {}): void => {
      // Without the stack: it has other positions in a bundle than in the source. In the simulation, timers of a killed
      // environment still run. Ignore their effects.
      if (environment.alive()) history.add({ kind: 'logged', by: environment.caller.name, text, fields });
    };
    return {
      counters: countersOf(settings, environment, usage?.cloudwatch),
      log: { info: write, warn: write, error: write },
    };
  };

  return createSimulatedFunction({
    settings,
    name: shortName(settings),
    role: roleOf(settings),
    maximumEnvironments: of.maximumEnvironments,
    isThrottled(affected) {
      const isThrottled = faults.isThrottled(settings.name, affected);
      if (isThrottled) usage?.cloudwatch.lambda.throttled(settings.name);
      return isThrottled;
    },
    chooseCode: of.chooseCode,
    onStart(environment, event, { reads }) {
      const { caller } = environment;
      history.add({ kind: 'run_started', caller, messages: messagesInPayload(event) });
      const affected = namesOfUnknownVersion(event, reads);
      if (affected.length > 0)
        history.add({ kind: 'fault', fault: { kind: 'unknown_version' }, caller, affected });
      if (usage !== undefined) endMetrics.set(environment, usage.started(settings));
      return faults.watchRun(environment, settings.name);
    },
    onEnd(environment, end, durationMs) {
      endMetrics.get(environment)?.({ durationMs, failed: end.kind === 'failed' });
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
      const handler = loadFunction(code, settings, { ports, now, ...observe(environment) });
      return async (event, timeoutMs) => {
        const response = await handler(event, timeoutMs);
        await faults.pause(environment, settings.name);
        return response;
      };
    },
  });
}

/** The metrics that Powertools would write to the function's log, with the same dimensions. */
function countersOf(
  { environment: variables }: FunctionSettings,
  environment: SimulatedEnvironment,
  cloudwatch: CloudWatch | undefined,
): FunctionPorts['counters'] {
  const {
    POWERTOOLS_METRICS_NAMESPACE: namespace = '',
    DEPLOYMENT: deployment = '',
    LANE: lane = '',
  } = variables;
  const add = (name: string, value: number, dimensions: MetricId['dimensions']): void => {
    if (environment.alive()) cloudwatch?.add({ namespace, name, dimensions }, value);
  };
  return {
    count: (name, value = 1) => add(name, value, { deployment }),
    measureLatency: (milliseconds) => add(LATENCY_METRIC, milliseconds, { deployment, lane }),
  };
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
    case 'create-portal-link':
    case 'serve-console':
      return environment.POWERTOOLS_SERVICE_NAME;
    case 'send-delivery':
      return 'sender';
    default:
      throw new Error(`the function ${name} has no role yet; add it to roleOf`);
  }
}
