import { describe, expect, it } from 'vitest';
import { onsetSeconds, secondsUntilNoneIsLate } from '../../measurement/onset.ts';

/** A delivery is late above 120 ms. */
const CLEAN = seconds(10, 100);
const LATE_MS = 121;

/** One hundred deliveries in each second, of which `late` are late. */
function seconds(count: number, latencyMs: number, late = 0): number[][] {
  return Array.from({ length: count }, () =>
    Array.from({ length: 100 }, (_, delivery) => (delivery < late ? LATE_MS : latencyMs)),
  );
}

describe('the onset', () => {
  it('ends when at most a twentieth of the deliveries of five consecutive seconds is late', () => {
    const hanging = [...seconds(3, 100, 6), ...seconds(5, 100, 5)];

    expect(onsetSeconds(hanging, CLEAN)).toBe(3);
  });

  it('has not ended after four such seconds', () => {
    const hanging = [...seconds(1, 100, 6), ...seconds(4, 100), ...seconds(1, 100, 6), ...seconds(5, 100)];

    expect(onsetSeconds(hanging, CLEAN)).toBe(6);
    expect(onsetSeconds(hanging.slice(0, -1), CLEAN)).toBe(Number.POSITIVE_INFINITY);
  });

  it('allows latencies of up to 1.2 times the 99th percentile of the clean run', () => {
    expect(onsetSeconds(seconds(5, 120), CLEAN)).toBe(0);
    expect(onsetSeconds(seconds(5, LATE_MS), CLEAN)).toBe(Number.POSITIVE_INFINITY);
  });

  it('is zero in a run whose seconds have no deliveries', () => {
    expect(onsetSeconds([[], [], [], [], []], CLEAN)).toBe(0);
  });
});

describe('the seconds until no delivery is late', () => {
  it('last for as long as the slowest delivery of a second with few deliveries is late', () => {
    const few = [...Array.from({ length: 20 }, () => [100, 100, LATE_MS]), ...seconds(5, 100)];

    expect(secondsUntilNoneIsLate(few, CLEAN)).toBe(20);
  });

  it('last longer than the onset where a twentieth of the deliveries is late', () => {
    const hanging = [...seconds(10, 100, 5), ...seconds(5, 100)];

    expect([onsetSeconds(hanging, CLEAN), secondsUntilNoneIsLate(hanging, CLEAN)]).toEqual([0, 10]);
  });

  it('compare with the 90th percentile of the clean seconds, which one slow second does not change', () => {
    const oneSlowSecond = [...seconds(19, 100), ...seconds(1, 10_000)];

    expect(secondsUntilNoneIsLate(seconds(5, LATE_MS), oneSlowSecond)).toBe(Number.POSITIVE_INFINITY);
  });

  it('do not end in a second without deliveries', () => {
    expect(secondsUntilNoneIsLate([[], ...seconds(5, 100)], CLEAN)).toBe(1);
  });
});
