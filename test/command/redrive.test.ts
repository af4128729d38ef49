import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { type RedriveRequest, redrive } from '../../command/queues/redrive.ts';
import { ADMINISTRATOR, createAwsCalls } from '../../local/aws-calls.ts';
import { createInProcessClient } from '../../local/in-process-client.ts';
import { createSqsEngine } from '../../local/sqs/engine.ts';
import { createSqsService } from '../../local/sqs/service.ts';
import { aQueue } from '../local/endpoint-builder.ts';
import { message } from '../support/builders.ts';
import { queueUrl } from '../support/in-process-services.ts';
import { createInProcessStack, type InProcessStack } from '../support/in-process-stack.ts';
import { answered } from '../support/post-results.ts';

const OUTPUTS = {
  FirstQueueUrl: queueUrl('first'),
  Retry1QueueUrl: queueUrl('retry1'),
  SlowQueueUrl: queueUrl('slow'),
  ExhaustedQueueUrl: queueUrl('exhausted'),
  // The stack of this test has no queue that is named poison.
  PoisonQueueUrl: queueUrl('unreadable'),
};

let cloud: InProcessStack;
beforeEach(async () => {
  cloud = await createInProcessStack({ post: async () => answered(500) });
  onTestFinished(() => cloud.close());
  // An empty queue is reported at once.
  cloud.intercept(({ action, input }, next) =>
    next(action === 'ReceiveMessage' ? { ...input, WaitTimeSeconds: 0 } : input),
  );
});

const run = (request: Partial<RedriveRequest> = {}) =>
  redrive({
    sqs: cloud.ports.sqs,
    timer: cloud.ports.clock,
    queue: 'exhausted',
    outputs: OUTPUTS,
    limit: 1_000,
    confirm: true,
    ...request,
  });

/** Makes the last attempt of a delivery, which fails. */
async function exhaust(change: Parameters<typeof message>[0] = {}): Promise<void> {
  await cloud.addWebhook();
  cloud.put('retry3', message({ attempt: 4, ...change }));
  cloud.time.now += 30_000;
  await cloud.run('retry3');
}

describe('redrive exhausted', () => {
  it('makes a new delivery of the same event, which names the old one', async () => {
    await exhaust();
    cloud.customer.answer = async () => answered(200);

    const { selected } = await run();
    await cloud.run('first');

    expect(selected).toMatchObject([{ deliveryId: message().deliveryId }]);
    expect(cloud.counts('exhausted')).toEqual({ visible: 0, inFlight: 0, delayed: 0 });
    const [again] = cloud.posts.slice(1);
    expect(cloud.posts).toHaveLength(2);
    expect(again?.body).toBe(cloud.posts[0]?.body);
    expect(again?.headers['X-Webhook-Delivery']).not.toBe(cloud.posts[0]?.headers['X-Webhook-Delivery']);
  });

  it('changes nothing without confirm', async () => {
    await exhaust();

    const { selected } = await run({ confirm: false });

    expect(selected).toHaveLength(1);
    expect(cloud.counts('exhausted')).toEqual({ visible: 1, inFlight: 0, delayed: 0 });
    expect(cloud.counts('first').visible).toBe(0);
  });

  it.each([
    ['another webhook', { webhookId: 'wh_other' }],
    ['another account', { accountId: 'acct_other' }],
  ])('keeps the messages of %s', async (_, filter) => {
    await exhaust();

    const { selected, notSelected } = await run(filter);

    expect({ selected, notSelected: notSelected.length }).toEqual({ selected: [], notSelected: 1 });
    expect(cloud.counts('exhausted')).toEqual({ visible: 1, inFlight: 0, delayed: 0 });
  });

  it('keeps a message that arrives during the run, so that a run ends', async () => {
    await exhaust();
    let isFirst = true;
    cloud.intercept(async ({ action, input }, next) => {
      const result = await next(input);
      if (action === 'DeleteMessageBatch' && isFirst) {
        isFirst = false;
        cloud.time.now += 1_000;
        cloud.put('exhausted', message({ exhausted: true, attempt: 4 }));
      }
      return result;
    });

    const { selected, notSelected } = await run();

    expect([selected.length, notSelected.length]).toEqual([1, 1]);
  });

  it('keeps a message that is not a delivery, and states the reason', async () => {
    cloud.putText('exhausted', 'not JSON');

    const { failed } = await run();

    expect(failed).toMatchObject([{ reason: 'it is not a delivery' }]);
    expect(cloud.counts('exhausted').visible).toBe(1);
  });

  it('loses nothing and makes one delivery when it is killed between sending and deleting [FAULT-44]', async () => {
    await exhaust();
    const remove = cloud.intercept(({ action, input }, next) => {
      if (action === 'DeleteMessageBatch') throw new Error('killed');
      return next(input);
    });

    await expect(run()).rejects.toThrow('killed');
    remove();
    const again = await run();
    const copies = cloud.counts('first').visible;
    cloud.customer.answer = async () => answered(200);
    await cloud.run('first');

    expect([again.selected.length, copies]).toEqual([1, 2]);
    expect(cloud.posts).toHaveLength(2);
  });
});

