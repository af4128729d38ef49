import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { MappingSettings } from '../../local/assembly/stack.ts';
import { AwsError } from '../../local/aws-calls.ts';
import { type EventSourceMapping, startEventSourceMapping } from '../../local/lambda/event-source-mapping.ts';
import type { InvocationEnd } from '../../local/lambda/function-worker.ts';
import { arnOf, failed, functionOf, returned, sqsOf, urlOf } from '../support/lambda.ts';

const open: EventSourceMapping[] = [];
beforeEach(() => vi.useFakeTimers());
afterEach(async () => {
  await Promise.all(open.splice(0).map((mapping) => mapping.stop()));
  vi.useRealTimers();
});

interface Batch {
  readonly bodies: string[];
  readonly atMs: number;
}

function start(
  run: (bodies: string[], ids: string[]) => InvocationEnd | Promise<InvocationEnd>,
  settings: Partial<MappingSettings> = {},
  queue: { delaySeconds?: number } = {},
) {
  const { engine, calls } = sqsOf([{ name: 'jobs', ...queue }]);
  const startedAt = Date.now();
  const batches: Batch[] = [];
  const problems: string[] = [];
  const fn = functionOf((event) => {
    const records = recordsOf(event);
    const bodies = records.map(({ body }) => body);
    batches.push({ bodies, atMs: Date.now() - startedAt });
    return run(
      bodies,
      records.map(({ messageId }) => messageId),
    );
  });
  const mapping = startEventSourceMapping({
    settings: {
      logicalId: 'Mapping',
      functionArn: fn.settings.arn,
      queueArn: arnOf('jobs'),
      batchSize: 10,
      windowMs: 0,
      reportsBatchItemFailures: true,
      ...settings,
    },
    principal: 'work',
    calls,
    queueUrl: urlOf('jobs'),
    queues: engine,
    fn,
    clock: { now: () => Date.now() },
    onProblem: (problem) => problems.push(problem),
  });
  open.push(mapping);
  const send = (...bodies: string[]) => {
    for (const body of bodies) engine.send(urlOf('jobs'), { body, senderId: 'test' });
  };
  return { engine, calls, batches, problems, send, countMessages: () => engine.counts(urlOf('jobs')) };
}

function recordsOf(event: unknown): { body: string; messageId: string }[] {
  const { Records } = event as { Records: { body: string; messageId: string }[] };
  return Records;
}

const settle = (milliseconds = 1) => vi.advanceTimersByTimeAsync(milliseconds);

describe('an event source mapping', () => {
  it('deletes the messages that succeeded, and not those that the function reports as failed', async () => {
    const { send, batches, countMessages } = start((bodies, ids) =>
      returned({
        batchItemFailures: ids
          .filter((_id, index) => bodies[index] === 'bad')
          .map((itemIdentifier) => ({ itemIdentifier })),
      }),
    );

    send('good', 'bad', 'good');
    await settle();

    expect(batches[0]?.bodies).toEqual(['good', 'bad', 'good']);
    expect(countMessages()).toEqual({ visible: 0, inFlight: 1, delayed: 0 });
    await settle(120_000);
    expect(batches[1]?.bodies).toEqual(['bad']);
  });

  it.each([
    ['fails', failed, true],
    ['fails, though it need not report,', failed, false],
    ['returns a result that cannot be read', returned([]), true],
  ])('deletes nothing if the function %s', async (_what, end, reportsBatchItemFailures) => {
    const { send, countMessages } = start(() => end, { reportsBatchItemFailures });

    send('a', 'b');
    await settle();

    expect(countMessages()).toEqual({ visible: 0, inFlight: 2, delayed: 0 });
  });

  it('treats any result as success if batch item failures are not reported', async () => {
    const { send, countMessages } = start(
      (_bodies, ids) => returned({ batchItemFailures: [{ itemIdentifier: ids[0] }] }),
      {
        reportsBatchItemFailures: false,
      },
    );

    send('a');
    await settle();

    expect(countMessages()).toEqual({ visible: 0, inFlight: 0, delayed: 0 });
  });

  it('respects the maximum concurrency, and continues when a batch has ended [FAULT-30]', async () => {
    const ends: (() => void)[] = [];
    const { send, batches } = start(
      () => new Promise((resolve) => ends.push(() => resolve(returned(null)))),
      {
        batchSize: 1,
        maximumConcurrency: 2,
      },
    );

    send('a', 'b', 'c');
    await settle();
    const before = batches.length;
    ends[0]?.();
    await settle();

    expect([before, batches.length]).toEqual([2, 3]);
  });

  it('receives no message before it can invoke the function [FAULT-30]', async () => {
    const ends: (() => void)[] = [];
    const { send, countMessages } = start(
      () => new Promise((resolve) => ends.push(() => resolve(returned(null)))),
      {
        batchSize: 1,
        maximumConcurrency: 2,
      },
    );

    send('a', 'b', 'c');
    await settle();
    const waiting = countMessages();
    for (const end of ends) end();

    expect(waiting).toEqual({ visible: 1, inFlight: 2, delayed: 0 });
  });

  it('fills a batch from several receives within the batching window', async () => {
    const { send, batches } = start(() => returned(null), { batchSize: 25, windowMs: 1000 });

    send(...Array.from({ length: 12 }, (_unused, index) => `early ${index}`));
    await settle(500);
    send('late');
    await settle(499);
    const before = batches.length;
    await settle(2);

    expect(before).toBe(0);
    expect(batches.map(({ bodies }) => bodies.length)).toEqual([13]);
  });

  it('runs a full batch before the end of the batching window', async () => {
    const { send, batches } = start(() => returned(null), { batchSize: 2, windowMs: 60_000 });

    send('a', 'b');
    await settle();

    expect(batches.map(({ bodies }) => bodies)).toEqual([['a', 'b']]);
  });

  it('splits a batch that is too large for one invocation', async () => {
    const { send, batches, countMessages } = start(() => returned(null));
    const nearlyOneMegabyte = 'x'.repeat(1_000_000);

    send(...Array.from({ length: 10 }, () => nearlyOneMegabyte));
    await settle();

    expect(batches.map(({ bodies }) => bodies.length)).toEqual([6, 4]);
    expect(countMessages()).toEqual({ visible: 0, inFlight: 0, delayed: 0 });
  });

  it('polls only when a delayed message becomes visible', async () => {
    const { send, calls, batches } = start(() => returned(null), {}, { delaySeconds: 30 });
    let polls = 0;
    calls.use((call, next) => {
      if (call.action === 'ReceiveMessage') polls++;
      return next();
    });

    send('later');
    await settle(29_999);
    const before = polls;
    await settle(10);

    expect(before).toBe(0);
    expect(batches).toEqual([{ bodies: ['later'], atMs: 30_000 }]);
    expect(polls).toBe(1);
  });

  it('reports that it cannot poll, and polls again after the fault', async () => {
    const { send, calls, batches, problems } = start(() => returned(null));
    const repair = calls.use(async () => {
      throw new AwsError({ code: 'ServiceUnavailable', message: 'down', status: 503 });
    });

    send('a');
    await settle(2500);
    repair();
    await settle(1000);

    expect(problems).toHaveLength(3);
    expect(problems[0]).toContain('down');
    expect(batches.map(({ bodies }) => bodies)).toEqual([['a']]);
  });

  it('receives nothing after it is stopped', async () => {
    const { send, batches, countMessages } = start(() => returned(null));

    await open.pop()?.stop();
    send('a');
    await settle(1000);

    expect(batches).toEqual([]);
    expect(countMessages().visible).toBe(1);
  });
});
