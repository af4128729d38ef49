import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Lane } from '../../lambdas/send-delivery/deps.ts';
import { createOpenAttempts } from '../../lambdas/send-delivery/open-attempts.ts';
import { type Outcome, returned, SETTLED } from '../../lambdas/send-delivery/outcome.ts';
import type { ReceivedMessage } from '../../lambdas/send-delivery/ports.ts';
import type { ReceivedDelivery } from '../../lambdas/send-delivery/receive.ts';
import { createBatchRunner } from '../../lambdas/send-delivery/run-batch.ts';
import { message, NOW, webhookId } from '../support/builders.ts';

const SECOND = 1_000;
const TIME_LEFT_MS = 55 * SECOND;

beforeEach(() => {
  vi.useFakeTimers({ now: NOW });
});
afterEach(() => {
  vi.useRealTimers();
});

/** How long each attempt takes, and what is done about it afterwards. */
interface Planned {
  readonly name: string;
  readonly attemptMs: number;
  readonly bookkeepingMs?: number;
  readonly outcome?: Outcome;
}

/** An execution environment, with a queue behind it in which so many messages wait. */
function environment({ lane = 'first', waiting = 0 }: { lane?: Lane; waiting?: number } = {}) {
  const clock = { now: () => Date.now() };
  const queue = { waiting, looks: 0 };
  const finished: Record<string, string> = {};
  const openAttempts = createOpenAttempts(clock);
  const runBatch = createBatchRunner({
    lane,
    clock,
    openAttempts,
    queues: {
      waiting: async () => {
        queue.looks++;
        return queue.waiting;
      },
    },
    finish: async ({ id }, { kind }) => {
      finished[id] = kind;
    },
  });

  const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
  return {
    queue,
    /** What messages came to that outlived their batch. */
    finished,
    /** Runs a batch; resolves to how its messages left it, and after how long. */
    async run(...batch: Planned[]): Promise<{ afterMs: number; left: Record<string, string> }> {
      const start = Date.now();
      const items = batch.map((planned) => ({ planned, item: received(planned.name) }));
      const left = await runBatch(
        items.map(({ item }) => item),
        start + TIME_LEFT_MS,
        async (item) => {
          const planned = items.find((one) => one.item === item)?.planned;
          if (planned === undefined || item.kind !== 'delivery') throw new Error('not of this batch');
          await openAttempts.track(item.message, () => sleep(planned.attemptMs));
          if (planned.bookkeepingMs !== undefined) await sleep(planned.bookkeepingMs);
          return planned.outcome ?? SETTLED;
        },
      );
      return {
        afterMs: Date.now() - start,
        left: Object.fromEntries([...left].map(([from, how]) => [from.id, how.kind])),
      };
    },
  };
}

function received(name: string): ReceivedDelivery {
  const from: ReceivedMessage = {
    id: name,
    body: '',
    receiptHandle: name,
    receiveCount: 1,
    queueArn: 'arn:aws:sqs:us-east-1:000000000000:first',
  };
  return { kind: 'delivery', from, message: message({ webhookId: webhookId(`wh_${name}`) }), fresh: true };
}

const quick = (name = 'quick'): Planned => ({ name, attemptMs: 100 });
const hanging = (name = 'hanging'): Planned => ({ name, attemptMs: 30 * SECOND });

async function end<T>(running: Promise<T>): Promise<T> {
  await vi.runAllTimersAsync();
  return running;
}

describe('a batch in which all is quick', () => {
  it('is over with its slowest message, and the queue is not looked at', async () => {
    const env = environment({ waiting: 500 });

    const batch = await end(env.run(quick('a'), { name: 'b', attemptMs: 900 }));

    expect(batch).toEqual({ afterMs: 900, left: { a: 'settled', b: 'settled' } });
    expect(env.queue.looks).toBe(0);
  });
});

