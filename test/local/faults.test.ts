import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { BusScheduleSettings, FunctionSettings } from '../../local/assembly/stack.ts';
import { ADMINISTRATOR, type AwsCall, AwsError, CutAnswer, type Json } from '../../local/aws-calls.ts';
import type { Fault } from '../../local/faults/fault.ts';
import { createFaults, type InjectedFaults } from '../../local/faults/fault-registry.ts';
import type { Slot } from '../../local/lambda/execution-slots.ts';
import { functionOf, returned } from '../support/lambda.ts';

const OUTPUTS = {
  FirstQueueUrl: 'http://127.0.0.1/000000000000/first',
  Retry1QueueUrl: 'http://127.0.0.1/000000000000/retry1',
  DeliveriesTableName: 'deliveries',
  EventBusName: 'bus',
};

function settingsOf(name: string): FunctionSettings {
  const { settings } = functionOf(() => returned(null));
  return { ...settings, name, logicalId: `FanoutSendDelivery${name}Function1A2B` };
}

const SCHEDULE: BusScheduleSettings = {
  logicalId: 'CanarySchedule',
  arn: 'arn:aws:scheduler:us-east-1:000000000000:schedule/default/canary',
  name: 'canary',
  everyMs: 300_000,
  busArn: 'arn:aws:events:us-east-1:000000000000:event-bus/shop',
  source: 'own',
  detailType: 'webhook.canary',
  detail: '{}',
  maximumRetryAttempts: 0,
  role: { name: 'role', policies: [] },
};

/** Two functions with at most three environments. The services answer with their input. */
function start() {
  const killed: string[] = [];
  const fired: string[] = [];
  const free = new Map([
    ['FirstLane', 3],
    ['SlowLane', 3],
  ]);
  const acquire = async (name: string): Promise<Slot> => {
    free.set(name, (free.get(name) ?? 0) - 1);
    const release = () => void free.set(name, (free.get(name) ?? 0) + 1);
    return { release, invoke: () => Promise.reject(new Error('not part of this test')) };
  };
  const functions = [...free.keys()].map(settingsOf);
  const faults: InjectedFaults = createFaults({
    stack: { functions, busSchedules: [SCHEDULE], outputs: OUTPUTS },
    clock: { now: () => Date.now() },
    functionNamed: (name) => ({
      settings: settingsOf(name),
      acquire: () => acquire(name),
      async killEnvironment(id) {
        killed.push(`${name}/${id}`);
        return true;
      },
    }),
    maximumEnvironments: 3,
    onFired: (fault) => fired.push(fault),
  });
  const served: AwsCall[] = [];
  const call = (given: Partial<AwsCall> & { service: AwsCall['service']; action: string }): Promise<Json> => {
    const whole: AwsCall = { principal: 'FirstLane', environment: 7, input: {}, ...given };
    return faults.points.onCall(whole, async (input = whole.input) => {
      served.push({ ...whole, input });
      return { Successful: input.Entries ?? [] };
    });
  };
  return { faults, call, served, killed, fired, free };
}

const getItem = { service: 'dynamodb', action: 'GetItem', input: { TableName: 'deliveries' } } as const;
const entries = (count: number) => Array.from({ length: count }, (_, n) => ({ Id: String(n) }));
const sendBatch = (count: number) =>
  ({
    service: 'sqs',
    action: 'SendMessageBatch',
    input: { QueueUrl: OUTPUTS.FirstQueueUrl, Entries: entries(count) },
  }) as const;

