import type { SendPorts } from '../lambdas/send-delivery/ports.ts';
import type { AwsCall, AwsCalls, Json, ServiceName } from '../local/aws-calls.ts';
import { createInProcessClient, type InProcessClient } from '../local/in-process-client.ts';
import { type Affected, type DeliveryName, type MessageNames, namesInCall } from './affected-deliveries.ts';
import type { Faults } from './faults.ts';
import type { History } from './history.ts';
import type { Network } from './network.ts';
import type { CallOf } from './observe.ts';
import type { Environment } from './simulated-environment.ts';

/** The ports of one environment: every effect that it has passes through its own gate. */
export interface EnvironmentPorts {
  readonly dynamodb: InProcessClient;
  readonly sqs: InProcessClient;
  readonly kms: InProcessClient;
  readonly eventBridge: InProcessClient;
  readonly http: SendPorts['http'];
}

export function createEnvironmentPorts(deps: {
  readonly environment: Environment;
  readonly principal: string;
  readonly calls: AwsCalls;
  readonly faults: Faults;
  readonly messages: MessageNames;
  readonly network: Network;
  readonly history: History;
  /** Changes what functions ask of AWS, so that a test can take a condition away. */
  readonly alterCall: (call: AwsCall) => AwsCall;
}): EnvironmentPorts {
  const { environment, faults, calls, history } = deps;

  const make = (given: AwsCall, signal: AbortSignal | undefined): Promise<Json> => {
    const call = deps.alterCall(given);
    const { caller } = environment;
    const names = namesInCall(call, deps.messages);
    history.add({ kind: 'called', caller, service: call.service, action: call.action, names });
    const affected = affectedBy(environment, names);
    return faults.call({ caller, environment, affected }, call, (input = call.input) => {
      const made: CallOf = { ...call, input, caller };
      return calls.call(made, signal);
    });
  };
  const gated: AwsCalls = {
    use: calls.use,
    async call(call, signal) {
      const open = { action: call.action, run: environment.caller.run };
      environment.openCalls.add(open);
      try {
        return await environment.pass(() => make(call, signal));
      } finally {
        environment.openCalls.delete(open);
      }
    },
  };
  const client = (service: ServiceName): InProcessClient => {
    const inner = createInProcessClient(gated, deps.principal, service);
    return { send: (command) => inner.send(named(command)) };
  };
  return {
    dynamodb: client('dynamodb'),
    sqs: client('sqs'),
    kms: client('kms'),
    eventBridge: client('events'),
    http: {
      async post(request) {
        const open = { action: 'POST', run: environment.caller.run };
        environment.openCalls.add(open);
        let post: number | undefined;
        const result = await environment.pass(() =>
          faults.post(environment, request.url, () => {
            const sent = deps.network(request, environment.caller);
            post = sent.post;
            return sent.result;
          }),
        );
        environment.openCalls.delete(open);
        if (post !== undefined) history.add({ kind: 'answer_read', post, caller: environment.caller });
        return result;
      },
      endBatch: () => undefined,
    },
  };
}

/** A call that names deliveries affects those; any other affects all that the environment works on. */
function affectedBy(environment: Environment, names: readonly DeliveryName[]): Affected {
  const { affected, caller } = environment;
  // The request that creates a webhook does not know its id.
  if (caller.role === 'serve-api' && names.length + affected.length === 0) return 'any';
  if (names.length === 0) return affected;
  if (caller.role === 'dispatch-event') return eventsOf(affected, names);
  const [{ eventId, deliveryId, webhookId } = {}] = names;
  if ((eventId ?? deliveryId) !== undefined) return names;
  // Only a webhook is named.
  const ofWebhook = affected.filter((name) => name.webhookId === webhookId);
  return ofWebhook.length > 0 ? ofWebhook : names;
}

/** A dispatcher that fails at one delivery runs all of its event again. */
function eventsOf(affected: readonly DeliveryName[], names: readonly DeliveryName[]): Affected {
  const eventIds = new Set(names.map(({ eventId }) => eventId));
  return eventIds.has(undefined) ? affected : affected.filter(({ eventId }) => eventIds.has(eventId));
}

/** In a minified bundle the class of a command has another name; its schema keeps the operation's. */
function named(command: { schema?: unknown; input: unknown }): unknown {
  const operation = Array.isArray(command.schema) ? command.schema[2] : undefined;
  if (typeof operation !== 'string') throw new Error('this SDK command does not name its operation');
  return { constructor: { name: `${operation}Command` }, input: command.input };
}
