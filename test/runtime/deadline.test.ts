import { describe, expect, it } from 'vitest';
import { deadlineOf } from '../../lambdas/shared/runtime/deadline.ts';
import { NOW } from '../support/builders.ts';

describe('the time of a function', () => {
  it('is up five seconds before Lambda stops it, so that it can say what it did not finish [FAULT-36]', () => {
    const context = { getRemainingTimeInMillis: () => 60_000 };

    expect(deadlineOf(context, { now: () => NOW })).toBe(NOW + 55_000);
  });
});