describe('redrive poison', () => {
  /** A lane whose messages SQS moves to the poison queue after their first receive. */
  function startLane() {
    const clock = { now: () => Date.now() };
    const engine = createSqsEngine({ clock });
    const poison = aQueue('poison');
    const lane = aQueue('retry1', { redrive: { deadLetterArn: poison.arn, maxReceiveCount: 1 } });
    for (const queue of [poison, lane]) engine.createQueue(queue);
    const unused = { call: () => Promise.reject(new Error('not part of this test')) };
    const calls = createAwsCalls({
      services: { sqs: createSqsService(engine), dynamodb: unused, events: unused, kms: unused },
      authorize: () => undefined,
      meter: { awsCall: () => undefined },
    });
    calls.use(({ action, input }, next) =>
      next(action === 'ReceiveMessage' ? { ...input, WaitTimeSeconds: 0 } : input),
    );
    const receive = (queue: { url: string }) =>
      engine.receive({ queueUrl: queue.url, max: 10, visibilityTimeoutSeconds: 0 });
    return {
      receive: () => receive(lane).map(({ message: { body, groupId } }) => ({ body, groupId })),
      strand(body: string): void {
        engine.send(lane.url, { body, groupId: 'wh_1', senderId: 'test' });
        receive(lane);
        receive(lane);
      },
      send: (body: string) => engine.send(poison.url, { body, senderId: 'test' }),
      poisoned: () => engine.counts(poison.url),
      redrive: (outputs: Record<string, string> = { Retry1QueueUrl: lane.url }) =>
        run({
          sqs: createInProcessClient(calls, ADMINISTRATOR, 'sqs'),
          queue: 'poison',
          outputs: { PoisonQueueUrl: poison.url, ...outputs },
        }),
    };
  }

  it('moves a message, unchanged and with its group, to the queue from which SQS moved it', async () => {
    const lane = startLane();
    lane.strand('{"account_id":"acct_1","n":1.0}');
    const before = lane.poisoned();

    const { selected } = await lane.redrive();

    expect(before.visible).toBe(1);
    expect(selected).toMatchObject([{ accountId: 'acct_1', sourceQueue: 'retry1' }]);
    expect(lane.receive()).toEqual([{ body: '{"account_id":"acct_1","n":1.0}', groupId: 'wh_1' }]);
    expect(lane.poisoned()).toEqual({ visible: 0, inFlight: 0, delayed: 0 });
  });

  it('keeps a message whose queue is unknown or removed, and states the reason', async () => {
    const lane = startLane();
    lane.strand('{}');
    lane.send('{}');

    const { failed } = await lane.redrive({});

    expect(failed.map(({ reason }) => reason).toSorted()).toEqual([
      'SQS does not say from which queue it was moved',
      'the stack has no queue retry1 any more',
    ]);
    expect(lane.poisoned()).toEqual({ visible: 2, inFlight: 0, delayed: 0 });
  });
});
