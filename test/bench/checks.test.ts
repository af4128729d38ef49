import { deflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { ownTime } from '../../bench/benchmarks/latency.ts';
import { checkDeliveries } from '../../bench/benchmarks/retry-storm.ts';
import { payloadText } from '../../bench/shared/payload.ts';
import { checkNumbers } from '../../bench/shared/unit-rounds.ts';

describe('the own time of an invocation', () => {
  const wait = (startedAt: number, endedAt: number) => ({ startedAt, endedAt });

  it('excludes the time in which an AWS call was open, also when calls overlap', () => {
    expect(ownTime({ startedAt: 0, waits: [wait(20, 40), wait(10, 30)] }, 100)).toBe(70);
  });

  it('ignores calls after the moment until which it is measured', () => {
    expect(ownTime({ startedAt: 0, waits: [wait(10, 30), wait(90, 120)] }, 50)).toBe(30);
    expect(ownTime({ startedAt: 0, waits: [wait(10, 90)] }, 50)).toBe(10);
  });
});

describe('the check of retried deliveries', () => {
  const receipt = (number: number, attempt: number, status: number) => ({ number, attempt, status });

  it('finds deliveries that no attempt delivered, and attempts that were made twice', () => {
    const receipts = [receipt(0, 1, 500), receipt(0, 2, 200), receipt(1, 1, 500), receipt(1, 1, 500)];

    expect(checkDeliveries([0, 1], receipts)).toEqual({ lost: 1, repeated: 1 });
  });

  it('accepts a delivery after failed attempts', () => {
    expect(checkDeliveries([0], [receipt(0, 1, 500), receipt(0, 2, 500), receipt(0, 3, 200)])).toEqual({
      lost: 0,
      repeated: 0,
    });
  });
});

describe('the check of a round', () => {
  it('names events that arrived at too few or too many webhooks', () => {
    expect(checkNumbers([0, 1, 2], [0, 0, 1, 1, 1], 2)).toEqual([
      'event 1 arrived 3 times, expected 2',
      'event 2 arrived 0 times, expected 2',
    ]);
  });
});

describe('the payload of the events', () => {
  it('has the requested length and compresses about as well as JSON', () => {
    const text = payloadText(4_096);

    expect(text).toHaveLength(4_096);
    expect(deflateRawSync(text).length / 4_096).toBeGreaterThan(0.3);
    expect(deflateRawSync(text).length / 4_096).toBeLessThan(0.6);
  });
});
