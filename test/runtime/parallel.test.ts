import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { inParallel } from '../../lambdas/shared/runtime/parallel.ts';

describe('calls in parallel', () => {
  it('reject with the first failure only when those in progress have ended, and begin nothing more', async () => {
    const ended: number[] = [];
    const { promise: slow, resolve: endSlow } = Promise.withResolvers<void>();
    const work = async (item: number): Promise<void> => {
      if (item === 1) throw new Error('no');
      await slow;
      ended.push(item);
    };
    let rejected = false;

    const all = inParallel([1, 2, 3, 4], 2, work).catch((error: unknown) => {
      rejected = true;
      return error;
    });
    await nextTurn();
    const rejectedEarly = rejected;
    endSlow();

    expect(await all).toEqual(new Error('no'));
    expect(rejectedEarly).toBe(false);
    expect(ended).toEqual([2]);
  });
});
