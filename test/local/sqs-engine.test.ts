import { describe, expect, it } from 'vitest';
import { sendMessageBatch } from '../../local/sqs/actions/send-message-batch.ts';
import { createSqsEngine, type SqsEngine } from '../../local/sqs/engine.ts';
import type { QueueSettings } from '../../local/sqs/settings.ts';
import { aQueue, manualClock } from './endpoint-builder.ts';

function anEngine(...queues: QueueSettings[]) {
  const clock = manualClock();
  const engine = createSqsEngine({ clock });
  for (const queue of queues) engine.createQueue(queue);
  return { engine, clock };
}

const bodies = (engine: SqsEngine, queue: QueueSettings, max = 10): string[] =>
  engine.receive({ queueUrl: queue.url, max }).map(({ message }) => message.body);

const send = (engine: SqsEngine, queue: QueueSettings, body: string, groupId?: string): void => {
  engine.send(queue.url, { body, senderId: 'test', ...(groupId === undefined ? {} : { groupId }) });
};

describe('delays', () => {
  it('hides a message for the delay of its queue', () => {
    const queue = aQueue('retry', { delaySeconds: 5 });
    const { engine, clock } = anEngine(queue);
    send(engine, queue, 'late');

    clock.advanceSeconds(4.999);
    const early = bodies(engine, queue);
    clock.advanceSeconds(0.001);

    expect({ early, onTime: bodies(engine, queue) }).toEqual({ early: [], onTime: ['late'] });
  });

  it("lets a message's own delay override the queue's, also with none", () => {
    const queue = aQueue('retry', { delaySeconds: 5 });
    const { engine } = anEngine(queue);

    engine.send(queue.url, { body: 'now', delaySeconds: 0, senderId: 'test' });

    expect(bodies(engine, queue)).toEqual(['now']);
  });

  it('end at the same time for the messages of one call, also when the clock moves during the call', () => {
    const queue = aQueue('retry');
    let now = 0;
    let step = 1;
    const engine = createSqsEngine({ clock: { now: () => (now += step) } });
    engine.createQueue(queue);
    const entries = ['a', 'b', 'c'].map((id) => ({ Id: id, MessageBody: id, DelaySeconds: 1 }));

    sendMessageBatch(
      engine,
      { QueueUrl: queue.url, Entries: entries },
      { principal: 'test', useUnits: () => undefined },
    );
    step = 0;
    now = engine.nextDueAt(queue.arn) ?? Number.NaN;

    expect(bodies(engine, queue)).toEqual(['a', 'b', 'c']);
  });
});

describe('visibility', () => {
  it('redelivers a message after its timeout, with a higher receive count and the time of the first receive', () => {
    const queue = aQueue('first', { visibilityTimeoutSeconds: 30 });
    const { engine, clock } = anEngine(queue);
    send(engine, queue, 'one');
    const [first] = engine.receive({ queueUrl: queue.url, max: 1 });

    clock.advanceSeconds(29);
    const meanwhile = bodies(engine, queue);
    clock.advanceSeconds(1);
    const [second] = engine.receive({ queueUrl: queue.url, max: 1 });

    expect(meanwhile).toEqual([]);
    expect(second?.message).toMatchObject({
      receiveCount: 2,
      firstReceivedAt: first?.message.lastReceivedAt,
      id: first?.message.id,
    });
  });

  it('returns each message once in a receive, even with a visibility timeout of 0', () => {
    const queue = aQueue('first');
    const { engine } = anEngine(queue);
    send(engine, queue, 'one');

    const received = engine.receive({ queueUrl: queue.url, max: 10, visibilityTimeoutSeconds: 0 });

    expect(received).toHaveLength(1);
    expect(bodies(engine, queue)).toEqual(['one']);
  });

  it('deletes with the handle of the last receive only', () => {
    const queue = aQueue('first');
    const { engine, clock } = anEngine(queue);
    send(engine, queue, 'one');
    const [stale] = engine.receive({ queueUrl: queue.url, max: 1 });
    clock.advanceSeconds(30);
    const [last] = engine.receive({ queueUrl: queue.url, max: 1 });

    engine.deleteMessage(queue.url, stale?.receiptHandle ?? '');
    const afterStale = engine.counts(queue.url);
    engine.deleteMessage(queue.url, last?.receiptHandle ?? '');

    expect([afterStale.inFlight, engine.counts(queue.url).inFlight]).toEqual([1, 0]);
  });

  it('deletes a message that is visible again but was not received since', () => {
    const queue = aQueue('first');
    const { engine, clock } = anEngine(queue);
    send(engine, queue, 'one');
    const [received] = engine.receive({ queueUrl: queue.url, max: 1 });
    clock.advanceSeconds(31);

    engine.deleteMessage(queue.url, received?.receiptHandle ?? '');

    expect(bodies(engine, queue)).toEqual([]);
  });

  it('makes a message visible at once if its visibility timeout is changed to 0', () => {
    const queue = aQueue('first');
    const { engine } = anEngine(queue);
    send(engine, queue, 'one');
    const [received] = engine.receive({ queueUrl: queue.url, max: 1 });

    engine.changeVisibility(queue.url, received?.receiptHandle ?? '', 0);

    expect(bodies(engine, queue)).toEqual(['one']);
  });

  it('refuses to change the visibility of a message that is not in flight', () => {
    const queue = aQueue('first');
    const { engine, clock } = anEngine(queue);
    send(engine, queue, 'one');
    const [received] = engine.receive({ queueUrl: queue.url, max: 1 });
    clock.advanceSeconds(30);

    expect(() => engine.changeVisibility(queue.url, received?.receiptHandle ?? '', 10)).toThrow(
      /not available/,
    );
  });

  it('refuses a visibility timeout that ends more than 12 hours after the receive', () => {
    const queue = aQueue('first', { visibilityTimeoutSeconds: 3600 });
    const { engine, clock } = anEngine(queue);
    send(engine, queue, 'one');
    const [received] = engine.receive({ queueUrl: queue.url, max: 1 });
    clock.advanceSeconds(1);

    expect(() => engine.changeVisibility(queue.url, received?.receiptHandle ?? '', 43_200)).toThrow(
      /beyond the limit/,
    );
  });
});

