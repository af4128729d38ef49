import { availableParallelism } from 'node:os';
import { type Clock, systemClock } from '../lambdas/shared/runtime/clock.ts';
import { loadStack } from './assembly/load-stack.ts';
import type { BusScheduleSettings, Stack } from './assembly/stack.ts';
import { type AwsCalls, type CallMeter, createAwsCalls, type Json } from './aws-calls.ts';
import { startBusSchedules } from './bus-schedules.ts';
import type { AlarmChange } from './cloudwatch/alarms.ts';
import { createAlarmsService } from './cloudwatch/alarms-service.ts';
import { type CloudWatch, createCloudWatch } from './cloudwatch/cloudwatch.ts';
import { createDynamoDb } from './dynamodb/service.ts';
import { startEndpoint } from './endpoint.ts';
import type { BusEvent } from './events/event.ts';
import { createEventBridge } from './events/service.ts';
import { createFaults, type Faults } from './faults/fault-registry.ts';
import { serveHttpApi } from './http-api/serve.ts';
import { startHttpApiServer } from './http-api/server.ts';
import { createAuthorizer, type OnDecision, type Principal } from './iam/authorizer.ts';
import { createResources } from './iam/resources.ts';
import { suspendTimeouts } from './inspector.ts';
import { createKms } from './kms/service.ts';
import type { LocalFunction } from './lambda/function.ts';
import { createInvokeService } from './lambda/invoke-service.ts';
import { principalOf, runtimeVariables } from './lambda/runtime-variables.ts';
import { createLambda } from './lambda/service.ts';
import { createMeter, type Meter } from './metering/meter.ts';
import { pendingCalls } from './pending-calls.ts';
import { createRuleTargets } from './rule-targets.ts';
import { createSqsEngine, type SqsEngine } from './sqs/engine.ts';
import { createSqsService } from './sqs/service.ts';

const REGION = 'us-east-1';
const ACCOUNT_ID = '000000000000';
/** Execution environments of one function at once. Each occupies a core while it starts. */
const MAXIMUM_ENVIRONMENTS = Math.min(8, Math.max(4, 2 * availableParallelism()));

/** A stack that runs on this machine. */
export interface Cloud {
  readonly apiUrl: string;
  readonly apiPort: number;
  readonly awsEndpoint: string;
  readonly region: string;
  readonly stackName: string;
  readonly outputs: Readonly<Record<string, string>>;
  readonly meter: Meter;
  /** The metrics and the alarms. */
  readonly cloudwatch: CloudWatch;
  /** Dispatches every AWS call. `calls.use` adds an interceptor. */
  readonly calls: AwsCalls;
  /** Writes many items to a table at once, without metering and checks: for large amounts of test data. */
  importItems(tableName: string, items: readonly Json[]): Promise<void>;
  /** Injects faults. */
  readonly faults: Faults;
  readonly queues: SqsEngine;
  readonly functions: readonly LocalFunction[];
  readonly schedules: readonly BusScheduleSettings[];
  /** Publishes the event of each schedule now, in addition to its time. */
  runSchedules(): Promise<void>;
  /** The function whose logical id contains this text, such as `DispatchEvent`. Throws unless it is exactly one. */
  findFunction(part: string): LocalFunction;
  /** The newest log lines of that function. */
  logs(part: string): readonly string[];
  /** Stops everything at once. Running invocations and queued messages are lost. */
  close(): Promise<void>;
}

export interface CloudSettings {
  /** The output directory of a synthesized app. */
  readonly assemblyDirectory: string;
  /** Default: a free port. */
  readonly apiPort?: number;
  /** Default: a free port. */
  readonly endpointPort?: number;
  /** Execution environments of one function at once. Default: 4 to 8, by the number of cores. */
  readonly maximumEnvironments?: number;
  /** URL of another DynamoDB. Default: a DynamoDB in this process. */
  readonly dynamodbEndpoint?: string;
  readonly clock?: Clock;
  /** Whether functions and HTTP requests may take any time, for debugging. Default: false. */
  readonly suspendTimeouts?: boolean;
  /** Called with a fault's text each time that it occurs. */
  readonly onFaultFired?: (fault: string) => void;
  /** Called with every authorization decision. */
  readonly onDecision?: OnDecision;
  /** Called with every event that matches a rule, once for each rule. */
  readonly onBusEvent?: (event: BusEvent) => void;
  /** Called when an alarm changes its state. Default: no effect. */
  readonly onAlarmChange?: (change: AlarmChange) => void;
  /** Called with every line that a function writes. */
  readonly onLogLine?: (functionName: string, line: string) => void;
  /**
   * Called with each problem that AWS reports as a metric: a failed function, a queue that cannot be polled, an event
   * that the bus lost. Default: printed on standard error.
   */
  readonly onProblem?: (problem: string) => void;
}

/**
 * Runs a synthesized stack. Throws if the stack contains an unsupported element. Everything that was started is stopped
 * before.
 */
