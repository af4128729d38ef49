import { describe, expect, it } from 'vitest';
import { createEndpoints } from '../../simulate/endpoints.ts';
import { createEnvironment } from '../../simulate/environment.ts';
import { DEPLOYED } from '../../simulate/parameters.ts';

const MINUTE_MS = 60_000;

describe('a simulated environment', () => {
  it('remembers for a minute whom it saw hang', () => {
    const environment = createEnvironment();

    environment.remember(7, 1_000);

    expect(environment.knows(7, 1_000 + MINUTE_MS - 1)).toBe(true);
    expect(environment.knows(7, 1_000 + MINUTE_MS)).toBe(false);
    expect(environment.knows(8, 1_000)).toBe(false);
  });

  it('suspects itself when more of its endpoints hang than answer', () => {
    const environment = createEnvironment();
    for (const endpoint of [1, 2, 3]) environment.answered(endpoint, 1_000);

    expect(environment.suspectsItself(new Set([4, 5, 6]), 2_000)).toBe(false);
    expect(environment.suspectsItself(new Set([4, 5, 6, 7]), 2_000)).toBe(true);
  });

  it('suspects itself by recent answers alone, and never for one or two', () => {
    const environment = createEnvironment();
    for (const endpoint of [1, 2, 3]) environment.answered(endpoint, 1_000);

    expect(environment.suspectsItself(new Set([4, 5, 6]), 1_000 + MINUTE_MS)).toBe(true);
    expect(environment.suspectsItself(new Set([4, 5]), 1_000 + MINUTE_MS)).toBe(false);
  });
});

describe('a simulated mark', () => {
  it('is taken away by a quick answer on the slow lane when it is old', () => {
    const endpoints = createEndpoints(DEPLOYED);
    const answer = (durationMs: number, nowMs: number): boolean => {
      endpoints.answeredOnSlowLane(900, { durationMs, failed: false }, nowMs);
      return endpoints.isMarked(900);
    };
    endpoints.mark(900, 0);

    expect(answer(999, MINUTE_MS - 1)).toBe(true);
    expect(answer(1_000, MINUTE_MS)).toBe(true);
    expect(answer(999, MINUTE_MS)).toBe(false);
  });
});