describe('redrive', () => {
  const deadLetters = aQueue('poison', { retentionSeconds: 100 });
  const queue = aQueue('first', {
    visibilityTimeoutSeconds: 10,
    redrive: { deadLetterArn: deadLetters.arn, maxReceiveCount: 2 },
  });

  it('moves a message that reached the maximum receive count, with its id, group and first send time', () => {
    const { engine, clock } = anEngine(queue, deadLetters);
    const sent = engine.send(queue.url, { body: 'bad', groupId: 'acct_1', senderId: 'test' });
    for (const _ of [1, 2]) {
      bodies(engine, queue);
      clock.advanceSeconds(10);
    }

    const third = bodies(engine, queue);
    const [dead] = engine.receive({ queueUrl: deadLetters.url, max: 1 });

    expect(third).toEqual([]);
    expect(dead?.message).toMatchObject({
      id: sent.id,
      groupId: 'acct_1',
      sentAt: sent.sentAt,
      deadLetterSourceArn: queue.arn,
    });
  });

  it('counts the retention of a dead letter from its first send', () => {
    const { engine, clock } = anEngine(queue, deadLetters);
    send(engine, queue, 'bad');
    for (const _ of [1, 2]) {
      bodies(engine, queue);
      clock.advanceSeconds(40);
    }
    bodies(engine, queue);

    clock.advanceSeconds(20);

    expect(bodies(engine, deadLetters)).toEqual([]);
  });

  it('moves dead letters as new messages to the given destination', () => {
    const { engine, clock } = anEngine(queue, deadLetters);
    engine.send(deadLetters.url, { body: 'again', groupId: 'wh_1', senderId: 'test' });
    clock.advanceSeconds(1);

    const task = engine.moveMessages(deadLetters.arn, queue.arn);
    const [moved] = engine.receive({ queueUrl: queue.url, max: 1 });

    expect(task).toMatchObject({ status: 'COMPLETED', moved: 1 });
    expect(moved?.message).toMatchObject({
      body: 'again',
      groupId: 'wh_1',
      receiveCount: 1,
      sentAt: clock.now(),
    });
  });

  it('fails to move a message to its source queue if it was sent to the dead-letter queue directly', () => {
    const { engine } = anEngine(queue, deadLetters);
    send(engine, deadLetters, 'sent by hand');

    const task = engine.moveMessages(deadLetters.arn);

    expect(task).toMatchObject({
      status: 'FAILED',
      failureReason: 'CouldNotDetermineMessageSource',
      moved: 0,
    });
    expect(bodies(engine, deadLetters)).toEqual(['sent by hand']);
  });
});

