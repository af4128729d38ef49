import { describe, expect, it } from 'vitest';
import { percentile } from '../../lambdas/shared/runtime/percentile.ts';
import { createRandom, drawGapMs, drawResponseMs } from '../../measurement/random.ts';
import { sum } from '../../measurement/statistics.ts';

const DRAWS = 20_000;
const draws = (draw: () => number): number[] => Array.from({ length: DRAWS }, draw);

describe('random numbers', () => {
  it('are the same for the same seed, and others for the next seed', () => {
    const first = (seed: number) => Array.from({ length: 5 }, createRandom(seed));

    expect(first(1)).toEqual(first(1));
    expect(first(1)).not.toEqual(first(2));
  });

  it('are evenly distributed from 0 to 1', () => {
    const values = draws(createRandom(1));

    expect(Math.min(...values)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...values)).toBeLessThan(1);
    for (const share of [0.1, 0.5, 0.9]) expect(percentile(values, share)).toBeCloseTo(share, 1);
  });

  it('give times between events with the mean of their rate', () => {
    const random = createRandom(1);

    expect(sum(draws(() => drawGapMs(random, 50))) / DRAWS / 20).toBeCloseTo(1, 1);
  });

  it('give response times with the requested median and 99th percentile', () => {
    const random = createRandom(1);
    const responses = draws(() => drawResponseMs(random, 100, 500));

    expect(percentile(responses, 0.5) / 100).toBeCloseTo(1, 1);
    expect(percentile(responses, 0.99) / 500).toBeCloseTo(1, 1);
  });

  it('give the same response time where the median is the 99th percentile', () => {
    expect(drawResponseMs(createRandom(1), 500, 500)).toBe(500);
  });
});
