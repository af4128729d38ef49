import { billOf } from '../bill/bill.ts';
import { type BillInput, reportOfMonth } from '../bill/report.ts';
import { FULL_BATCHES, failuresOf } from '../bill/traffic.ts';
import { usageOf } from '../bill/usage.ts';
import type { Chart, Panel } from './svg.ts';

const MILLION = 1_000_000;
const TYPICAL: BillInput = {
  ...{ events: 5 * MILLION, fanOut: 3, payloadBytes: 2_048, failureRate: 0.02, receiverMs: 150 },
};

/** Dollars for a million deliveries, fixed costs included. The price does not depend on the machine. */
export function costChart(): Chart {
  const panel = (title: string, points: readonly (readonly [string, Partial<BillInput>])[]): Panel => ({
    title,
    labels: points.map(([label]) => label),
    series: [
      { name: 'every event alone', values: points.map(([, changes]) => thinDollars(changes)) },
      { name: 'full batches', values: points.map(([, changes]) => fullDollars(changes)) },
    ],
  });
  return {
    title: 'Cost',
    conditions:
      '5 million events a month, 3 webhooks, 2 KiB, 2 % of the attempts fail, 150 ms, except for the varied value',
    unit: '$ per million deliveries',
    panels: [
      panel('events a month', [
        ['100k', { events: 0.1 * MILLION }],
        ['1M', { events: MILLION }],
        ['10M', { events: 10 * MILLION }],
        ['100M', { events: 100 * MILLION }],
      ]),
      panel(
        'webhooks of an event',
        [1, 3, 10, 30, 100].map((fanOut) => [String(fanOut), { fanOut }] as const),
      ),
      panel(
        'payload, KiB',
        [1, 4, 16, 64, 128].map((kib) => [String(kib), { payloadBytes: kib * 1024 }] as const),
      ),
      panel(
        'failed attempts',
        [0, 0.05, 0.1, 0.25, 0.5].map((failureRate) => [`${failureRate * 100} %`, { failureRate }] as const),
      ),
    ],
  };
}

function thinDollars(changes: Partial<BillInput>): number {
  return reportOfMonth({ ...TYPICAL, ...changes }).dollarsPerMillionDeliveries;
}

function fullDollars(changes: Partial<BillInput>): number {
  const input = { ...TYPICAL, ...changes };
  const deliveries = input.events * input.fanOut;
  const usage = usageOf(
    { ...input, failedAttempts: failuresOf(deliveries, input.failureRate) },
    FULL_BATCHES,
  );
  return (billOf(usage, { retentionDays: 30, pollers: 0 }).totalDollars / deliveries) * MILLION;
}
