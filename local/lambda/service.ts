import type { Clock } from '../../lambdas/shared/runtime/clock.ts';
import type { FunctionSettings, MappingSettings, Stack } from '../assembly/stack.ts';
import type { AwsCall, AwsCalls } from '../aws-calls.ts';
import type { LambdaMetrics } from '../cloudwatch/services/lambda.ts';
import type { FaultPoints } from '../faults/fault-points.ts';
import { matchesGlob } from '../iam/policy.ts';
import type { SqsEngine } from '../sqs/engine.ts';
import { type EventSourceMapping, startEventSourceMapping } from './event-source-mapping.ts';
import type { Invocation } from './execution-slots.ts';
import { createFunction, type LambdaMeter, type LocalFunction } from './function.ts';
import { createLogGroup, type LogGroup } from './log-group.ts';

/** Lambda refuses a mapping if the function's role does not allow these actions on the queue. */
const POLLING_ACTIONS = ['ReceiveMessage', 'DeleteMessage', 'GetQueueAttributes'];

/** The functions of a stack and their event source mappings. */
export interface Lambda {
  readonly functions: readonly LocalFunction[];
  /** Whether the function's permissions allow a service to invoke it for a resource. */
  mayInvoke(functionArn: string, service: string, sourceArn: string): boolean;
  /** The ARN of a function, by its name or ARN, with or without an alias; undefined if there is none. */
  arnOf(nameOrArn: string): string | undefined;
  /** Runs an event and waits for its result. */
  invoke(functionArn: string, event: unknown): Promise<Invocation>;
  /** Throws if a function's role may not poll its queue; a deployment fails then, too. */
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
  readonly metrics?: Pick<LambdaMetrics, 'started'>;
  /** Called with every line of a log group. */
  readonly onLogged?: (logGroupName: string, line: string) => void;
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
    const created = createLogGroup({
      meterBytes: (bytes) => deps.meter.logBytes(bytes),
      onLine: (line) => deps.onLogged?.(name, line),
    });
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
      ...(deps.metrics === undefined ? {} : { metrics: deps.metrics }),
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
    if (found === undefined) throw new Error(`there is no function ${arn} in the template`);
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
          allowed === functionArn && principal === service && matchesGlob(sourceArn, source),
      ),
    arnOf(nameOrArn) {
      // An alias is the function itself: only the newest code runs.
      const [named] = nameOrArn.replace(/^.*:function:/, '').split(':');
      return stack.functions.find(({ name }) => name === named)?.arn;
    },
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
