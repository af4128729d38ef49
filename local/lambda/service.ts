import type { Clock } from '../../lambdas/shared/runtime/clock.ts';
import { matchesWildcard } from '../assembly/resource-policy.ts';
import type { FunctionSettings, MappingSettings, Stack } from '../assembly/stack.ts';
import type { AwsCall, AwsCalls } from '../aws-calls.ts';
import type { FaultPoints } from '../faults/points.ts';
import type { SqsEngine } from '../sqs/engine.ts';
import { type EventSourceMapping, startEventSourceMapping } from './event-source-mapping.ts';
import { createFunction, type Invocation, type LambdaMeter, type LocalFunction } from './function.ts';
import { createLogGroup, type LogGroup } from './log-group.ts';

/** Lambda refuses a mapping whose function's role may not do these on the queue. */
const POLLING_ACTIONS = ['ReceiveMessage', 'DeleteMessage', 'GetQueueAttributes'];

/** The functions of a stack, and all that makes them run. */
export interface Lambda {
  readonly functions: readonly LocalFunction[];
  /** Whether a service may invoke a function for one of its resources, by the function's permissions. */
  mayInvoke(functionArn: string, service: string, sourceArn: string): boolean;
  /** Runs an event and waits for its end. */
  invoke(functionArn: string, event: unknown): Promise<Invocation>;
  /** Throws where a function's role may not poll its queue, as a deployment would. */
  startMappings(): void;
  logGroup(name: string): LogGroup;
  logLines(fn: LocalFunction): readonly string[];
  close(): Promise<void>;
}

export interface LambdaDependencies {
  readonly stack: Pick<Stack, 'functions' | 'mappings' | 'permissions'>;
  readonly calls: AwsCalls;
  readonly faults: Pick<FaultPoints, 'copyOf' | 'watchRun'>;
  readonly authorize: (call: AwsCall) => void;
  readonly queues: SqsEngine;
  readonly clock: Clock;
  readonly meter: LambdaMeter & { logBytes(bytes: number): void };
  readonly maximumEnvironments: number;
  readonly principalOf: (fn: FunctionSettings) => string;
  readonly variablesOf: (fn: FunctionSettings) => Readonly<Record<string, string>>;
  readonly onProblem: (problem: string) => void;
  readonly onLogLine?: (functionName: string, line: string) => void;
}

interface Running {
  readonly fn: LocalFunction;
  readonly principal: string;
}

export function createLambda(deps: LambdaDependencies): Lambda {
  const { stack, calls, queues, clock, onProblem } = deps;
  const logGroups = new Map<string, LogGroup>();
  const mappings: EventSourceMapping[] = [];
  let closed = false;

  const logGroup = (name: string): LogGroup => {
    const existing = logGroups.get(name);
    if (existing !== undefined) return existing;
    const created = createLogGroup({ meterBytes: (bytes) => deps.meter.logBytes(bytes) });
    logGroups.set(name, created);
    return created;
  };

  const start = (settings: FunctionSettings): Running => {
    const principal = deps.principalOf(settings);
    const { onLogLine } = deps;
    const fn = createFunction({
      settings,
      maximumEnvironments: Math.min(
        settings.reservedConcurrency ?? deps.maximumEnvironments,
        deps.maximumEnvironments,
      ),
      runtimeVariables: deps.variablesOf(settings),
      log: logGroup(settings.logGroupName),
      meter: deps.meter,
      watchRun: deps.faults.watchRun,
      onFailure: (name, reason) => {
        if (!closed) onProblem(`${name} failed: ${reason}`);
      },
      ...(onLogLine === undefined ? {} : { onLine: (line: string) => onLogLine(settings.name, line) }),
    });
    return { fn, principal };
  };

  const running = new Map(stack.functions.map((settings) => [settings.arn, start(settings)]));
  const functions = [...running.values()].map(({ fn }) => fn);
  const find = (arn: string): Running => {
    const found = running.get(arn);
    if (found === undefined) throw new Error(`there is no function ${arn}; the template must hold it`);
    return found;
  };

  const startMapping = (settings: MappingSettings): EventSourceMapping => {
    const { fn, principal } = find(settings.functionArn);
    const queueUrl = queues.queueByArn(settings.queueArn)?.url;
    if (queueUrl === undefined)
      throw new Error(`${settings.logicalId}: there is no queue ${settings.queueArn}`);
    for (const action of POLLING_ACTIONS) {
      deps.authorize({ principal, service: 'sqs', action, input: { QueueUrl: queueUrl } });
    }
    const copyOf = (): 'in_turn' | 'parallel' | undefined => deps.faults.copyOf(queueUrl);
    return startEventSourceMapping({
      settings,
      principal,
      calls,
      queueUrl,
      queues,
      fn,
      clock,
      copyOf,
      onProblem,
    });
  };

  return {
    functions,
    mayInvoke: (functionArn, service, source) =>
      stack.permissions.some(
        ({ functionArn: allowed, principal, sourceArn = '*' }) =>
          allowed === functionArn && principal === service && matchesWildcard(sourceArn, source),
      ),
    invoke: (functionArn, event) => find(functionArn).fn.invoke(event),
    startMappings() {
      for (const settings of stack.mappings) mappings.push(startMapping(settings));
    },
    logGroup,
    logLines: ({ settings }) => logGroup(settings.logGroupName).lines(),
    async close() {
      closed = true;
      const stopped = mappings.splice(0).map((mapping) => mapping.stop());
      await Promise.all([...stopped, ...functions.map((fn) => fn.close())]);
    },
  };
}
