import { describe, expect, it } from 'vitest';
import {
  type RedispatchRequest,
  redispatch,
  type UndispatchedEvent,
} from '../../command/queues/undispatched.ts';
import { ADMINISTRATOR, AwsError, createAwsCalls, type Interceptor } from '../../local/aws-calls.ts';
import { createInProcessClient } from '../../local/in-process-client.ts';
import { createSqsEngine } from '../../local/sqs/engine.ts';
import type { MessageAttributes } from '../../local/sqs/message.ts';
import { createSqsService } from '../../local/sqs/service.ts';
import { aQueue } from '../local/endpoint-builder.ts';
import { createTestTimer } from '../support/test-timer.ts';

const [undispatched, events] = [aQueue('undispatched'), aQueue('events')];

function start() {
  const clock = { now: () => Date.now() };
  const engine = createSqsEngine({ clock });
  for (const queue of [undispatched, events]) engine.createQueue(queue);
  const unused = { call: () => Promise.reject(new Error('not part of this test')) };
  const calls = createAwsCalls({
    services: { sqs: createSqsService(engine), dynamodb: unused, events: unused, kms: unused },
    authorize: () => undefined,
    meter: { awsCall: () => undefined },
  });
  // An empty queue is reported at once.
  calls.use(({ action, input }, next) =>
    next(action === 'ReceiveMessage' ? { ...input, WaitTimeSeconds: 0 } : input),
  );
  const sqs = createInProcessClient(calls, ADMINISTRATOR, 'sqs');
  const run = (request: Partial<RedispatchRequest> = {}) =>
    redispatch({
      sqs,
      timer: createTestTimer(),
      undispatchedQueueUrl: undispatched.url,
      eventsQueueUrl: events.url,
      isSelected: () => true,
      limit: 1_000,
      confirm: true,
      ...request,
    });
  return {
    run,
    intercept: (interceptor: Interceptor) => calls.use(interceptor),
    set(body: string, attributes: Record<string, string> = { reason: 'no such type' }): void {
      const typed: MessageAttributes = Object.fromEntries(
        Object.entries(attributes).map(([name, stringValue]) => [name, { dataType: 'String', stringValue }]),
      );
      engine.send(undispatched.url, { body, attributes: typed, senderId: 'test' });
    },
    /** Bodies on a queue that can be received now. */
    bodiesOn: (queue: { url: string }) =>
      engine
        .receive({ queueUrl: queue.url, max: 100, visibilityTimeoutSeconds: 0 })
        .map(({ message }) => message.body),
    receiveAll: (queue: { url: string }) => engine.receive({ queueUrl: queue.url, max: 100 }),
    engine,
  };
}

const anEvent = (n: number, type = 'order.paid') =>
  JSON.stringify({ id: `bus-${n}`, 'detail-type': type, detail: { account_id: 'acct_1', id: `evt_${n}` } });
const idsOf = (list: readonly UndispatchedEvent[]) => list.map(({ eventId }) => eventId);

describe('a dry run', () => {
  it('lists every event with its reason and changes nothing', async () => {
    const { run, set, bodiesOn } = start();
    for (let n = 0; n < 25; n++) set(anEvent(n));

    const result = await run({ confirm: false });

    expect(idsOf(result.selected).toSorted()).toEqual(
      Array.from({ length: 25 }, (_, n) => `evt_${n}`).toSorted(),
    );
    expect(result.selected[0]).toMatchObject({
      reason: 'no such type',
      accountId: 'acct_1',
      type: 'order.paid',
      body: expect.stringContaining('"detail"'),
    });
    expect(bodiesOn(undispatched)).toHaveLength(25);
    expect(bodiesOn(events)).toEqual([]);
  });

  it('reads no more messages than the limit, and reports that the queue may have more', async () => {
    const { run, set, bodiesOn } = start();
    for (let n = 0; n < 15; n++) set(anEvent(n));

    const result = await run({ confirm: false, limit: 12 });

    expect(result.selected).toHaveLength(12);
    expect(result.mayHaveMore).toBe(true);
    expect(bodiesOn(undispatched)).toHaveLength(15);
  });

  it.each([
    ['the dispatcher', { reason: 'its body is too large' }, 'its body is too large'],
    [
      'the bus',
      { ERROR_CODE: 'NO_PERMISSIONS', ERROR_MESSAGE: 'not allowed' },
      'the bus could not send it to the events queue: NO_PERMISSIONS, not allowed',
    ],
    ['another sender', {}, 'no reason is given'],
  ])('gives the reason of %s', async (_, attributes, reason) => {
    const { run, set } = start();
    set(anEvent(1), attributes);

    expect((await run({ confirm: false })).selected).toMatchObject([{ reason }]);
  });

  it('reports that an event was received too often when SQS moved it to the queue', async () => {
    const { run, engine } = start();
    const source = aQueue('source', { redrive: { deadLetterArn: undispatched.arn, maxReceiveCount: 1 } });
    engine.createQueue(source);
    engine.send(source.url, { body: anEvent(1), senderId: 'test' });
    for (let n = 0; n < 2; n++) engine.receive({ queueUrl: source.url, max: 1, visibilityTimeoutSeconds: 0 });

    const { selected } = await run({ confirm: false });

    expect(selected).toMatchObject([
      { eventId: 'evt_1', reason: expect.stringContaining('received too often') },
    ]);
  });

  it('lists a message that is not an event', async () => {
    const { run, set } = start();
    set('not JSON');

    const [event] = (await run({ confirm: false })).selected;

    expect(event).toMatchObject({ body: 'not JSON' });
    expect(event).not.toHaveProperty('eventId');
  });
});

