import { describe, expect, it } from 'vitest';
import { createReceiveGate, type ReceiveGate } from '../../bench/calls/receive-gate.ts';
import { systemClock } from '../../lambdas/shared/runtime/clock.ts';
import { ADMINISTRATOR, createAwsCalls, type Json } from '../../local/aws-calls.ts';
import { createMeter } from '../../local/metering/meter.ts';
import { createSqsEngine } from '../../local/sqs/engine.ts';
import { createSqsService } from '../../local/sqs/service.ts';

const aMessage = (body: string) => ({ body, senderId: ADMINISTRATOR });

/** Two queues with so many messages each, and a gate before their receives. */
function world(messages: number) {
  const queues = createSqsEngine({ clock: systemClock });
  const urls = ['a', 'b'].map((name) => {
    const url = `http://127.0.0.1/000000000000/${name}`;
    queues.createQueue({
      ...{ name, url, arn: `arn:aws:sqs:us-east-1:000000000000:${name}` },
      ...{ delaySeconds: 0, visibilityTimeoutSeconds: 120, retentionSeconds: 3_600 },
    });
    for (let n = 0; n < messages; n += 1) queues.send(url, aMessage(String(n)));
    return url;
  });
  const unused = { call: () => Promise.reject(new Error('not used here')) };
  const calls = createAwsCalls({
    services: { sqs: createSqsService(queues), dynamodb: unused, events: unused, kms: unused },
    authorize: () => undefined,
    meter: createMeter(),
  });
  const gate = createReceiveGate({ calls, queues, functions: [] });
  const call = (action: string, input: Json) =>
    calls.call({ principal: ADMINISTRATOR, service: 'sqs', action, input });
  /** Receives up to ten messages, deletes them, and returns how many there were. */
  const receive = async (url: string | undefined): Promise<number> => {
    const { Messages = [] } = await call('ReceiveMessage', { QueueUrl: url, MaxNumberOfMessages: 10 });
    if (!Array.isArray(Messages)) return 0;
    for (const { ReceiptHandle } of Messages) await call('DeleteMessage', { QueueUrl: url, ReceiptHandle });
    return Messages.length;
  };
  return { queues, urls, gate, receive };
}

/** The value of a promise that is fulfilled already, or `waits`. */
const state = async (promise: Promise<number>, gate: ReceiveGate): Promise<number | 'waits'> => {
  await gate.quiet();
  return Promise.race([promise, new Promise<'waits'>((resolve) => setTimeout(resolve, 0, 'waits'))]);
};

describe('the gate of a measurement', () => {
  it('holds every receive while it is closed, and none when it is open', async () => {
    const { urls, gate, receive } = world(3);
    gate.close();

    const received = receive(urls[0]);

    expect(await state(received, gate)).toBe('waits');
    gate.open();
    expect(await received).toBe(3);
  });

  it('hands over a full batch while other work is under way, and a smaller one when nothing is', async () => {
    const { queues, urls, gate, receive } = world(4);
    gate.fullBatchesOnly();
    const [held] = queues.receive({ queueUrl: urls[1] ?? '', max: 1 });
    const received = receive(urls[0]);

    for (let n = 4; n < 10; n += 1) queues.send(urls[0] ?? '', aMessage(String(n)));
    expect(await received).toBe(10);

    queues.send(urls[0] ?? '', aMessage('alone'));
    const second = receive(urls[0]);
    queues.deleteMessage(urls[1] ?? '', held?.receiptHandle ?? '');
    expect(await second).toBe(1);
  });

  it('empties one queue after another while it is closed', async () => {
    const { urls, gate, receive } = world(3);
    gate.close();
    const order: string[] = [];
    const received = urls.map(async (url) => {
      await receive(url);
      order.push(url);
    });

    await gate.emptyInTurn(0);
    await Promise.all(received);

    expect(order).toEqual(urls);
  });
});
