import type { SQSBatchResponse } from 'aws-lambda';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { DeliveryMessage } from '../../lambdas/shared/domain/delivery.ts';
import { deliveryIdOf } from '../../lambdas/shared/domain/ids.ts';
import type { PostResult } from '../../lambdas/shared/http/post.ts';
import { accountId, eventId, message, NOW, webhookId } from '../support/builders.ts';
import type { QueueName } from '../support/in-process-services.ts';
import { createInProcessStack, type InProcessStack } from '../support/in-process-stack.ts';
import { answered } from '../support/post-results.ts';

const SECOND = 1_000;
const MINUTE = 60_000;
const TIMED_OUT: PostResult = {
  kind: 'failed',
  error: 'timeout',
  reason: 'no answer',
  durationMs: 30_000,
  reconnected: false,
};

let world: InProcessStack;

beforeEach(async () => {
  world = await createInProcessStack();
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});
afterEach(async () => {
  vi.useRealTimers();
  await world.close();
});

/** Time passes, and all that is due by then happens. */
async function pass(milliseconds: number): Promise<void> {
  for (let left = milliseconds; left > 0; left -= 100) {
    await settle();
    world.time.now += Math.min(100, left);
    await vi.advanceTimersByTimeAsync(Math.min(100, left));
  }
  await settle();
}

async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
}

/** An endpoint that answers after so long. */
function answersAfter(milliseconds: number, result: PostResult = answered(200)): void {
  world.customer.answer = async () => {
    await new Promise((resolve) => setTimeout(resolve, milliseconds));
    return { ...result, durationMs: milliseconds };
  };
}

const hangs = (): void => answersAfter(30 * SECOND, TIMED_OUT);

/** The first attempt of another event for each number, signed just now. */
function first(n: number, change: Partial<DeliveryMessage> = {}): DeliveryMessage {
  const names = { accountId: accountId(), webhookId: webhookId(), eventId: eventId(`evt_${n}`), ...change };
  return message({
    ...names,
    deliveryId: deliveryIdOf({ ...names, acceptedAt: NOW }),
    signed: { signedAt: world.time.now, hex: 'aa', standard: 'v1,qg==' },
    ...change,
  });
}

/** Runs one batch to its end; resolves to how long that took. */
async function run(queue: QueueName): Promise<number> {
  const start = world.time.now;
  let over = false;
  void world.run(queue).then(() => {
    over = true;
  });
  while (!over) await pass(100);
  return world.time.now - start;
}

async function slowSince(): Promise<string | undefined> {
  return (await world.webhooks.get(accountId(), webhookId()))?.slowSince;
}

describe('a webhook whose endpoint hangs', () => {
  it('is marked in the table after two seconds, while the attempt is still open [FAULT-31]', async () => {
    await world.addWebhook();
    hangs();
    world.put('first', first(1));
    void world.run('first');

    await pass(2_000);
    const before = await slowSince();
    await pass(200);

    expect(before).toBeUndefined();
    expect(await slowSince()).toBe('2026-01-15T10:30:02.100Z');
  });

  it('has its next messages handed on by the environment that saw it, unchanged and untried [FAULT-31]', async () => {
    await world.addWebhook();
    hangs();
    world.put('first', first(1));
    await run('first');
    const next = first(2);
    world.put('first', next);

    await run('first');

    expect(world.posts).toHaveLength(1);
    expect(world.receiveMessages('slow')).toContainEqual(next);
    expect(world.counts('first')).toEqual({ visible: 0, inFlight: 0, delayed: 0 });
  });

  it('still gets fresh ones from an environment that did not see it: the dispatcher sends no more of them', async () => {
    await world.addWebhook({ slowSince: '2026-01-15T10:29:00.000Z' });
    answersAfter(100);
    world.put('first', first(1));

    await run('first');

    expect(world.posts).toHaveLength(1);
  });

  it('has its retries handed on by every environment, by the mark in the table [FAULT-31]', async () => {
    await world.addWebhook({ slowSince: '2026-01-15T10:29:00.000Z' });
    const retry = first(1, { attempt: 2 });
    world.put('retry1', retry);

    await pass(SECOND);
    await run('retry1');

    expect(world.posts).toHaveLength(0);
    expect(world.receiveMessages('slow')).toEqual([retry]);
  });

  it('has other failures retried on the slow queue too, after the same delay', async () => {
    await world.addWebhook({ slowSince: '2026-01-15T10:29:00.000Z' });
    answersAfter(100, answered(500));
    world.put('slow', first(1, { attempt: 2 }));

    await run('slow');

    expect(world.nextDueAt('retry2')).toBeUndefined();
    expect(world.nextDueAt('slow')).toBe(world.time.now + 5 * SECOND);
  });

  it('is marked by one write, however many of its deliveries hang', async () => {
    await world.addWebhook();
    hangs();
    const writes: string[] = [];
    world.intercept(async (call, next) => {
      if (call.action === 'UpdateItem' && call.input.TableName === 'webhooks') writes.push(call.action);
      return next();
    });
    for (let n = 0; n < 8; n++) world.put('slow', first(n));

    await run('slow');

    expect(writes).toHaveLength(1);
  });
});