describe('a confirmed run', () => {
  it('sends the whole, unchanged events to the events queue, and deletes them', async () => {
    const { run, set, bodiesOn, engine } = start();
    const bodies = Array.from({ length: 25 }, (_, n) => anEvent(n));
    for (const body of bodies) set(body);

    const result = await run();

    expect(result.selected).toHaveLength(25);
    expect(bodiesOn(events).toSorted()).toEqual(bodies.toSorted());
    expect(engine.counts(undispatched.url)).toEqual({ visible: 0, inFlight: 0, delayed: 0 });
  });

  it('keeps the events that are not selected', async () => {
    const { run, set, bodiesOn } = start();
    set(anEvent(1, 'order.paid'));
    set(anEvent(2, 'order.lost'));

    const result = await run({ isSelected: ({ type }) => type === 'order.paid' });

    expect([idsOf(result.selected), idsOf(result.notSelected)]).toEqual([['evt_1'], ['evt_2']]);
    expect(bodiesOn(events)).toEqual([anEvent(1, 'order.paid')]);
    expect(bodiesOn(undispatched)).toEqual([anEvent(2, 'order.lost')]);
  });

  it('ends when the dispatcher refuses the events again at once, and counts them as duplicates', async () => {
    const { run, set, intercept, bodiesOn } = start();
    for (let n = 0; n < 3; n++) set(anEvent(n));
    // The dispatcher refuses them again.
    intercept(async ({ action, input }, next) => {
      const output = await next();
      if (action === 'SendMessageBatch' && input.QueueUrl === events.url) {
        for (const { MessageBody } of input.Entries as { MessageBody: string }[]) set(MessageBody);
      }
      return output;
    });

    const result = await run();

    expect([idsOf(result.selected).length, idsOf(result.duplicates).length]).toEqual([3, 3]);
    expect(bodiesOn(undispatched)).toHaveLength(3);
  });

  it('deletes no event that was not sent', async () => {
    const { run, set, intercept, bodiesOn } = start();
    for (let n = 0; n < 3; n++) set(anEvent(n));
    intercept(async ({ action, input }, next) => {
      if (action !== 'SendMessageBatch') return next();
      const entries = input.Entries as { Id: string; MessageBody: string }[];
      const [refused, ...others] = entries.toSorted(({ MessageBody }) =>
        MessageBody.includes('evt_1') ? -1 : 1,
      );
      if (refused === undefined || !refused.MessageBody.includes('evt_1')) return next();
      const Failed = [{ Id: refused.Id, Code: 'InternalError', Message: 'no' }];
      return others.length === 0 ? { Failed } : { ...(await next({ ...input, Entries: others })), Failed };
    });

    const result = await run();

    expect(idsOf(result.selected).toSorted()).toEqual(['evt_0', 'evt_2']);
    expect(result.failed).toMatchObject([{ message: { eventId: 'evt_1' }, reason: 'InternalError: no' }]);
    expect(bodiesOn(undispatched)).toEqual([anEvent(1)]);
  });

  it('reports which events are on both queues because their deletion failed', async () => {
    const { run, set, intercept, bodiesOn } = start();
    for (let n = 0; n < 2; n++) set(anEvent(n));
    intercept(async ({ action, input }, next) => {
      if (action !== 'DeleteMessageBatch') return next();
      const [kept, ...others] = input.Entries as { Id: string }[];
      const Failed = [{ Id: kept?.Id, Code: 'InternalError', SenderFault: false }];
      return others.length === 0 ? { Failed } : { ...(await next({ ...input, Entries: others })), Failed };
    });

    const result = await run();

    expect(result.selected).toHaveLength(1);
    expect(result.failed).toMatchObject([
      { reason: 'it was sent, but is still on its queue, too: InternalError' },
    ]);
    expect(bodiesOn(events)).toHaveLength(2);
    expect(bodiesOn(undispatched)).toEqual([result.failed[0]?.message.body]);
  });

  it('that fails after its send keeps the event on both queues: a duplicate, not a loss [FAULT-16]', async () => {
    const { run, set, intercept, bodiesOn } = start();
    set(anEvent(1));
    const restore = intercept(async ({ action }, next) => {
      if (action === 'DeleteMessageBatch') throw new AwsError({ code: 'Crash', message: 'gone' });
      return next();
    });

    await expect(run()).rejects.toThrow('gone');
    restore();

    expect(bodiesOn(events)).toEqual([anEvent(1)]);
    expect(bodiesOn(undispatched)).toEqual([anEvent(1)]);
  });
});
