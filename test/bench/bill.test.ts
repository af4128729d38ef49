import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { USUAL_METRICS } from '../../bench/bill/bill.ts';
import { readAmount } from '../../bench/bill/read-amount.ts';
import { formatAlternatives, formatLines, formatMonth, reportOfMonth } from '../../bench/bill/report.ts';
import { FULL_BATCHES, failuresOf, thinBatches, windowBatches } from '../../bench/bill/traffic.ts';
import { usageOf } from '../../bench/bill/usage.ts';
import { LANES } from '../../lambdas/shared/domain/lane.ts';
import { COUNTER_NAMES } from '../../lambdas/shared/runtime/metric-names.ts';
import prices from '../../local/metering/prices.json' with { type: 'json' };

const INPUT = { events: 1_000_000, fanOut: 3, payloadBytes: 2_048, failureRate: 0.02, receiverMs: 150 };
const TRAFFIC = { ...INPUT, failedAttempts: [] };

describe('the usage of a month', () => {
  it('has a fifth of the invocations when batches of ten are full', () => {
    const thin = usageOf(TRAFFIC, thinBatches(3));
    const full = usageOf(TRAFFIC, FULL_BATCHES);

    expect(thin.invocations).toBe(2_000_000);
    expect(full.invocations).toBe(400_000);
    expect(full.writeUnits).toBe(thin.writeUnits);
  });

  it('collects the events of a window in an invocation; each of them is received alone', () => {
    const thin = usageOf(TRAFFIC, thinBatches(3));
    const collected = usageOf(TRAFFIC, windowBatches(3, 4, 1));

    // Five events come in a window of 1 s at four a second, and their 15 deliveries fill a batch of ten.
    expect(collected.invocations).toBe(200_000 + 300_000);
    // The bus's sends and the receives of events as before: 2 x 1,000,000. Deletes of events and two sends of their deliveries:
    // 3 x 200,000. Receives and deletes of deliveries: 2 x 300,000.
    expect(collected.sqsRequests).toBe(3_200_000);
    expect(collected.writeUnits).toBe(thin.writeUnits);
  });

  it('bills a request for every 64 KiB of a call', () => {
    const large = usageOf({ ...TRAFFIC, payloadBytes: 128 * 1024 }, FULL_BATCHES);

    expect(large.eventChunks).toBe(3_000_000);
    // The bus's sends 3, receiving events 2.2, enqueueing 6.5 (seven messages fit into a call), the first lane 6.6.
    expect(large.sqsRequests).toBeCloseTo(18_300_000);
  });

  it('has no bus and fewer requests when events are sent straight to the queue', () => {
    const direct = usageOf(TRAFFIC, FULL_BATCHES, 'queue');

    expect(direct.eventChunks).toBe(0);
    expect(usageOf(TRAFFIC, FULL_BATCHES).sqsRequests - direct.sqsRequests).toBeCloseTo(900_000);
  });

  it('has a retry for each failure but the last', () => {
    expect(failuresOf(1_000, 0.1)).toEqual([100, expect.closeTo(10), expect.closeTo(1), expect.closeTo(0.1)]);
    const failing = usageOf({ ...TRAFFIC, failedAttempts: [100, 10, 1, 0] }, FULL_BATCHES);

    expect(failing.writeUnits - usageOf(TRAFFIC, FULL_BATCHES).writeUnits).toBe(111);
  });
});

describe('the bill of a month', () => {
  it('adds its lines up, and states the total of each option', () => {
    const report = reportOfMonth(INPUT);

    const sum = report.lines.reduce((total, { dollars }) => total + dollars, 0);
    expect(report.totalDollars).toBeCloseTo(sum);
    const fixed = report.lines.filter(({ name }) => name.startsWith('Fixed: '));
    expect(report.fixedDollars).toBeCloseTo(fixed.reduce((total, { dollars }) => total + dollars, 0));
    expect(report.dollarsPerMillionDeliveries).toBeCloseTo(report.totalDollars / 3);
    for (const { totalDollars, differenceDollars } of report.alternatives) {
      expect(totalDollars - differenceDollars).toBeCloseTo(report.totalDollars);
      expect(Math.abs(differenceDollars)).toBeGreaterThan(0.01);
    }
    expect(formatMonth(report)).toContain('DynamoDB storage, 30 days');
  });
});

describe('an amount', () => {
  it('may be in units of 1,024', () => {
    expect(readAmount('payload', '2k', { min: 0 })).toBe(2_048);
    expect(readAmount('failure-rate', '0.02', { min: 0, max: 1 })).toBe(0.02);
  });

  it.each(['', '-1', '2m', 'many', '1.5'])('is refused with its bounds when it is "%s"', (text) => {
    expect(() => readAmount('failure-rate', text, { min: 0, max: 1 })).toThrow(
      `--failure-rate is "${text}"; expected: a number from 0 to 1`,
    );
  });
});

describe('the documents', () => {
  const month = reportOfMonth({ ...INPUT, events: 5_000_000 });
  const low = reportOfMonth({ ...INPUT, events: 100_000 });
  const dollars = (value: number): string => `$${value.toFixed(2)}`;
  const read = (file: string): string => readFileSync(file, 'utf8').replace(/\s+/g, ' ');

  it('docs/cost.md has the tables of the command that it names', () => {
    const document = readFileSync('docs/cost.md', 'utf8');

    expect(document).toContain(formatLines(month, 'markdown'));
    expect(document).toContain(formatAlternatives(month, 'markdown'));
  });

  it('state the figures that follow from the bill', () => {
    const [bursts, , , window] = month.alternatives;
    const alarms = month.lines.find(({ name }) => name === 'Fixed: alarms');

    expect(read('docs/cost.md')).toContain(`without any event: **${dollars(month.fixedDollars)} a month**`);
    expect(read('docs/cost.md')).toContain(`costs ${dollars(month.fixedDollars)} a month without events`);
    expect(read('docs/cost.md')).toContain(`${dollars(low.totalDollars)} with three webhooks`);
    expect(read('docs/cost.md')).toContain(`the same month costs ${dollars(bursts?.totalDollars ?? 0)}`);
    expect(read('docs/cost.md')).toContain(`a second, costs ${dollars(window?.totalDollars ?? 0)}`);
    expect(read('docs/cost.md')).toContain(
      `| this project | $${Math.round(bursts?.totalDollars ?? 0)} to $${Math.floor(month.totalDollars)} |`,
    );
    expect(read('README.md')).toContain(
      `Without events you pay about $${Math.round(month.fixedDollars)} a month`,
    );
    expect(read('docs/runbook.md')).toContain(`metric of an alarm | ${dollars(alarms?.dollars ?? 0)} |`);
  });

  it('docs/runbook.md states how many metrics the functions have, and their price', () => {
    const most = COUNTER_NAMES.length + LANES.length;
    const price = (metrics: number): string => dollars(metrics * prices.cloudwatch_metric_month.price);

    expect(read('docs/runbook.md')).toContain(
      `${USUAL_METRICS} in usual operation, at most ${most} | ${price(USUAL_METRICS)} to ${price(most)} |`,
    );
  });
});
