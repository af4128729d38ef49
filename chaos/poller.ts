import { sleep } from '../lambdas/shared/runtime/clock.ts';
import type { AwsCall, Calls, Json } from '../local/calls.ts';
import type { SqsEngine } from '../local/sqs/engine.ts';
import { type Affected, type MessageNames, namesInCall, namesInText } from './affected-deliveries.ts';
import type { Faults } from './faults.ts';
import type { Caller, History } from './history.ts';

/** The calls that AWS itself makes for a function: receiving, deleting, and keeping what failed. */
export interface Poller {
  /** Of an event source mapping. */
  mapping(name: string): Calls;
  /** Of asynchronous invocation, when it gives an event up. It is assumed to try for an hour. */
  destination(name: string): Calls;
  /** Whether it still tries. */
  isHandingOver(): boolean;
}

const DESTINATION_WAIT_MS = 60_000;
const DESTINATION_TRIES = 60;

export function createPoller(deps: {
  readonly calls: Calls;
  readonly faults: Faults;
  readonly engine: SqsEngine;
  readonly messages: MessageNames;
  readonly history: History;
}): Poller {
  const { calls, faults, engine, messages, history } = deps;
  let handingOver = 0;

  /** A standard queue may deliver a message twice, and count both deliveries as the first. */
  const deliverTwice = (call: AwsCall, received: readonly Json[]): void => {
    for (const { MessageId: id, Body: body, Attributes: attributes } of received) {
      const names = namesInText(body);
      messages.set(String(id), names);
      const afterMs = faults.deliverAgainAfterMs(names);
      if (afterMs === undefined) continue;
      const groupId =
        typeof attributes === 'object' && attributes && Reflect.get(attributes, 'MessageGroupId');
      const again = {
        body: String(body),
        senderId: 'sqs',
        delaySeconds: 0,
        ...(typeof groupId === 'string' ? { groupId } : {}),
      };
      setTimeout(() => engine.send(String(call.input.QueueUrl), again), afterMs);
    }
  };

  const callAs = (caller: Caller, call: AwsCall, signal: AbortSignal | undefined): Promise<Json> => {
    // It is not known yet whose messages a receive makes invisible.
    const affected: Affected = call.action === 'ReceiveMessage' ? 'any' : namesInCall(call, messages);
    return faults.call({ caller, affected }, call, async (input = call.input) => {
      const output = await calls.call({ ...call, input }, signal);
      if (call.action === 'ReceiveMessage' && Array.isArray(output.Messages)) {
        history.add({ kind: 'received', caller, messages: output.Messages.length });
        deliverTwice(call, output.Messages);
      }
      return output;
    });
  };

  return {
    isHandingOver: () => handingOver > 0,
    mapping: (name) => ({
      use: calls.use,
      call: (call, signal) => callAs({ name, role: 'poller' }, call, signal),
    }),
    destination: (name) => ({
      use: calls.use,
      async call(call, signal) {
        const caller: Caller = { name, role: 'lambda' };
        handingOver++;
        try {
          for (let tries = 1; tries < DESTINATION_TRIES; tries++) {
            const output = await callAs(caller, call, signal).catch(() => undefined);
            if (output !== undefined) return output;
            await sleep(DESTINATION_WAIT_MS);
          }
          return await callAs(caller, call, signal);
        } finally {
          handingOver--;
        }
      },
    }),
  };
}
