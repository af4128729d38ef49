import { sleep } from '../lambdas/shared/runtime/clock.ts';
import type { AwsCall, Calls, Json } from '../local/calls.ts';
import type { SqsEngine } from '../local/sqs/engine.ts';
import { decodeReceiptHandle } from '../local/sqs/receipt-handle.ts';
import type { Faults } from './faults.ts';
import { touchOfText } from './touches.ts';

/** The calls that AWS itself makes for a function: receiving, deleting, and keeping what failed. */
export interface Poller {
  /** Of an event source mapping. */
  mapping(name: string): Calls;
  /** Of asynchronous invocation, when it gives an event up. It is taken to try for an hour. */
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
  readonly say: (text: string) => void;
}): Poller {
  const { calls, faults, engine, say } = deps;
  let handingOver = 0;
  const touchesOfMessage = new Map<string, string[]>();

  const touchesOf = ({ action, input }: AwsCall): string[] => {
    if (action === 'SendMessage') return touchOfText(String(input.MessageBody));
    const entries: Json[] = Array.isArray(input.Entries) ? input.Entries : [];
    return entries.flatMap(({ ReceiptHandle: handle }) => {
      const id = decodeReceiptHandle(String(handle))?.messageId;
      return (id !== undefined && touchesOfMessage.get(id)) || [];
    });
  };

  /** A standard queue may hand out a message twice, and count both as the first time. */
  const copy = (call: AwsCall, messages: readonly Json[]): void => {
    for (const { MessageId: id, Body: body, Attributes: attributes } of messages) {
      const touches = touchOfText(String(body));
      touchesOfMessage.set(String(id), touches);
      const afterMs = faults.copyAfterMs(touches);
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

  const callAs = (name: string, call: AwsCall, signal: AbortSignal | undefined): Promise<Json> =>
    faults.call({ name, touches: touchesOf(call) }, call, async (input = call.input) => {
      const output = await calls.call({ ...call, input }, signal);
      if (call.action === 'ReceiveMessage' && Array.isArray(output.Messages)) {
        say(`${name} receives ${output.Messages.length}`);
        copy(call, output.Messages);
      }
      return output;
    });

  return {
    isHandingOver: () => handingOver > 0,
    mapping: (name) => ({ use: calls.use, call: (call, signal) => callAs(name, call, signal) }),
    destination: (name) => ({
      use: calls.use,
      async call(call, signal) {
        handingOver++;
        try {
          for (let tries = 1; tries < DESTINATION_TRIES; tries++) {
            const output = await callAs(name, call, signal).catch(() => undefined);
            if (output !== undefined) return output;
            await sleep(DESTINATION_WAIT_MS);
          }
          return await callAs(name, call, signal);
        } finally {
          handingOver--;
        }
      },
    }),
  };
}
