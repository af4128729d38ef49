import { describe, expect, it } from 'vitest';
import { createReceiveControl, type ReceiveControl } from '../../bench/calls/receive-control.ts';
import { systemClock } from '../../lambdas/shared/runtime/clock.ts';
import { ADMINISTRATOR, createAwsCalls, type Json } from '../../local/aws-calls.ts';
import { createMeter } from '../../local/metering/meter.ts';
import { createSqsEngine } from '../../local/sqs/engine.ts';
import { createSqsService } from '../../local/sqs/service.ts';

const aMessage = (body: string) => ({ body, senderId: ADMINISTRATOR });

/** Two queues with this many messages each, and the control of their receives. */
function createQueues(messages: number) {
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
  const receives = createReceiveControl({ calls, queues, functions: [] });
  const call = (action: string, input: Json) =>
    calls.call({ principal: ADMINISTRATOR, service: 'sqs', action, input });
  /** Receives up to ten messages, deletes them, and returns how many there were. */
  const receive = async (url: string | undefined): Promise<number> => {
    const { Messages = [] } = await call('ReceiveMessage', { QueueUrl: url, MaxNumberOfMessages: 10 });
    if (!Array.isArray(Messages)) return 0;
    for (const { ReceiptHandle } of Messages) await call('DeleteMessage', { QueueUrl: url, ReceiptHandle });
    return Messages.length;
  };
  return { queues, urls, receives, receive };
}

/** The value of a promise that is fulfilled when the cloud is idle, or `waits`. */
const stateOf = async (promise: Promise<number>, receives: ReceiveControl): Promise<number | 'waits'> => {
  await receives.untilIdle();
  return Promise.race([promise, new Promise<'waits'>((resolve) => setTimeout(resolve, 0, 'waits'))]);
};

describe('the control of receives', () => {
  it('makes every receive wait while it blocks, and none while it allows all', async () => {
    const { urls, receives, receive } = createQueues(3);
    receives.blockAll();

    const received = receive(urls[0]);

    expect(await stateOf(received, receives)).toBe('waits');
    receives.allowAll();
    expect(await received).toBe(3);
  });

  it('allows a full batch while other messages are processed, and a smaller batch when the cloud is idle', async () => {
    const { queues, urls, receives, receive } = createQueues(4);
    receives.allowFullBatches();
    const [inFlight] = queues.receive({ queueUrl: urls[1] ?? '', max: 1 });
    const received = receive(urls[0]);

    for (let n = 4; n < 10; n += 1) queues.send(urls[0] ?? '', aMessage(String(n)));
    expect(await received).toBe(10);

    queues.send(urls[0] ?? '', aMessage('alone'));
    const second = receive(urls[0]);
    queues.deleteMessage(urls[1] ?? '', inFlight?.receiptHandle ?? '');
    expect(await second).toBe(1);
  });

  it('drains one queue after another while it blocks', async () => {
    const { urls, receives, receive } = createQueues(3);
    receives.blockAll();
    const order: string[] = [];
    const received = urls.map(async (url) => {
      await receive(url);
      order.push(url);
    });

    await receives.drainQueuesInTurn(0);
    await Promise.all(received);

    expect(order).toEqual(urls);
  });
});
