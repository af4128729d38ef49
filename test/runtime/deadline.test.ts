import { describe, expect, it } from 'vitest';
import { deadlineOf } from '../../lambdas/shared/runtime/deadline.ts';
import { NOW } from '../support/builders.ts';

describe('the deadline of a function', () => {
  it('is five seconds before Lambda stops it, so that it can return unfinished messages [FAULT-36]', () => {
    const context = { getRemainingTimeInMillis: () => 60_000 };

    expect(deadlineOf(context, { now: () => NOW })).toBe(NOW + 55_000);
  });
});
