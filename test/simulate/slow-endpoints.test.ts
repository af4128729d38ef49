import { describe, expect, it } from 'vitest';
import { createEndpoints } from '../../simulate/endpoints.ts';
import { createEnvironment } from '../../simulate/environment.ts';
import { DEPLOYED } from '../../simulate/parameters.ts';
import { MARK_MIN_AGE_MS, MEMORY_MS, QUICK_RESPONSE_MS } from '../../simulate/rules.ts';

describe('a simulated environment', () => {
  it('remembers for a minute that an endpoint hung', () => {
    const environment = createEnvironment();

    environment.rememberSlow(7, 1_000);

    expect(environment.isKnownSlow(7, 1_000 + MEMORY_MS - 1)).toBe(true);
    expect(environment.isKnownSlow(7, 1_000 + MEMORY_MS)).toBe(false);
    expect(environment.isKnownSlow(8, 1_000)).toBe(false);
  });

  it('assumes a fault on our side when more of its endpoints hang than answer', () => {
    const environment = createEnvironment();
    for (const endpoint of [1, 2, 3]) environment.answered(endpoint, 1_000);

    expect(environment.suspectsOurSide(new Set([4, 5, 6]), 2_000)).toBe(false);
    expect(environment.suspectsOurSide(new Set([4, 5, 6, 7]), 2_000)).toBe(true);
  });

  it('assumes it by recent answers alone, and never for one or two endpoints', () => {
    const environment = createEnvironment();
    for (const endpoint of [1, 2, 3]) environment.answered(endpoint, 1_000);

    expect(environment.suspectsOurSide(new Set([4, 5, 6]), 1_000 + MEMORY_MS)).toBe(true);
    expect(environment.suspectsOurSide(new Set([4, 5]), 1_000 + MEMORY_MS)).toBe(false);
  });
});

describe('a simulated mark', () => {
  it('is removed by a quick answer on the slow lane when it is old', () => {
    const endpoints = createEndpoints(DEPLOYED);
    const answer = (durationMs: number, nowMs: number): boolean => {
      endpoints.answeredOnSlowLane(900, { durationMs, failed: false }, nowMs);
      return endpoints.isMarked(900);
    };
    endpoints.mark(900, 0);

    expect(answer(QUICK_RESPONSE_MS, MARK_MIN_AGE_MS)).toBe(true);
    expect(answer(QUICK_RESPONSE_MS + 1, MARK_MIN_AGE_MS + 1)).toBe(true);
    expect(answer(QUICK_RESPONSE_MS, MARK_MIN_AGE_MS + 1)).toBe(false);
  });
});
