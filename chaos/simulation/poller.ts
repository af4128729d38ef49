import type { AwsCall, AwsCalls, Json } from '../../local/aws-calls.ts';
import type { SqsEngine } from '../../local/sqs/engine.ts';
import { type Affected, type MessageNames, namesInCall, namesInText } from '../affected-deliveries.ts';
import type { Caller, History } from '../history.ts';
import type { FaultInjector } from './inject-faults.ts';

/** Makes the calls of event source mappings: they receive and delete messages. */
export interface Poller {
  /** The client of one event source mapping. */
  mapping(name: string): AwsCalls;
}

export function createPoller(deps: {
  readonly calls: AwsCalls;
  readonly faults: FaultInjector;
  readonly engine: SqsEngine;
  readonly messages: MessageNames;
  readonly history: History;
}): Poller {
  const { calls, faults, engine, messages, history } = deps;

  /** A standard queue may deliver a message twice, both with the receive count 1. */
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
    // Before a receive it is unknown which messages it makes invisible.
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
    mapping: (name) => ({
      use: calls.use,
      call: (call, signal) => callAs({ name, role: 'poller' }, call, signal),
    }),
  };
}
