import { describe, expect, it } from 'vitest';
import { createEndpoints } from '../../simulate/endpoints.ts';
import { createEnvironmentMemory } from '../../simulate/environment-memory.ts';
import { DEPLOYED } from '../../simulate/parameters.ts';
import { MARK_MIN_AGE_MS, MEMORY_MS, QUICK_RESPONSE_MS } from '../../simulate/rules.ts';

/** The memory of an environment, and the simulated time. */
function createMemory() {
  const time = { nowMs: 1_000 };
  return { time, memory: createEnvironmentMemory({ now: () => time.nowMs }) };
}

describe('the memory of a simulated environment', () => {
  it('contains a hung endpoint for one minute', () => {
    const { time, memory } = createMemory();

    memory.rememberSlow(7);

    time.nowMs = 1_000 + MEMORY_MS - 1;
    expect([memory.isKnownSlow(7), memory.isKnownSlow(8)]).toEqual([true, false]);
    time.nowMs = 1_000 + MEMORY_MS;
    expect(memory.isKnownSlow(7)).toBe(false);
  });

  it('makes it assume a fault on our side when more of its endpoints hang than respond', () => {
    const { memory } = createMemory();
    for (const endpoint of [1, 2, 3]) memory.rememberResponse(endpoint);

    expect(memory.assumesOurFault(new Set([4, 5, 6]))).toBe(false);
    expect(memory.assumesOurFault(new Set([4, 5, 6, 7]))).toBe(true);
  });

  it('counts only responses of the last minute, and one or two hanging endpoints are never our fault', () => {
    const { time, memory } = createMemory();
    for (const endpoint of [1, 2, 3]) memory.rememberResponse(endpoint);
    time.nowMs = 1_000 + MEMORY_MS;

    expect(memory.assumesOurFault(new Set([4, 5, 6]))).toBe(true);
    expect(memory.assumesOurFault(new Set([4, 5]))).toBe(false);
  });

  it('does not count the response of an endpoint that hangs now', () => {
    const { memory } = createMemory();
    for (const endpoint of [1, 2, 3]) memory.rememberResponse(endpoint);

    expect(memory.assumesOurFault(new Set([1, 2, 3]))).toBe(true);
  });
});

describe('a simulated mark', () => {
  it('is removed by a quick response on the slow lane when it is old', () => {
    const endpoints = createEndpoints(DEPLOYED);
    const isMarkedAfterResponse = (durationMs: number, nowMs: number): boolean => {
      endpoints.respondedOnSlowLane(900, { durationMs, failed: false }, nowMs);
      return endpoints.isMarked(900);
    };
    endpoints.mark(900, 0);

    expect(isMarkedAfterResponse(QUICK_RESPONSE_MS, MARK_MIN_AGE_MS)).toBe(true);
    expect(isMarkedAfterResponse(QUICK_RESPONSE_MS + 1, MARK_MIN_AGE_MS + 1)).toBe(true);
    expect(isMarkedAfterResponse(QUICK_RESPONSE_MS, MARK_MIN_AGE_MS + 1)).toBe(false);
  });
});
