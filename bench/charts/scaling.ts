import { percentile } from '../../lambdas/shared/runtime/percentile.ts';
import { measureLatency } from '../benchmarks/latency.ts';
import { startUnitCloud, type UnitCloud } from '../shared/unit-cloud.ts';
import { createRounds } from '../shared/unit-rounds.ts';
import type { Chart, Panel } from './svg.ts';

const ORIGINS = 8;
/** Enough that no two events of a batch of ten are of the same account. */
const SMALL_ACCOUNTS = 40;
const FAN_OUTS = [1, 10, 100] as const;
const PAYLOADS_KIB = [1, 4, 16, 64] as const;
const FAILING_SHARES = [0, 0.1, 0.25, 0.5] as const;
const BATCHES = [1, 2, 5, 10] as const;
const EVENTS_PER_SECOND = [25, 50, 100, 200] as const;
const WARM_UP_DELIVERIES = 1_000;
const DELIVERIES = 400;
const LATENCY_SECONDS = 6;
/** Events a second of all panels other than that of the load. With 100 webhooks, a tenth of this rate. */
const LATENCY_RATE = 50;
const US_PER_SECOND = 1_000_000;

export interface ScalingSettings {
  readonly assemblyDirectory: string;
  readonly progress: (text: string) => void;
}

/** Measures how throughput and added latency change with load, webhooks, payload and failures. */
export async function measureScaling({
  assemblyDirectory,
  progress,
}: ScalingSettings): Promise<{ throughput: Chart; latency: Chart; failures: readonly string[] }> {
  const accounts = [
    ...Array.from({ length: SMALL_ACCOUNTS }, (_, n) => [n % ORIGINS]),
    ...[10, 100].map((fanOut) => Array.from({ length: fanOut }, (_, n) => n % ORIGINS)),
  ];
  const units = await startUnitCloud({ assemblyDirectory, endpoints: ORIGINS, answerMs: 0, accounts });
  const accountsOf = (fanOut: (typeof FAN_OUTS)[number]): UnitCloud['accounts'] =>
    fanOut === 1 ? units.accounts.slice(0, SMALL_ACCOUNTS) : units.accounts.slice(...SLICES[fanOut]);
  const failures: string[] = [];
  try {
    const rounds = createRounds(units);
    const throughputOf = async (point: Point): Promise<number> => {
      const { fanOut = 1, failingShare = 0, ...rest } = point;
      units.receivers.fail(failingShare);
      const round = await rounds({
        ...rest,
        accounts: accountsOf(fanOut),
        fanOut,
        events: Math.ceil(DELIVERIES / fanOut),
      });
      failures.push(...round.failures);
      return round.deliveries / ((round.dispatchUs + round.sendUs) / US_PER_SECOND);
    };
    const latencyOf = async (point: Point): Promise<[number, number]> => {
      const { fanOut = 1, failingShare = 0, eventsPerSecond = LATENCY_RATE, padding } = point;
      units.receivers.fail(failingShare);
      const measured = await measureLatency(units, {
        eventsPerSecond: fanOut === 100 ? eventsPerSecond / 10 : eventsPerSecond,
        seconds: LATENCY_SECONDS,
        fanOut,
        accounts: accountsOf(fanOut),
        ...(padding === undefined ? {} : { padding }),
      });
      failures.push(...measured.failures);
      return [percentile(measured.ownMs, 0.5), percentile(measured.ownMs, 0.99)];
    };
    const panel = async <Value>(
      title: string,
      points: readonly { label: string; point: Point }[],
      measure: (point: Point) => Promise<Value>,
      seriesOf: (values: readonly Value[]) => Panel['series'],
    ): Promise<Panel> => {
      const values: Value[] = [];
      for (const { label, point } of points) {
        values.push(await measure(point));
        progress(`  ${title} ${label}: ${String(values.at(-1))}`);
      }
      return { title, labels: points.map(({ label }) => label), series: seriesOf(values) };
    };
    await rounds({ accounts: accountsOf(1), fanOut: 1, events: WARM_UP_DELIVERIES });
    const throughput = (title: string, points: readonly { label: string; point: Point }[]) =>
      panel(title, points, throughputOf, (values) => [{ name: 'dispatcher and sender', values }]);
    const latency = (title: string, points: readonly { label: string; point: Point }[]) =>
      panel(title, points, latencyOf, (values) => [
        { name: 'median', values: values.map(([half]) => half) },
        { name: '99th percentile', values: values.map(([, p99]) => p99) },
      ]);
    return {
      throughput: {
        title: 'Throughput',
        conditions: 'One webhook of an event, 1 KiB, batches of ten, except for the varied value',
        unit: 'attempts for each second of CPU time',
        panels: [
          await throughput(
            'messages in a batch (load)',
            BATCHES.map((batch) => ({ label: String(batch), point: { batch } })),
          ),
          ...(await inTurn(COMMON, ([title, points]) => throughput(title, points))),
        ],
      },
      latency: {
        title: 'Added latency',
        conditions:
          '50 events a second (5 with 100 webhooks), one webhook, 1 KiB, except for the varied value',
        unit: 'ms in the functions’ own code',
        panels: [
          await latency(
            'events a second',
            EVENTS_PER_SECOND.map((rate) => ({ label: String(rate), point: { eventsPerSecond: rate } })),
          ),
          ...(await inTurn(COMMON, ([title, points]) => latency(title, points))),
        ],
      },
      failures,
    };
  } finally {
    await units.close();
  }
}

interface Point {
  readonly fanOut?: (typeof FAN_OUTS)[number];
  readonly padding?: number;
  /** The share of the first attempts that are answered with status 500. */
  readonly failingShare?: number;
  readonly batch?: number;
  readonly eventsPerSecond?: number;
}

const SLICES = { 10: [-2, -1], 100: [-1] } as const;

const COMMON: readonly (readonly [string, readonly { label: string; point: Point }[]])[] = [
  ['webhooks of an event', FAN_OUTS.map((fanOut) => ({ label: String(fanOut), point: { fanOut } }))],
  ['payload, KiB', PAYLOADS_KIB.map((kib) => ({ label: String(kib), point: { padding: kib * 1024 - 324 } }))],
  [
    'failed first attempts',
    FAILING_SHARES.map((failingShare) => ({ label: `${failingShare * 100} %`, point: { failingShare } })),
  ],
];

async function inTurn<Item, Result>(
  items: readonly Item[],
  run: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  for (const item of items) results.push(await run(item));
  return results;
}