describe('a fault of calls', () => {
  it('happens only the first time by default', async () => {
    const { faults, call, served } = start();
    const added = faults.add('fail dynamodb:GetItem');

    await expect(call(getItem)).rejects.toThrow(AwsError);
    await expect(call(getItem)).resolves.toBeDefined();

    expect(added.fired).toBe(1);
    expect(served).toHaveLength(1);
  });

  it('happens on the calls in its range, with its error code', async () => {
    const { faults, call } = start();
    faults.add('fail dynamodb:GetItem 2..3 ThrottlingException');

    const ends = await Promise.allSettled([1, 2, 3, 4].map(() => call(getItem)));

    expect(ends.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected', 'fulfilled']);
    expect(ends[1]).toMatchObject({ reason: { code: 'ThrottlingException', status: 400 } });
  });

  it('affects one function and one queue or table, and never the operator', async () => {
    const { faults, call, served } = start();
    faults.add('fail dynamodb:* by SlowLane on DeliveriesTable always');
    faults.add('fail sqs:SendMessageBatch on Retry1Queue always');

    await call(getItem);
    await call({ ...getItem, principal: 'SlowLane', input: { TableName: 'webhooks' } });
    await call(sendBatch(1));
    await call({ ...getItem, principal: ADMINISTRATOR });

    expect(served).toHaveLength(4);
    await expect(call({ ...getItem, principal: 'SlowLane' })).rejects.toThrow('an injected fault');
    const batch = { service: 'dynamodb', action: 'BatchGetItem', principal: 'SlowLane' } as const;
    await expect(call({ ...batch, input: { RequestItems: { deliveries: {} } } })).rejects.toThrow();
  });

  it('affects the calls of a schedule, which it can name', async () => {
    const { faults, call, served } = start();
    faults.add('fail events:PutEvents by CanarySchedule always');
    const putEvents = { service: 'events', action: 'PutEvents' } as const;

    await call(putEvents);

    expect(served).toHaveLength(1);
    await expect(call({ ...putEvents, principal: SCHEDULE.arn })).rejects.toThrow('an injected fault');
  });

  it('ends with its time', async () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const { faults, call } = start();
    faults.add('fail dynamodb:GetItem for 10s');

    await expect(call(getItem)).rejects.toThrow();
    await vi.advanceTimersByTimeAsync(9_000);
    await expect(call(getItem)).rejects.toThrow();
    await vi.advanceTimersByTimeAsync(1_000);

    await expect(call(getItem)).resolves.toBeDefined();
  });

  it('fails 3 of 10 entries, and the others take effect', async () => {
    const { faults, call, served } = start();
    faults.add('partial sqs:SendMessageBatch 3/10');

    const answer = await call(sendBatch(10));

    expect(served[0]?.input.Entries).toEqual(entries(10).slice(3));
    expect(answer).toMatchObject({
      Successful: entries(10).slice(3),
      Failed: [{ Id: '0' }, { Id: '1' }, { Id: '2' }],
    });
  });

  it('leaves some writes and keys of each table unprocessed', async () => {
    const { faults, call, served } = start();
    faults.add('partial dynamodb:BatchWriteItem 1/2');
    faults.add('partial dynamodb:BatchGetItem 2/3');
    const keys = { a: { Keys: [1, 2] }, b: { Keys: [3] } };

    const written = await call({
      service: 'dynamodb',
      action: 'BatchWriteItem',
      input: { RequestItems: { a: ['w1'], b: ['w2', 'w3'] } },
    });
    const read = await call({ service: 'dynamodb', action: 'BatchGetItem', input: { RequestItems: keys } });

    expect(served[0]?.input.RequestItems).toEqual({ b: ['w2'] });
    expect(written.UnprocessedItems).toEqual({ a: ['w1'], b: ['w3'] });
    expect(served[1]?.input.RequestItems).toEqual({ b: { Keys: [3] } });
    expect(read.UnprocessedKeys).toEqual({ a: { Keys: [1, 2] } });
  });

  it('applies one effect after another to consecutive calls, and repeats the last one', async () => {
    const { faults, call, served } = start();
    const effects = [{ do: 'fail' }, { do: 'cut' }] as const;
    faults.add({ fault: 'call', calls: ['dynamodb:GetItem'], effects, when: { from: 2, to: 4 } });

    const ends = await Promise.allSettled([1, 2, 3, 4, 5].map(() => call(getItem)));

    expect(ends.map((end) => end.status === 'rejected' && end.reason.constructor)).toEqual([
      false,
      AwsError,
      CutAnswer,
      CutAnswer,
      false,
    ]);
    // A refused call has no effect. A call with a lost answer has one.
    expect(served).toHaveLength(4);
  });

  it('starts only after its time', async () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const { faults, call } = start();
    const when = { afterMs: 1_000, forMs: 5_000 };
    faults.add({ fault: 'call', calls: ['dynamodb:*'], effects: [{ do: 'fail' }], when });

    await expect(call(getItem)).resolves.toBeDefined();
    await vi.advanceTimersByTimeAsync(1_000);
    await expect(call(getItem)).rejects.toThrow(AwsError);
    await vi.advanceTimersByTimeAsync(5_000);

    await expect(call(getItem)).resolves.toBeDefined();
  });

  it('delays an answer after the call took effect', async () => {
    const { faults, call, served } = start();
    faults.add('delay-answer dynamodb:GetItem 20ms');
    const startedAt = performance.now();

    const answer = call(getItem);
    await Promise.resolve();
    const servedAtOnce = served.length;
    await answer;

    expect(servedAtOnce).toBe(1);
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(19);
  });

  it('kills the environment before its first write after a POST', async () => {
    const { faults, call, killed } = start();
    faults.add('kill FirstLane after-post');

    await call(getItem);
    await expect(call({ ...getItem, action: 'UpdateItem' })).rejects.toThrow(CutAnswer);

    expect(killed).toEqual(['FirstLane/7']);
  });

  it('cuts an answer after the call took effect', async () => {
    const { faults, call, served } = start();
    faults.add('cut dynamodb:GetItem');

    await expect(call(getItem)).rejects.toThrow(CutAnswer);

    expect(served).toHaveLength(1);
  });

  it.each([
    ['before', 0],
    ['after', 1],
  ])('kills the calling environment %s the effect', async (point, effects) => {
    const { faults, call, served, killed } = start();
    faults.add(`kill FirstLane ${point} dynamodb:GetItem`);

    await expect(call(getItem)).rejects.toThrow(CutAnswer);

    expect(killed).toEqual(['FirstLane/7']);
    expect(served).toHaveLength(effects);
  });

  it("kills nothing when Lambda's own poller calls", async () => {
    const { faults, killed } = start();
    const added = faults.add('kill FirstLane before sqs:ReceiveMessage');

    await faults.points.onCall(
      { principal: 'FirstLane', service: 'sqs', action: 'ReceiveMessage', input: {} },
      async () => ({}),
    );

    expect(killed).toEqual([]);
    expect(added.fired).toBe(0);
  });

  it('is reported with its text each time that it happens, and does not happen after its removal', async () => {
    const { faults, call, fired } = start();
    const added = faults.add('fail dynamodb:GetItem always');

    await expect(call(getItem)).rejects.toThrow();
    added.remove();

    await expect(call(getItem)).resolves.toBeDefined();
    expect(fired).toEqual(['fail dynamodb:GetItem always']);
  });
});

