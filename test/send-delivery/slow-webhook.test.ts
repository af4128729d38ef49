import type { SQSBatchResponse } from 'aws-lambda';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { DeliveryMessage } from '../../lambdas/shared/domain/delivery.ts';
import { deliveryIdOf } from '../../lambdas/shared/domain/ids.ts';
import type { PostResult } from '../../lambdas/shared/http/post.ts';
import { accountId, eventId, message, NOW, webhookId } from '../support/builders.ts';
import type { QueueName } from '../support/in-process-services.ts';
import { createInProcessStack, type InProcessStack } from '../support/in-process-stack.ts';
import { answered } from '../support/post-results.ts';
import { TIMED_OUT } from './builders.ts';

const SECOND = 1_000;
const MINUTE = 60_000;
let cloud: InProcessStack;

beforeEach(async () => {
  cloud = await createInProcessStack();
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});
afterEach(async () => {
  vi.useRealTimers();
  await cloud.close();
});

/** Advances the time in steps of 100 ms, and runs the timers that become due. */
async function pass(milliseconds: number): Promise<void> {
  for (let remaining = milliseconds; remaining > 0; remaining -= 100) {
    await settle();
    cloud.time.now += Math.min(100, remaining);
    await vi.advanceTimersByTimeAsync(Math.min(100, remaining));
  }
  await settle();
}

/** Lets pending promises and I/O of the simulated cloud complete. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
}

/** Makes every endpoint respond after this time. */
function respondAfter(milliseconds: number, result: PostResult = answered(200)): void {
  cloud.customer.answer = async () => {
    await new Promise((resolve) => setTimeout(resolve, milliseconds));
    return { ...result, durationMs: milliseconds };
  };
}

/** Makes every endpoint hang until the attempt's deadline. */
const hang = (): void => respondAfter(30 * SECOND, TIMED_OUT);

/** The first attempt of event number n, signed now. */
function first(n: number, change: Partial<DeliveryMessage> = {}): DeliveryMessage {
  const names = { accountId: accountId(), webhookId: webhookId(), eventId: eventId(`evt_${n}`), ...change };
  return message({
    ...names,
    deliveryId: deliveryIdOf({ ...names, acceptedAt: NOW }),
    signed: { signedAt: cloud.time.now, hex: 'aa', standard: 'v1,qg==' },
    ...change,
  });
}

/** Runs one batch to its end. Resolves to its duration in milliseconds. */
async function run(queue: QueueName): Promise<number> {
  const start = cloud.time.now;
  let ended = false;
  void cloud.run(queue).then(() => {
    ended = true;
  });
  while (!ended) await pass(100);
  return cloud.time.now - start;
}

async function slowSince(): Promise<string | undefined> {
  return (await cloud.webhooks.get(accountId(), webhookId()))?.slowSince;
}

describe('a webhook whose endpoint hangs', () => {
  it('is marked in the table after two seconds, during the attempt [FAULT-31]', async () => {
    await cloud.addWebhook();
    hang();
    cloud.put('first', first(1));
    void cloud.run('first');

    await pass(2_000);
    const before = await slowSince();
    await pass(200);

    expect(before).toBeUndefined();
    expect(await slowSince()).toBe('2026-01-15T10:30:02.100Z');
    expect(cloud.counters.get('marked_slow')).toBe(1);
  });

  it('has its next messages forwarded to the slow lane by the environment in which it hung, unchanged and without a POST [FAULT-31]', async () => {
    await cloud.addWebhook();
    hang();
    cloud.put('first', first(1));
    await run('first');
    const next = first(2);
    cloud.put('first', next);

    await run('first');

    expect(cloud.posts).toHaveLength(1);
    expect(cloud.receiveMessages('slow')).toContainEqual(next);
    expect(cloud.counts('first')).toEqual({ visible: 0, inFlight: 0, delayed: 0 });
  });

  it('is still sent fresh messages by an environment in which it did not hang', async () => {
    await cloud.addWebhook({ slowSince: '2026-01-15T10:29:00.000Z' });
    respondAfter(100);
    cloud.put('first', first(1));

    await run('first');

    expect(cloud.posts).toHaveLength(1);
  });

  it('has its retries forwarded to the slow lane by every environment when it is marked in the table [FAULT-31]', async () => {
    await cloud.addWebhook({ slowSince: '2026-01-15T10:29:00.000Z' });
    const retry = first(1, { attempt: 2 });
    cloud.put('retry1', retry);

    await pass(SECOND);
    await run('retry1');

    expect(cloud.posts).toHaveLength(0);
    expect(cloud.receiveMessages('slow')).toEqual([retry]);
  });

  it('has its other failures retried on the slow queue too, with the same delay', async () => {
    await cloud.addWebhook({ slowSince: '2026-01-15T10:29:00.000Z' });
    respondAfter(100, answered(500));
    cloud.put('slow', first(1, { attempt: 2 }));

    await run('slow');

    expect(cloud.nextDueAt('retry2')).toBeUndefined();
    expect(cloud.nextDueAt('slow')).toBe(cloud.time.now + 5 * SECOND);
  });

  it('is marked with one write, even if many of its deliveries hang', async () => {
    await cloud.addWebhook();
    hang();
    const writes: string[] = [];
    cloud.intercept(async (call, next) => {
      if (call.action === 'UpdateItem' && call.input.TableName === 'webhooks') writes.push(call.action);
      return next();
    });
    for (let n = 0; n < 8; n++) cloud.put('slow', first(n));

    await run('slow');

    expect(writes).toHaveLength(1);
  });
});