export async function createCloud(settings: CloudSettings): Promise<Cloud> {
  const { clock = systemClock, onProblem = (problem) => process.stderr.write(`${problem}\n`) } = settings;
  const closers: (() => Promise<void> | void)[] = [];
  let closing = false;
  const close = async (): Promise<void> => {
    closing = true;
    for (const closer of closers.splice(0).reverse()) await closer();
  };
  try {
    // The template's values contain both URLs, so both ports listen before the stack is read.
    const api = await startHttpApiServer(settings.apiPort);
    closers.push(api.close);
    const pending = pendingCalls();
    const endpoint = await startEndpoint({
      calls: pending.calls,
      port: settings.endpointPort ?? 0,
      onInternalError: (error, { service, action }) => {
        if (!closing)
          onProblem(`internal error of the local cloud in ${service}:${action}: ${String(error)}`);
      },
    });
    closers.push(endpoint.close);
    const deployment = {
      accountId: ACCOUNT_ID,
      region: REGION,
      endpointUrl: endpoint.url,
      apiUrl: api.url,
    };
    const loaded = await loadStack(settings.assemblyDirectory, deployment);
    const stack = settings.suspendTimeouts === true ? suspendTimeouts(loaded) : loaded;

    const meter = createMeter();
    const queues = createSqsEngine({ clock });
    for (const queue of stack.queues) queues.createQueue(queue);
    const { onAlarmChange = () => undefined } = settings;
    const cloudwatch = createCloudWatch({ stack, queues, clock, onAlarmChange });
    closers.push(cloudwatch.stop);
    const dynamodb = createDynamoDb({
      region: REGION,
      ...(settings.dynamodbEndpoint === undefined ? {} : { endpoint: settings.dynamodbEndpoint }),
    });
    closers.push(dynamodb.close);
    await Promise.all(stack.tables.map((table) => dynamodb.createTable(table)));
    const kms = createKms({ keys: stack.keys });
    const events = createEventBridge({
      clock,
      account: ACCOUNT_ID,
      region: REGION,
      onMatched(rule, event, text) {
        settings.onBusEvent?.(event);
        cloudwatch.events.matched(rule);
        ruleTargets.deliver(rule, text);
      },
    });
    for (const bus of stack.buses) events.addBus(bus);
    for (const rule of stack.rules) events.addRule(rule);

    const authorize = createAuthorizer({
      principals: principalsOf(stack),
      ...(settings.onDecision === undefined ? {} : { onDecision: settings.onDecision }),
      accountId: ACCOUNT_ID,
      resources: createResources({
        region: REGION,
        accountId: ACCOUNT_ID,
        partitionKeyOf: (tableName) => stack.tables.find(({ name }) => name === tableName)?.partitionKey,
        keyArnOf: kms.keyArnOf,
      }),
    });
    // The functions need the calls, so they start later.
    const invoke = createInvokeService(() => lambda);
    const services = {
      ...{ sqs: createSqsService(queues), dynamodb, events, kms, lambda: invoke },
      cloudwatch: createAlarmsService(stack.alarms, cloudwatch),
    };
    const calls = pending.setDispatcher(
      createAwsCalls({ services, authorize, meter: meterBoth(meter, cloudwatch) }),
    );

    const { maximumEnvironments = MAXIMUM_ENVIRONMENTS, onFaultFired = () => undefined } = settings;
    const faults = createFaults({
      stack,
      clock,
      functionNamed: (name) => {
        const found = lambda.functions.find((fn) => fn.settings.name === name);
        if (found === undefined) throw new Error(`there is no function ${name}`);
        return found;
      },
      maximumEnvironments,
      onFired: onFaultFired,
    });
    closers.push(faults.removeAll);
    calls.use(faults.points.onCall);
    calls.use(cloudwatch.watchCall);

    const lambda = createLambda({
      stack,
      calls,
      faults: faults.points,
      authorize,
      queues,
      clock,
      meter,
      metrics: cloudwatch.lambda,
      onLogged: cloudwatch.logged,
      maximumEnvironments,
      principalOf,
      variablesOf: (fn) => runtimeVariables(fn, { endpointUrl: endpoint.url, region: REGION }),
      onProblem,
      ...(settings.onLogLine === undefined ? {} : { onLogLine: settings.onLogLine }),
    });
    closers.push(lambda.close);
    const ruleTargets = createRuleTargets({
      stack,
      calls,
      faults: faults.points,
      queues,
      clock,
      onOutcome: cloudwatch.events.invoked,
      onProblem,
    });
    closers.push(ruleTargets.stop);
    serveHttpApi({ api, stack, lambda, clock, meter, cloudwatch, accountId: ACCOUNT_ID, region: REGION });
    lambda.startMappings();
    const busSchedules = startBusSchedules({ schedules: stack.busSchedules, calls, clock, onProblem });
    closers.push(busSchedules.stop);
    cloudwatch.start();

    const findFunction = (part: string): LocalFunction => {
      const [found, ...others] = lambda.functions.filter((fn) => fn.settings.logicalId.includes(part));
      if (found !== undefined && others.length === 0) return found;
      const ids = lambda.functions.map((fn) => fn.settings.logicalId).join(', ');
      throw new Error(`"${part}" must name exactly one function; there are ${ids}`);
    };
    return {
      apiUrl: api.url,
      apiPort: api.port,
      awsEndpoint: endpoint.url,
      region: REGION,
      stackName: stack.name,
      outputs: stack.outputs,
      meter,
      cloudwatch,
      calls,
      importItems: dynamodb.importItems,
      faults,
      queues,
      functions: lambda.functions,
      schedules: stack.busSchedules,
      runSchedules: busSchedules.publishNow,
      findFunction,
      logs: (part) => lambda.logLines(findFunction(part)),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

function meterBoth(...meters: readonly CallMeter[]): CallMeter {
  return {
    awsCall(call, result) {
      for (const meter of meters) meter.awsCall(call, result);
    },
  };
}

function principalsOf(stack: Stack): Map<string, Principal> {
  const functions = stack.functions.map((fn): [string, Principal] => [
    principalOf(fn),
    { roleName: fn.role.name, functionName: fn.name, policies: fn.role.policies },
  ]);
  const schedules = stack.busSchedules.map(({ arn, name, role }): [string, Principal] => [
    arn,
    { roleName: role.name, functionName: name, policies: role.policies },
  ]);
  return new Map([...functions, ...schedules]);
}