describe('the mark of a slow webhook', () => {
  const MARKED = '2026-01-15T10:28:59.000Z';

  it('is removed when the slow lane gets a response within 1.5 seconds, a minute after it was made', async () => {
    await world.addWebhook({ slowSince: MARKED });
    answersAfter(1_400);
    world.put('slow', first(1));

    await run('slow');

    expect(await slowSince()).toBeUndefined();
  });

  it('is taken away by an error too: it was quick', async () => {
    await world.addWebhook({ slowSince: MARKED });
    answersAfter(100, answered(500));
    world.put('slow', first(1));

    await run('slow');

    expect(await slowSince()).toBeUndefined();
  });

  it.each([
    ['a slower answer', 'slow', MARKED, 1_600, answered(200)],
    ['a mark that is younger than a minute', 'slow', '2026-01-15T10:29:30.000Z', 100, answered(200)],
    ['no answer at all', 'slow', MARKED, 100, { ...TIMED_OUT, error: 'connection_error' }],
    ['an answer in another lane', 'first', MARKED, 100, answered(200)],
  ] as const)('stays with %s', async (_, queue, marked, answerMs, result) => {
    await world.addWebhook({ slowSince: marked });
    answersAfter(answerMs, result);
    world.put(queue, first(1));

    await run(queue);

    expect(await slowSince()).toBe(marked);
  });

  it('stays while the endpoint is slow by turns', async () => {
    await world.addWebhook();
    answersAfter(7 * SECOND);
    world.put('slow', first(0));
    await run('slow');
    const marked = await slowSince();

    for (let n = 1; n < 7; n++) {
      answersAfter(n % 2 === 0 ? 7 * SECOND : 100);
      world.put('slow', first(n));
      await pass(15 * SECOND);
      await run('slow');
    }

    expect(marked).toBeDefined();
    expect(await slowSince()).toBe(marked);
  });

  it('that is not there costs no write to take away, where the webhook was read', async () => {
    await world.addWebhook();
    answersAfter(100);
    const writes: string[] = [];
    world.intercept(async (call, next) => {
      if (call.action === 'UpdateItem' && call.input.TableName === 'webhooks') writes.push(call.action);
      return next();
    });
    world.put('slow', first(1, { rerun: true }));

    await run('slow');

    expect(world.posts).toHaveLength(1);
    expect(writes).toEqual([]);
  });

  it('is made again when an endpoint that recovered hangs once more', async () => {
    await world.addWebhook();
    answersAfter(7 * SECOND);
    world.put('slow', first(1));
    await run('slow');
    await pass(MINUTE);
    answersAfter(100);
    world.put('slow', first(2));
    await run('slow');
    const cleared = await slowSince();

    answersAfter(7 * SECOND);
    world.put('slow', first(3));
    await run('slow');

    expect(cleared).toBeUndefined();
    expect(await slowSince()).toBeDefined();
  });
});

describe('a batch with a hung attempt', () => {
  it('ends when the last attempt has ended and is recorded: nothing is open between invocations [FAULT-6]', async () => {
    await world.addWebhook();
    hangs();
    world.put('first', first(0));
    world.put('first', first(1, { webhookId: webhookId('wh_other') }));

    const tookMs = await run('first');

    expect(tookMs).toBeGreaterThanOrEqual(30 * SECOND);
    expect(world.counts('first')).toEqual({ visible: 0, inFlight: 0, delayed: 0 });
    expect(await world.recordOf(first(0))).toMatchObject({ status: 'retrying' });
  });

  it('follows up on its quick attempts when they end, not when it ends', async () => {
    await world.addWebhook();
    world.customer.answer = async ({ url }) => {
      if (url.includes('hung')) await new Promise((resolve) => setTimeout(resolve, 30 * SECOND));
      return answered(500);
    };
    world.put('first', first(0), first(1, { webhookId: webhookId('wh_2'), url: 'https://hung.example/' }));
    void world.run('first');

    await pass(200);

    expect(world.nextDueAt('retry1')).toBeLessThanOrEqual(NOW + 1_200);
    expect(await world.recordOf(first(0))).toMatchObject({ status: 'retrying' });
    await pass(31 * SECOND);
  });

  it('returns what has not ended when its time is up [FAULT-36]', async () => {
    answersAfter(1_000_000 * SECOND);
    world.put('first', first(0));
    let response: SQSBatchResponse | undefined;
    void world.run('first').then((one) => {
      response = one;
    });

    await pass(55 * SECOND);

    expect(response?.batchItemFailures).toHaveLength(1);
    expect(world.nextDueAt('first')).toBe(world.time.now + 10 * SECOND);
  });
});
