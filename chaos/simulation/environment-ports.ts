import type { SendPorts } from '../../lambdas/send-delivery/ports.ts';
import type { AwsCall, AwsCalls, Json, ServiceName } from '../../local/aws-calls.ts';
import { createInProcessClient, type InProcessClient } from '../../local/in-process-client.ts';
import { type Affected, type DeliveryName, type MessageNames, namesInCall } from '../affected-deliveries.ts';
import type { History } from '../history.ts';
import type { CallWithCaller } from '../observe-calls.ts';
import type { FaultInjector } from './inject-faults.ts';
import type { Network } from './network.ts';
import type { SimulatedEnvironment } from './simulated-environment.ts';

/** The ports of one environment. A kill interrupts all its calls and requests. */
export interface EnvironmentPorts {
  readonly dynamodb: InProcessClient;
  readonly sqs: InProcessClient;
  readonly kms: InProcessClient;
  readonly eventBridge: InProcessClient;
  readonly http: SendPorts['http'];
}

export function createEnvironmentPorts(deps: {
  readonly environment: SimulatedEnvironment;
  readonly principal: string;
  readonly calls: AwsCalls;
  readonly faults: FaultInjector;
  readonly messages: MessageNames;
  readonly network: Network;
  readonly history: History;
  /** Changes the functions' AWS calls, so that a test can remove a condition. */
  readonly alterCall: (call: AwsCall) => AwsCall;
}): EnvironmentPorts {
  const { environment, faults, calls, history } = deps;

  const makeCall = (given: AwsCall, signal: AbortSignal | undefined): Promise<Json> => {
    const call = deps.alterCall(given);
    const { caller } = environment;
    const names = namesInCall(call, deps.messages);
    history.add({ kind: 'called', caller, service: call.service, action: call.action, names });
    const affected = affectedBy(environment, names);
    return faults.call({ caller, environment, affected }, call, (input = call.input) => {
      const made: CallWithCaller = { ...call, input, caller };
      return calls.call(made, signal);
    });
  };
  const interruptibleCalls: AwsCalls = {
    use: calls.use,
    async call(call, signal) {
      const open = { action: call.action, run: environment.caller.run };
      environment.openCalls.add(open);
      try {
        return await environment.whileRunning(() => makeCall(call, signal));
      } finally {
        environment.openCalls.delete(open);
      }
    },
  };
  const client = (service: ServiceName): InProcessClient => {
    const inner = createInProcessClient(interruptibleCalls, deps.principal, service);
    return { send: (command) => inner.send(withOperationName(command)) };
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
        const result = await environment.whileRunning(() =>
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

/** A call that names deliveries affects those. Any other call affects all deliveries of the invocation. */
function affectedBy(environment: SimulatedEnvironment, names: readonly DeliveryName[]): Affected {
  const { affected, caller } = environment;
  // The request that creates a webhook does not contain its id.
  if (caller.role === 'serve-api' && names.length + affected.length === 0) return 'any';
  if (names.length === 0) return affected;
  if (caller.role === 'dispatch-event') return eventsOf(affected, names);
  const [{ eventId, deliveryId, webhookId } = {}] = names;
  if ((eventId ?? deliveryId) !== undefined) return names;
  // The call names only a webhook.
  const ofWebhook = affected.filter((name) => name.webhookId === webhookId);
  return ofWebhook.length > 0 ? ofWebhook : names;
}

/** If a call for one delivery fails, the dispatcher processes the whole event again. */
function eventsOf(affected: readonly DeliveryName[], names: readonly DeliveryName[]): Affected {
  const eventIds = new Set(names.map(({ eventId }) => eventId));
  return eventIds.has(undefined) ? affected : affected.filter(({ eventId }) => eventIds.has(eventId));
}

/** Names a command by its schema: in a minified bundle its class has another name. */
function withOperationName(command: { schema?: unknown; input: unknown }): unknown {
  const operation = Array.isArray(command.schema) ? command.schema[2] : undefined;
  if (typeof operation !== 'string') throw new Error('the schema of this SDK command has no operation name');
  return { constructor: { name: `${operation}Command` }, input: command.input };
}
