import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createCallBatcher, type SharedCall } from '../../lambdas/shared/runtime/call-batcher.ts';
import type { Timer } from '../../lambdas/shared/runtime/clock.ts';
import { createTestTimer } from '../support/test-timer.ts';

/** Its waits end only when they are cancelled. */
const UNTIL_CANCELLED: Timer = {
  now: () => 0,
  sleep: (_, signal) => new Promise((resolve) => signal?.addEventListener('abort', () => resolve())),
};

/** A shared call that doubles each number. */
function createDoubling(
  settings: Partial<SharedCall<number, number>> = {},
  timer: Timer = createTestTimer(),
) {
  const batcher = createCallBatcher(timer);
  const calls: (readonly number[])[] = [];
  const double = batcher.batched<number, number>({
    maxItems: 10,
    maxWaitMs: 100,
    call: async (items) => {
      calls.push(items);
      return items.map((item) => item * 2);
    },
    ...settings,
  });
  /** Runs a task for each item. All tasks have started before the first one adds its item. */
  const doubleAll = (...items: number[]) =>
    items.map((item) =>
      batcher.run(async () => {
        await nextTurn();
        return double(item);
      }),
    );
  return { batcher, calls, double, doubleAll };
}

describe('a shared call', () => {
  it('starts without a wait when every running task has added its item', async () => {
    const { calls, doubleAll } = createDoubling();

    const results = await Promise.all(doubleAll(1, 2, 3));

    expect(results).toEqual([2, 4, 6]);
    expect(calls).toEqual([[1, 2, 3]]);
  });

  it('starts when it has the maximum number of items', async () => {
    const { calls, doubleAll } = createDoubling({ maxItems: 2 });

    await Promise.all(doubleAll(1, 2, 3));

    expect(calls).toEqual([[1, 2], [3]]);
  });

  it('starts after the maximum wait while another task is running', async () => {
    const timer = createTestTimer();
    const { batcher, calls, doubleAll } = createDoubling({}, timer);
    const other = Promise.withResolvers<void>();
    const running = batcher.run(() => other.promise);

    expect(await Promise.all(doubleAll(1))).toEqual([2]);

    expect(calls).toEqual([[1]]);
    expect(timer.waits).toEqual([100]);
    other.resolve();
    await running;
  });

  it('does not start when the wait of an earlier call is cancelled', async () => {
    const { batcher, calls, double } = createDoubling({ maxItems: 2 }, UNTIL_CANCELLED);
    const other = Promise.withResolvers<void>();
    const running = batcher.run(() => other.promise);

    const first = [1, 2, 3].map((item) => batcher.run(() => double(item)));
    await nextTurn();
    const last = batcher.run(() => double(4));
    other.resolve();
    await Promise.all([running, ...first, last]);

    expect(calls).toEqual([
      [1, 2],
      [3, 4],
    ]);
  });

  it('fails all its items when it fails', async () => {
    const { doubleAll } = createDoubling({ call: () => Promise.reject(new Error('down')) });

    const results = await Promise.allSettled(doubleAll(1, 2));

    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  });

  it('fails an item without a result', async () => {
    const { doubleAll } = createDoubling({ call: async () => [] });

    await expect(Promise.all(doubleAll(1))).rejects.toThrow('fewer results');
  });
});