describe('retention', () => {
  it('deletes a message that was not received in time', () => {
    const queue = aQueue('first', { retentionSeconds: 60 });
    const { engine, clock } = anEngine(queue);
    send(engine, queue, 'old');

    clock.advanceSeconds(60);

    expect({ counts: engine.counts(queue.url), received: bodies(engine, queue) }).toEqual({
      counts: { visible: 0, inFlight: 0, delayed: 0 },
      received: [],
    });
  });
});

describe('fair queues', () => {
  const queue = aQueue('first');

  it('returns messages of a quiet group before those of a noisy group', () => {
    const { engine } = anEngine(queue);
    for (let i = 0; i < 60; i++) send(engine, queue, `noisy ${i}`, 'noisy');
    for (let i = 0; i < 3; i++) bodies(engine, queue);
    send(engine, queue, 'quiet', 'quiet');

    const next = bodies(engine, queue, 2);

    expect(next).toEqual(['quiet', 'noisy 30']);
  });

  it('keeps the order of sending while no group has thirty messages in flight', () => {
    const { engine } = anEngine(queue);
    for (let i = 0; i < 40; i++) send(engine, queue, `busy ${i}`, 'busy');
    for (let i = 0; i < 2; i++) bodies(engine, queue);
    send(engine, queue, 'quiet', 'quiet');

    const next = bodies(engine, queue, 2);

    expect(next).toEqual(['busy 20', 'busy 21']);
  });

  it('does not treat a group as noisy with a tenth of the messages in flight or less', () => {
    const { engine } = anEngine(queue);
    for (let i = 0; i < 270; i++) send(engine, queue, `other ${i}`, `other ${i % 27}`);
    for (let i = 0; i < 40; i++) send(engine, queue, `busy ${i}`, 'busy');
    for (let i = 0; i < 30; i++) bodies(engine, queue);
    send(engine, queue, 'quiet', 'quiet');

    const next = bodies(engine, queue, 1);

    expect(next).toEqual(['busy 30']);
  });

  it('only reorders: every message of a noisy group is received in the end', () => {
    const { engine } = anEngine(queue);
    for (let i = 0; i < 100; i++) send(engine, queue, `noisy ${i}`, 'noisy');
    for (let i = 0; i < 20; i++) send(engine, queue, `quiet ${i}`, `quiet ${i % 4}`);

    const all = Array.from({ length: 12 }, () => bodies(engine, queue)).flat();

    expect(new Set(all).size).toBe(120);
  });
});

describe('the time of the next message', () => {
  const queue = aQueue('first', { delaySeconds: 5, visibilityTimeoutSeconds: 30 });

  it('is undefined for an empty queue', () => {
    const { engine } = anEngine(queue);

    expect(engine.nextDueAt(queue.arn)).toBeUndefined();
  });

  it('is the end of the delay, then now, then the end of the visibility timeout', () => {
    const { engine, clock } = anEngine(queue);
    const start = clock.now();
    send(engine, queue, 'one');

    const delayed = engine.nextDueAt(queue.arn);
    clock.advanceSeconds(5);
    const ready = engine.nextDueAt(queue.arn);
    const [received] = engine.receive({ queueUrl: queue.url, max: 1 });
    const inFlight = engine.nextDueAt(queue.arn);
    engine.deleteMessage(queue.url, received?.receiptHandle ?? '');
    const deleted = engine.nextDueAt(queue.arn);

    expect([delayed, ready, inFlight, deleted]).toEqual([
      start + 5_000,
      start + 5_000,
      start + 35_000,
      undefined,
    ]);
  });

  it('is reported to listeners on a send, until they are removed', () => {
    const { engine } = anEngine(queue);
    let arrivals = 0;
    const leave = engine.onArrival(queue.arn, () => {
      arrivals++;
    });

    send(engine, queue, 'one');
    leave();
    send(engine, queue, 'two');

    expect(arrivals).toBe(1);
  });
});

describe('limits', () => {
  it('refuses a receive while 120,000 messages are in flight', () => {
    const queue = aQueue('first');
    const { engine } = anEngine(queue);
    for (let i = 0; i <= 120_000; i++) send(engine, queue, 'x');
    engine.receive({ queueUrl: queue.url, max: 120_000 });

    expect(() => engine.receive({ queueUrl: queue.url, max: 1 })).toThrow(/in flight/);
  });

  it('does not support FIFO queues', () => {
    expect(() => anEngine(aQueue('first.fifo'))).toThrow(/only standard queues/);
  });
});
