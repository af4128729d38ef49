import type { PostRequest, PostResult } from '../lambdas/send-delivery/ports.ts';
import type { Calls, Json, ServiceName } from '../local/calls.ts';
import { createInProcessClient, type InProcessClient } from '../local/in-process-client.ts';
import type { Environment } from './environment.ts';
import type { Faults } from './faults.ts';
import type { History, Post } from './history.ts';
import type { Network } from './network.ts';
import { touchOfSent } from './touches.ts';

/** The ports of one environment: all that it does to the world goes through its own gate. */
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
  readonly network: Network;
  readonly history: History;
  readonly now: () => number;
}): EnvironmentPorts {
  const { environment, faults, calls, history } = deps;
  const { name } = environment;
  const gated: Calls = {
    use: calls.use,
    call: (call, signal) =>
      environment.pass(() => {
        const touches = [...new Set([...environment.touches, ...touchOfSent(call.input)])];
        const caller = { name, environment, touches };
        history.lines.push({ at: deps.now(), text: `${name} calls ${call.service} ${call.action}` });
        if (call.action === 'Decrypt') history.unwrapped.set(name, (history.unwrapped.get(name) ?? 0) + 1);
        return faults.call(caller, call, async (input = call.input) => {
          const output = await calls.call({ ...call, input }, signal);
          return faults.countsLag && call.action === 'GetQueueAttributes' ? MANY_WAIT : output;
        });
      }),
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
      const at = deps.now();
      const eventId = request.headers['webhook-id'] ?? '';
      const concerned = environment.touches.filter((touch) => touch.startsWith(`${eventId} `));
      environment.openPosts.add(concerned);
      let post: Post | undefined;
      const result = await environment.pass(() =>
        faults.post(environment, () => {
          const sent = deps.network(request, name);
          post = sent.post;
          return sent.result;
        }),
      );
      if (post !== undefined) post.readBy = environment;
      environment.openPosts.delete(concerned);
      environment.endedPosts.set(concerned, deps.now());
      // A frozen environment reads an answer when it thaws, unless its connection is gone by then.
      const durationMs = Math.max(result.durationMs, deps.now() - at);
      const isGone = durationMs > result.durationMs && durationMs > BREAKS_AFTER_MS;
      if (!isGone || !faults.frozenConnectionsBreak) return { ...result, durationMs };
      if (post !== undefined) delete post.readBy;
      const reason = 'the connection broke while the environment was frozen';
      return { kind: 'failed', error: 'connection_error', reason, durationMs, reconnected: false };
    },
  };
}

/** The idle timeout of many load balancers; sooner than that, nobody breaks a connection that is only silent. */
const BREAKS_AFTER_MS = 60_000;

/** As a queue says it while its counts lag behind. */
const MANY_WAIT: Json = { Attributes: { ApproximateNumberOfMessages: '10' } };

/** In a minified bundle the class of a command has another name; its schema keeps the operation's. */
function named(command: { schema?: unknown; input: unknown }): unknown {
  const operation = Array.isArray(command.schema) ? command.schema[2] : undefined;
  if (typeof operation !== 'string') throw new Error('this SDK command does not name its operation');
  return { constructor: { name: `${operation}Command` }, input: command.input };
}
