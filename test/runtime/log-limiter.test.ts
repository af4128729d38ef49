import { describe, expect, it } from 'vitest';
import { createLogLimiter } from '../../lambdas/shared/runtime/log-limiter.ts';

function start() {
  const time = { now: 0 };
  const limiter = createLogLimiter({ now: () => time.now }, { quietMs: 600_000, maxPerMinute: 2 });
  return { time, limiter };
}

describe('a log limiter', () => {
  it('admits one line about a key in the quiet time, and states how many it refused', () => {
    const { time, limiter } = start();

    const atOnce = [limiter.admit('a'), limiter.admit('a'), limiter.admit('a')];
    time.now = 600_000;
    const later = [limiter.admit('a'), limiter.admit('a')];

    expect(atOnce).toEqual([{ omitted: 0 }, undefined, undefined]);
    expect(later).toEqual([{ omitted: 2 }, undefined]);
  });

  it('admits a limited number of lines in a minute, about any keys', () => {
    const { time, limiter } = start();

    const first = ['a', 'b', 'c', 'd'].map((key) => limiter.admit(key));
    time.now = 60_000;
    const second = ['c', 'd', 'e'].map((key) => limiter.admit(key));

    expect(first).toEqual([{ omitted: 0 }, { omitted: 0 }, undefined, undefined]);
    expect(second).toEqual([{ omitted: 2 }, { omitted: 0 }, undefined]);
  });
});
