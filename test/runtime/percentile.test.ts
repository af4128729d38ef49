import { describe, expect, it } from 'vitest';
import { percentile } from '../../lambdas/shared/runtime/percentile.ts';

describe('a percentile', () => {
  it('is the nearest rank of the values, in any order', () => {
    const values = [5, 1, 4, 2, 3];

    expect([percentile(values, 0), percentile(values, 0.2), percentile(values, 0.21)]).toEqual([1, 1, 2]);
    expect([percentile(values, 0.5), percentile(values, 0.99)]).toEqual([3, 5]);
  });

  it('of no values is NaN', () => {
    expect(percentile([], 0.5)).toBeNaN();
  });
});