describe('the mark of a slow webhook', () => {
  const MARKED = '2026-01-15T10:28:59.000Z';

  it('is removed when the slow lane gets a response within 1.5 seconds and the mark is a minute old', async () => {
    await cloud.addWebhook({ slowSince: MARKED });
    respondAfter(1_400);
    cloud.put('slow', first(1));

    await run('slow');

    expect(await slowSince()).toBeUndefined();
  });

  it('is removed by a quick error response too', async () => {
    await cloud.addWebhook({ slowSince: MARKED });
    respondAfter(100, answered(500));
    cloud.put('slow', first(1));

    await run('slow');

    expect(await slowSince()).toBeUndefined();
  });

  it.each([
    ['a slower response', 'slow', MARKED, 1_600, answered(200)],
    [
      'a quick response when it is younger than a minute',
      'slow',
      '2026-01-15T10:29:30.000Z',
      100,
      answered(200),
    ],
    ['no response', 'slow', MARKED, 100, { ...TIMED_OUT, error: 'connection_error' }],
    ['a response in another lane', 'first', MARKED, 100, answered(200)],
  ] as const)('is kept after %s', async (_, queue, marked, responseMs, result) => {
    await cloud.addWebhook({ slowSince: marked });
    respondAfter(responseMs, result);
    cloud.put(queue, first(1));

    await run(queue);

    expect(await slowSince()).toBe(marked);
  });

  it('is kept while the endpoint is slow for every second delivery', async () => {
    await cloud.addWebhook();
    respondAfter(7 * SECOND);
    cloud.put('slow', first(0));
    await run('slow');
    const marked = await slowSince();

    for (let n = 1; n < 7; n++) {
      respondAfter(n % 2 === 0 ? 7 * SECOND : 100);
      cloud.put('slow', first(n));
      await pass(15 * SECOND);
      await run('slow');
    }

    expect(marked).toBeDefined();
    expect(await slowSince()).toBe(marked);
  });

  it('is not removed, and no write is made, when the webhook was read and is not marked', async () => {
    await cloud.addWebhook();
    respondAfter(100);
    const writes: string[] = [];
    cloud.intercept(async (call, next) => {
      if (call.action === 'UpdateItem' && call.input.TableName === 'webhooks') writes.push(call.action);
      return next();
    });
    cloud.put('slow', first(1, { rerun: true }));

    await run('slow');

    expect(cloud.posts).toHaveLength(1);
    expect(writes).toEqual([]);
  });

  it('is set again when an endpoint that recovered hangs again', async () => {
    await cloud.addWebhook();
    respondAfter(7 * SECOND);
    cloud.put('slow', first(1));
    await run('slow');
    await pass(MINUTE);
    respondAfter(100);
    cloud.put('slow', first(2));
    await run('slow');
    const cleared = await slowSince();

    respondAfter(7 * SECOND);
    cloud.put('slow', first(3));
    await run('slow');

    expect(cleared).toBeUndefined();
    expect(await slowSince()).toBeDefined();
  });
});

describe('a batch with a hung attempt', () => {
  it('ends after its last attempt has ended and is recorded [FAULT-6]', async () => {
    await cloud.addWebhook();
    hang();
    cloud.put('first', first(0));
    cloud.put('first', first(1, { webhookId: webhookId('wh_other') }));

    const tookMs = await run('first');

    expect(tookMs).toBeGreaterThanOrEqual(30 * SECOND);
    expect(cloud.counts('first')).toEqual({ visible: 0, inFlight: 0, delayed: 0 });
    expect(await cloud.recordOf(first(0))).toMatchObject({ status: 'retrying' });
  });

  it('enqueues the follow-ups of its quick attempts when they end, not when the batch ends', async () => {
    await cloud.addWebhook();
    cloud.customer.answer = async ({ url }) => {
      if (url.includes('hung')) await new Promise((resolve) => setTimeout(resolve, 30 * SECOND));
      return answered(500);
    };
    cloud.put('first', first(0), first(1, { webhookId: webhookId('wh_2'), url: 'https://hung.example/' }));
    void cloud.run('first');

    await pass(200);

    expect(cloud.nextDueAt('retry1')).toBeLessThanOrEqual(NOW + 1_200);
    expect(await cloud.recordOf(first(0))).toMatchObject({ status: 'retrying' });
    await pass(31 * SECOND);
  });

  it('returns the messages whose attempts have not ended at its deadline [FAULT-36]', async () => {
    respondAfter(1_000_000 * SECOND);
    cloud.put('first', first(0));
    let response: SQSBatchResponse | undefined;
    void cloud.run('first').then((one) => {
      response = one;
    });

    await pass(55 * SECOND);

    expect(response?.batchItemFailures).toHaveLength(1);
    expect(cloud.nextDueAt('first')).toBe(cloud.time.now + 10 * SECOND);
  });
});