describe('a batch with a message for an endpoint that hangs', () => {
  it('is waited for to the end while no others wait: a frozen environment reads no answers', async () => {
    const env = environment({ waiting: 2 });

    const batch = await end(env.run(quick(), hanging()));

    expect(batch).toEqual({ afterMs: 30 * SECOND, left: { quick: 'settled', hanging: 'settled' } });
  });

  it('is over after a second when others wait that nobody takes; its attempt goes on', async () => {
    const env = environment({ waiting: 3 });

    const batch = await end(env.run(quick(), hanging()));

    expect(batch).toEqual({ afterMs: SECOND, left: { quick: 'settled', hanging: 'open' } });
  });

  it('is over within a quarter of a second of the others beginning to wait', async () => {
    const env = environment();
    const running = env.run(hanging());

    await vi.advanceTimersByTimeAsync(10_500);
    env.queue.waiting = 3;
    const batch = await end(running);

    expect(batch.afterMs).toBe(10.75 * SECOND);
  });

  it('is waited for where the environment was idle for a second before it', async () => {
    const env = environment();
    await end(env.run(quick()));
    await vi.advanceTimersByTimeAsync(SECOND);

    const batch = await end(env.run(hanging()));

    expect(batch.afterMs).toBe(30 * SECOND);
  });

  it('is never left while something is being recorded or enqueued', async () => {
    const env = environment({ waiting: 500 });

    const batch = await end(
      env.run({ name: 'recorded', attemptMs: 100, bookkeepingMs: 5 * SECOND }, hanging()),
    );

    expect(batch.afterMs).toBeGreaterThanOrEqual(5 * SECOND);
    expect(batch.left).toEqual({ recorded: 'settled', hanging: 'open' });
  });

  it('is waited for in the slow lane, whose batches are made of such messages', async () => {
    const env = environment({ lane: 'slow', waiting: 500 });

    const batch = await end(env.run(hanging()));

    expect(batch).toEqual({ afterMs: 30 * SECOND, left: { hanging: 'settled' } });
  });

  it('goes back whole when the time is up', async () => {
    const env = environment();

    const batch = await end(env.run({ name: 'stuck', attemptMs: 100, bookkeepingMs: 600 * SECOND }));

    expect(batch).toEqual({ afterMs: TIME_LEFT_MS, left: { stuck: 'returned' } });
  });

  it('is waited for by the next batch where it was still being worked on: it may follow up on what it recorded', async () => {
    const env = environment();
    const stuck = env.run({ name: 'stuck', attemptMs: 100, bookkeepingMs: 70 * SECOND });
    await vi.advanceTimersByTimeAsync(60 * SECOND);
    await stuck;

    const next = await end(env.run(quick()));

    expect(next).toEqual({ afterMs: 10_100, left: { quick: 'settled' } });
  });
});

describe('an attempt that outlived its batch', () => {
  it('is waited for by the next batch when no others wait any more', async () => {
    const env = environment({ waiting: 3 });
    const first = env.run(hanging());
    await vi.advanceTimersByTimeAsync(SECOND);
    await first;
    await vi.advanceTimersByTimeAsync(4 * SECOND);
    env.queue.waiting = 0;

    const second = await end(env.run(quick()));

    expect(second).toEqual({ afterMs: 25 * SECOND, left: { quick: 'settled' } });
  });

  it('does not hold the next batch while others wait', async () => {
    const env = environment({ waiting: 3 });
    const first = env.run(hanging());
    await vi.advanceTimersByTimeAsync(SECOND);
    await first;

    const second = env.run(quick());
    await vi.advanceTimersByTimeAsync(100);

    expect(await second).toEqual({ afterMs: 100, left: { quick: 'settled' } });
  });

  it('is not left behind while it is being recorded: its environment could be frozen over it', async () => {
    const env = environment({ waiting: 500 });
    const first = env.run({ name: 'outlived', attemptMs: 5 * SECOND, bookkeepingMs: 10 * SECOND });
    await vi.advanceTimersByTimeAsync(SECOND);
    await first;
    await vi.advanceTimersByTimeAsync(3 * SECOND);

    const second = env.run(hanging());
    await vi.advanceTimersByTimeAsync(5 * SECOND);
    const left = Object.keys(env.finished);
    await vi.advanceTimersByTimeAsync(10 * SECOND);

    expect(left).toEqual([]);
    expect(await second).toMatchObject({ left: { hanging: 'open' } });
    expect(env.finished).toEqual({ outlived: 'settled' });
  });

  it('keeps the outcome that its message comes to in the end', async () => {
    const env = environment({ waiting: 3 });

    const first = env.run({ ...hanging(), outcome: returned('the follow-up was not enqueued') });
    await vi.advanceTimersByTimeAsync(SECOND);

    expect((await first).left).toEqual({ hanging: 'open' });
    await vi.runAllTimersAsync();
    expect(env.finished).toEqual({ hanging: 'returned' });
  });

  it('has at most a hundred beside it: then the environment takes no more', async () => {
    const env = environment({ waiting: 500 });
    const ends: number[] = [];
    for (let batch = 0; batch < 12; batch++) {
      const ten = Array.from({ length: 10 }, (_, n) => hanging(`${batch}_${n}`));
      void env.run(...ten).then(({ afterMs }) => ends.push(afterMs));
      await vi.advanceTimersByTimeAsync(SECOND);
    }

    await vi.runAllTimersAsync();

    expect(ends.filter((afterMs) => afterMs === SECOND)).toHaveLength(10);
  });
});
