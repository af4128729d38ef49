import { randomUUID } from 'node:crypto';
import type { BusScheduleSettings, FunctionSettings, Stack } from '../../local/assembly/stack.ts';
import {
  ADMINISTRATOR,
  type AwsCall,
  type AwsCalls,
  type AwsService,
  createAwsCalls,
  type Interceptor,
} from '../../local/aws-calls.ts';
import { startBusSchedules } from '../../local/bus-schedules.ts';
import type { AlarmChange } from '../../local/cloudwatch/alarms.ts';
import { createDynamoDb, type DynamoDb } from '../../local/dynamodb/service.ts';
import type { BusEvent, Rule } from '../../local/events/event.ts';
import { createEventBridge } from '../../local/events/service.ts';
import { createAuthorizer, type OnDecision, type Principal } from '../../local/iam/authorizer.ts';
import { createResources } from '../../local/iam/resources.ts';
import { createInProcessClient } from '../../local/in-process-client.ts';
import { createKms } from '../../local/kms/service.ts';
import { startEventSourceMapping } from '../../local/lambda/event-source-mapping.ts';
import { createSqsEngine } from '../../local/sqs/engine.ts';
import { createSqsService } from '../../local/sqs/service.ts';
import { createMessageNames, namesInPayload } from '../affected-deliveries.ts';
import type { CloudAccess } from '../cloud-access.ts';
import type { History } from '../history.ts';
import { createCallObserver } from '../observe-calls.ts';
import type { Scenario } from '../scenario.ts';
import { KMS_SEED } from '../secrets.ts';
import { withCanary } from './canary.ts';
import { asThisVersion, createCodeChooser, type DeployedCode } from './deployed-code.ts';
import type { FunctionCode } from './function-code.ts';
import { createFaultInjector, type FaultInjector } from './inject-faults.ts';
import { createNetwork } from './network.ts';
import { createPoller } from './poller.ts';
import type { SimulatedFunction } from './simulated-function.ts';
import { shortName, startFunction } from './start-function.ts';
import { createUsage, type Usage } from './usage.ts';
import type { VirtualTime } from './virtual-time.ts';

export const REGION = 'us-east-1';
export const ACCOUNT_ID = '000000000000';

/** The synthesized stack with the functions' code, running in virtual time. */
export interface SimulatedCloud extends CloudAccess {
  readonly dynamodb: DynamoDb;
  /** Absent without `onAlarmChange`. */
  readonly usage?: Usage;
  /** Whether no function runs and no message waits for one. */
  isIdle(): boolean;
}

export interface CloudDependencies {
  readonly stack: Stack;
  readonly code: FunctionCode;
  readonly otherCode?: DeployedCode;
  readonly scenario: Scenario;
  readonly time: VirtualTime;
  readonly history: History;
  /** Called with every authorization decision. */
  readonly onDecision?: OnDecision;
  /** Changes the functions' AWS calls. Default: no change. */
  readonly alterCall?: (call: AwsCall) => AwsCall;
  /** Called when an alarm of the stack changes its state. Absent: no metrics are kept and no alarm is evaluated. */
  readonly onAlarmChange?: (change: AlarmChange) => void;
}

