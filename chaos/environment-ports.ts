import type { PostRequest, PostResult } from '../lambdas/send-delivery/ports.ts';
import type { AwsCall, Calls, Json, ServiceName } from '../local/calls.ts';
import { createInProcessClient, type InProcessClient } from '../local/in-process-client.ts';
import { type Affected, type DeliveryName, type MessageNames, namesInCall } from './affected-deliveries.ts';
import type { Environment } from './environment.ts';
import type { Faults } from './faults.ts';
import type { History } from './history.ts';
import type { Network } from './network.ts';
import type { CallOf } from './observe.ts';

/** The ports of one environment: every effect that it has passes through its own gate. */
export interface EnvironmentPorts {
  readonly dynamodb: InProcessClient;
  readonly sqs: InProcessClient;
  readonly kms: InProcessClient;
  readonly eventBridge: InProcessClient;
  post(request: PostRequest): Promise<PostResult>;
}

export function createEnvironmentPorts(deps: {
  readonly environment: Environment;
  readonly principal: string;
  readonly calls: Calls;
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
    return faults.call({ caller, environment, affected }, call, async (input = call.input) => {
      const made: CallOf = { ...call, input, caller };
      const output = await calls.call(made, signal);
      return faults.countsLag && call.action === 'GetQueueAttributes' ? MANY_WAIT : output;
    });
  };
  const gated: Calls = {
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
    async post(request) {
      const at = Date.now();
      const concerned = environment.affected.filter(
        ({ eventId }) => eventId === request.headers['webhook-id'],
      );
      environment.openPosts.add(concerned);
      let post: number | undefined;
      const result = await environment.pass(() =>
        faults.post(environment, request.url, () => {
          const sent = deps.network(request, environment.caller);
          post = sent.post;
          return sent.result;
        }),
      );
      environment.openPosts.delete(concerned);
      environment.endedPosts.set(concerned, Date.now());
      // A frozen environment reads an answer when it thaws, unless its connection has been closed by then.
      const durationMs = Math.max(result.durationMs, Date.now() - at);
      const isGone = durationMs > result.durationMs && durationMs > BREAKS_AFTER_MS;
      if (isGone && faults.frozenConnectionsBreak) {
        const reason = 'the connection broke while the environment was frozen';
        return { kind: 'failed', error: 'connection_error', reason, durationMs, reconnected: false };
      }
      if (post !== undefined) history.add({ kind: 'answer_read', post, caller: environment.caller });
      return { ...result, durationMs };
    },
  };
}

/** A call that names deliveries affects those; any other affects all that the environment works on. */
function affectedBy(environment: Environment, names: readonly DeliveryName[]): Affected {
  const { affected, caller } = environment;
  // The request that creates a webhook does not know its id.
  if (caller.role === 'serve-api' && names.length + affected.length === 0) return 'any';
  // A dispatcher that fails at one delivery runs all of the event again.
  if (caller.role === 'dispatch-event') return affected;
  if (names.length === 0) return affected;
  const [{ eventId, deliveryId, webhookId } = {}] = names;
  if ((eventId ?? deliveryId) !== undefined) return names;
  // Only a webhook is named.
  const ofWebhook = affected.filter((name) => name.webhookId === webhookId);
  return ofWebhook.length > 0 ? ofWebhook : names;
}

/** The idle timeout of many load balancers; few parties close a silent connection sooner. */
const BREAKS_AFTER_MS = 60_000;

/** As a queue reports it while its counts lag. */
const MANY_WAIT: Json = { Attributes: { ApproximateNumberOfMessages: '10' } };

/** In a minified bundle the class of a command has another name; its schema keeps the operation's. */
function named(command: { schema?: unknown; input: unknown }): unknown {
  const operation = Array.isArray(command.schema) ? command.schema[2] : undefined;
  if (typeof operation !== 'string') throw new Error('this SDK command does not name its operation');
  return { constructor: { name: `${operation}Command` }, input: command.input };
}