describe('a fault of functions and messages', () => {
  it('kills an environment that is still running after its time, and none that has ended', async () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const { faults, killed } = start();
    faults.add('kill FirstLane after 200ms 1..2');

    const end = faults.points.watchRun('FirstLane', 1);
    faults.points.watchRun('FirstLane', 2);
    faults.points.watchRun('SlowLane', 3);
    await vi.advanceTimersByTimeAsync(199);
    end();
    await vi.advanceTimersByTimeAsync(1);

    expect(killed).toEqual(['FirstLane/2']);
  });

  it('occupies all slots of a function beyond its limit, for its time', async () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const { faults, free } = start();

    faults.add('concurrency FirstLane 1 for 10s');
    await vi.advanceTimersByTimeAsync(1);
    const during = Object.fromEntries(free);
    await vi.advanceTimersByTimeAsync(10_000);

    expect(during).toEqual({ FirstLane: 1, SlowLane: 3 });
    expect(free.get('FirstLane')).toBe(3);
  });

  it('repeats only the selected message of its queue', () => {
    const { faults } = start();
    faults.add('twice sqs FirstQueue parallel nth=2');
    const ask = (url: string) => faults.points.copyOf(url);

    expect(ask(OUTPUTS.Retry1QueueUrl)).toBeUndefined();
    expect([1, 2, 3].map(() => ask(OUTPUTS.FirstQueueUrl))).toEqual([undefined, 'parallel', undefined]);
  });

  it('delivers one event twice', () => {
    const { faults } = start();
    faults.add('twice event after 2s');

    expect([1, 2].map(() => faults.points.secondDeliveryAfterMs())).toEqual([2_000, undefined]);
  });
});

describe('a fault that names an unknown resource', () => {
  it.each([
    ['kill Sender after-post', 'FanoutSendDeliveryFirstLaneFunction1A2B'],
    ['twice sqs SecondQueue', 'there are FirstQueue, Retry1Queue'],
    ['cut dynamodb:GetItem on AnotherTable', 'DeliveriesTable'],
  ])('is refused with the known names: %s', (text, known) => {
    const { faults } = start();

    expect(() => faults.add(text)).toThrow(known);
  });
});

describe('a fault that the local cloud cannot make happen', () => {
  it.each<[Fault, string]>([
    [{ fault: 'throttle' }, 'use "concurrency"'],
    [{ fault: 'bus_cannot_send' }, 'its bus can always send'],
    [{ fault: 'message_twice', second: 1_000 }, 'use "parallel" or "in_turn"'],
    [{ fault: 'post', effect: 'kill_open' }, 'it cannot observe POSTs'],
  ])('is refused with the reason: %o', (fault, reason) => {
    const { faults } = start();

    expect(() => faults.add(fault)).toThrow(reason);
  });
});