export async function createSimulatedCloud({
  stack,
  code,
  otherCode,
  scenario,
  time,
  history,
  onDecision = () => undefined,
  alterCall = (call) => call,
  onAlarmChange,
}: CloudDependencies): Promise<SimulatedCloud> {
  const now = time.now;
  const clock = { now };
  const alarm = (text: string): void => history.add({ kind: 'problem', text, isAlarming: true });
  const network = withCanary(createNetwork(scenario, history), {
    canaryUrl: stack.outputs.CanaryUrl,
    history,
    cloud: () => cloud,
  });
  const messages = createMessageNames();

  const engine = createSqsEngine({ clock });
  for (const queue of stack.queues) engine.createQueue(queue);
  const usage = onAlarmChange && createUsage({ stack, queues: engine, clock, onAlarmChange });
  const faults = watchCalls(
    createFaultInjector(scenario.faults, history, stack),
    usage?.cloudwatch.watchCall,
  );
  const dynamodb = createDynamoDb({ region: REGION });
  for (const table of stack.tables) await time.track(dynamodb.createTable(table));
  const kms = createKms({ keys: stack.keys, seed: KMS_SEED });
  const events = createEventBridge({
    clock,
    account: ACCOUNT_ID,
    region: REGION,
    // Read `randomUUID` at each call, because a run replaces it.
    newId: () => randomUUID(),
    onMatched: deliver,
  });
  for (const bus of stack.buses) events.addBus(bus);
  for (const rule of stack.rules) events.addRule(rule);

  const trackedDynamoDb: AwsService = {
    call: (action, input, context) => time.track(dynamodb.call(action, input, context)),
  };
  const resources = createResources({
    region: REGION,
    accountId: ACCOUNT_ID,
    partitionKeyOf: (table) => stack.tables.find(({ name }) => name === table)?.partitionKey,
    keyArnOf: kms.keyArnOf,
  });
  const calls: AwsCalls = createAwsCalls({
    services: {
      sqs: createSqsService(engine),
      dynamodb: trackedDynamoDb,
      events,
      kms,
    },
    authorize: createAuthorizer({
      principals: new Map([
        ...stack.functions.map((fn) => [fn.name, principalOf(fn)] as const),
        ...stack.busSchedules.map((schedule) => [schedule.arn, principalOf(schedule)] as const),
      ]),
      accountId: ACCOUNT_ID,
      resources,
      onDecision(principal, request, allowed) {
        onDecision(principal, request, allowed);
        if (!allowed) alarm(`the role of ${principal.functionName} refuses ${request.action}`);
      },
    }),
    meter: usage ?? { awsCall: () => undefined },
    interceptors: [createCallObserver(history)],
  });

  const codes = { this: asThisVersion(code), other: otherCode };
  const functions = stack.functions.map((settings) =>
    startFunction(withSettings(settings, scenario), {
      calls,
      chooseCode: createCodeChooser(scenario, codes, now),
      faults,
      history,
      messages,
      network,
      alterCall,
      now,
      maximumEnvironments: scenario.environments,
      ...(usage === undefined ? {} : { usage }),
    }),
  );
  const byArn = new Map(functions.map((fn) => [fn.settings.arn, fn]));
  const functionAt = (arn: string): SimulatedFunction => {
    const found = byArn.get(arn);
    if (found === undefined) throw new Error(`the stack has no function ${arn}`);
    return found;
  };

  const poller = createPoller({ calls, faults, engine, messages, history });
  for (const settings of stack.mappings) {
    startEventSourceMapping({
      settings,
      principal: functionAt(settings.functionArn).settings.name,
      calls: poller.mapping(`poller of ${shortQueueName(settings.queueArn)}`),
      queueUrl: engine.queueByArn(settings.queueArn)?.url ?? '',
      queues: engine,
      fn: functionAt(settings.functionArn),
      clock,
      onProblem: (text) => history.add({ kind: 'problem', text, isAlarming: false }),
    });
  }

  function deliver(rule: Rule, event: BusEvent, text: string): void {
    history.add({ kind: 'event_accepted', event });
    const delivery = faults.busDelivery(namesInPayload(event));
    usage?.cloudwatch.events.matched(rule);
    for (const { queueArn, deadLetterArn } of stack.rules.find(({ arn }) => arn === rule.arn)?.targets ??
      []) {
      const send = (arn: string | undefined, outcome: 'sent' | 'dead_letter'): void => {
        const url = arn === undefined ? undefined : engine.queueByArn(arn)?.url;
        if (url === undefined) throw new Error(`the stack has no queue ${arn}`);
        const attributes =
          outcome === 'sent' ? {} : { ERROR_CODE: { dataType: 'String', stringValue: 'NO_RESOURCE' } };
        engine.send(url, { body: text, senderId: 'events', attributes });
        usage?.sentByBus(rule, outcome, { queueUrl: url, body: text });
      };
      if (delivery.times === 0) {
        if (delivery.outcome === 'dead_letter') send(deadLetterArn, 'dead_letter');
        else usage?.cloudwatch.events.invoked(rule, 'lost');
        continue;
      }
      send(queueArn, 'sent');
      if (delivery.times > 1) setTimeout(() => send(queueArn, 'sent'), delivery.afterMs);
    }
  }

  startBusSchedules({
    schedules: stack.busSchedules,
    calls: callsOfSchedules(calls, faults),
    clock,
    onProblem: (text) => history.add({ kind: 'problem', text, isAlarming: false }),
  });
  usage?.cloudwatch.start();
  const cloud: SimulatedCloud = {
    engine,
    dynamodb,
    outputs: stack.outputs,
    addressOf: (url) => url,
    client: (service) => createInProcessClient(calls, ADMINISTRATOR, service),
    ...(usage === undefined ? {} : { usage, onApiResponse: usage.apiResponse }),
    fn(name) {
      const found = functions.find((fn) => shortName(fn.settings) === name);
      if (found === undefined) throw new Error(`the stack has no function ${name}`);
      return found;
    },
    isIdle: () =>
      functions.every((fn) => fn.running() === 0) &&
      stack.mappings.every(({ queueArn }) => engine.nextDueAt(queueArn) === undefined),
  };
  return cloud;
}

function principalOf({ name, role }: FunctionSettings | BusScheduleSettings): Principal {
  return { roleName: role.name, functionName: name, policies: role.policies };
}

/** Faults happen to the calls of schedules, too. */
function callsOfSchedules(calls: AwsCalls, faults: FaultInjector): Pick<AwsCalls, 'call'> {
  const origin = { caller: { name: 'scheduler', role: 'schedule' }, affected: [] } as const;
  return {
    call: (call) => faults.call(origin, call, (input = call.input) => calls.call({ ...call, input })),
  };
}

/** Makes the metrics count the DynamoDB calls that a fault refuses. */
function watchCalls(faults: FaultInjector, watch: Interceptor | undefined): FaultInjector {
  if (watch === undefined) return faults;
  return { ...faults, call: (origin, call, next) => watch(call, () => faults.call(origin, call, next)) };
}

/**
 * The stack is the same in all runs. The scenario's retry delays, thresholds and list length replace those in the
 * functions' environment variables.
 */
function withSettings(
  settings: FunctionSettings,
  { disableAfter, retryDelaysSeconds, keepListsFrom }: Scenario,
): FunctionSettings {
  const given = {
    DISABLE_AFTER: disableAfter,
    RETRY_DELAYS_SECONDS: retryDelaysSeconds,
    KEEP_LISTS_FROM: keepListsFrom,
  };
  const changed = Object.entries(given)
    .filter(([name, value]) => value !== undefined && settings.environment[name] !== undefined)
    .map(([name, value]) => [name, JSON.stringify(value)]);
  return { ...settings, environment: { ...settings.environment, ...Object.fromEntries(changed) } };
}

function shortQueueName(arn: string): string {
  return arn.replace(/^.*(?:Lanes|DispatchEvent)/, '').replace(/[0-9A-F]{8}$/, '');
}
