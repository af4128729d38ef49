import { median } from '../../measurement/statistics.ts';
import { formatTable } from '../../measurement/text-table.ts';
import { atLeast, atMost, notRun, withoutTarget } from '../shared/rows.ts';
import { accountsOf, accountsWith, ORIGINS } from '../shared/unit-accounts.ts';
import { startUnitCloud, type UnitCloud } from '../shared/unit-cloud.ts';
import { createRounds, type UnitRound } from '../shared/unit-rounds.ts';
import { startBullMq, startRawUndici, type Work, type Yardstick } from '../shared/yardstick.ts';
import type { Benchmark, SuiteRow } from '../suite/benchmark.ts';

const OTHER_FAN_OUTS = [10, 100] as const;
const FAN_OUTS = [1, ...OTHER_FAN_OUTS] as const;
const PAIRS = 7;
const QUICK_PAIRS = 3;
const DELIVERIES = 1_000;
const QUICK_DELIVERIES = 300;
/** Deliveries before the measurement, in which V8 compiles the code. */
const WARM_UP_DELIVERIES = 2_000;
const QUICK_WARM_UP_DELIVERIES = 500;

/** Targets of the deliveries for each second of CPU time, over those of the yardstick. */
const MIN_RATIOS = { bullMq: 0.9, bullMqWithRows: 1.5, rawUndici: 0.35 };
const MAX_DISPATCH_US_AN_EVENT = 700;
const MAX_DISPATCH_US_A_DELIVERY = 60;
/**
 * CPU time of BullMQ without a log for a delivery, on the machine and the day of the targets in microseconds. Machines differ
 * by a factor of three: each of these targets is also a ratio to BullMQ's time in the same rounds.
 */
const BULL_MQ_US = 156;
/**
 * Own CPU time and that of the stores for a delivery, of two peers: WebhookX 1.2 and Outpost 1.2, measured on two cores on
 * 2026-11-25 with the same endpoints. They are not in this repository, so they are not measured again.
 */
const PEERS_US = [
  { name: 'WebhookX', fanOut: 1, us: 587 + 734 },
  { name: 'Outpost', fanOut: 1, us: 693 + 557 },
  { name: 'WebhookX', fanOut: 10, us: 290 + 364 },
  { name: 'Outpost', fanOut: 10, us: 480 + 337 },
];

/** One round: this project at each fan-out, and each yardstick. */
interface Pair {
  readonly ours: ReadonlyMap<number, UnitRound>;
  readonly yardsticks: ReadonlyMap<string, Work>;
}

export const cpu: Benchmark = {
  name: 'cpu',
  measures:
    "CPU time of the functions' processes for a delivery over TLS, over that of BullMQ and raw undici",
  hasExactRows: false,
  async run({ assemblyDirectory, quick, progress }) {
    const accounts = accountsWith(OTHER_FAN_OUTS);
    const units = await startUnitCloud({ assemblyDirectory, endpoints: ORIGINS, answerMs: 0, accounts });
    const yardsticks = await startYardsticks(units);
    const running = yardsticks.filter((one) => typeof one.started !== 'string');
    const deliveries = quick ? QUICK_DELIVERIES : DELIVERIES;
    const round = createRounds(units);
    const runOurs = async (count: number): Promise<Map<number, UnitRound>> => {
      const rounds = new Map<number, UnitRound>();
      for (const fanOut of FAN_OUTS) {
        rounds.set(
          fanOut,
          await round({
            accounts: accountsOf(units.accounts, OTHER_FAN_OUTS, fanOut),
            fanOut,
            events: Math.ceil(count / fanOut),
          }),
        );
      }
      return rounds;
    };
    const runYardsticks = async (count: number): Promise<Map<string, Work>> => {
      const works = new Map<string, Work>();
      for (const { key, started } of running) {
        if (typeof started === 'string') continue;
        works.set(key, await started.run(count));
        const received = (await units.receivers.take()).length;
        if (received !== count) throw new Error(`${started.name} made ${received} of ${count} deliveries`);
      }
      return works;
    };
    try {
      const warmUp = quick ? QUICK_WARM_UP_DELIVERIES : WARM_UP_DELIVERIES;
      await runOurs(warmUp);
      await runYardsticks(warmUp);
      const pairs: Pair[] = [];
      for (let n = 0; n < (quick ? QUICK_PAIRS : PAIRS); n += 1) {
        // Alternate the order, so that a change of the machine's load affects both.
        const first = n % 2 === 0 ? await runOurs(deliveries) : undefined;
        const works = await runYardsticks(deliveries);
        const ours = first ?? (await runOurs(deliveries));
        pairs.push({ ours, yardsticks: works });
        progress(`  pair ${n + 1}: ${senderUs(ours, 1).toFixed(0)} us a delivery in the sender`);
      }
      return {
        rows: [
          ...ratioRows(pairs, yardsticks),
          ...dispatchRows(pairs, yardsticks),
          ...peerRows(pairs, yardsticks),
        ],
        details: formatPairs(pairs, yardsticks),
        failures: pairs.flatMap(({ ours }) => [...ours.values()].flatMap(({ failures }) => failures)),
      };
    } finally {
      for (const { started } of yardsticks) if (typeof started !== 'string') await started.close();
      await units.close();
    }
  },
};

interface NamedYardstick {
  readonly key: keyof typeof MIN_RATIOS;
  readonly name: string;
  /** The running yardstick, or the reason why it does not run. */
  readonly started: Yardstick | string;
}

async function startYardsticks({ receivers }: UnitCloud): Promise<NamedYardstick[]> {
  const settings = { urls: receivers.urls, ca: receivers.certificate.cert };
  return [
    { key: 'bullMq', name: 'BullMQ', started: await startBullMq(settings, false) },
    {
      key: 'bullMqWithRows',
      name: 'BullMQ with a row in PostgreSQL',
      started: await startBullMq(settings, true),
    },
    { key: 'rawUndici', name: 'raw undici', started: await startRawUndici(settings) },
  ];
}

function senderUs(ours: Pair['ours'], fanOut: number): number {
  const round = ours.get(fanOut);
  return round === undefined ? Number.NaN : round.sendUs / round.deliveries;
}

function dispatchUs(ours: Pair['ours'], fanOut: number): number {
  const round = ours.get(fanOut);
  return round === undefined ? Number.NaN : round.dispatchUs / round.deliveries;
}

function workOf({ yardsticks }: Pair, key: string, deliveries: number): number {
  const work = yardsticks.get(key);
  return work === undefined ? Number.NaN : work.cpuUs / deliveries;
}

function deliveriesOf({ ours }: Pair): number {
  return ours.get(1)?.deliveries ?? Number.NaN;
}

function ratioRows(pairs: readonly Pair[], yardsticks: readonly NamedYardstick[]): SuiteRow[] {
  return yardsticks.map(({ key, name, started }) => {
    const title = `sender's deliveries per CPU second over ${name}'s`;
    if (typeof started === 'string') return notRun(title, `>= ${MIN_RATIOS[key].toFixed(2)}`, started);
    const ratios = pairs.map((pair) => workOf(pair, key, deliveriesOf(pair)) / senderUs(pair.ours, 1));
    return atLeast(title, median(ratios), { limit: MIN_RATIOS[key] });
  });
}

const formatUs = (us: number): string => `${us.toFixed(0)} us`;

/** The row of a target in microseconds, and the same target as a ratio to BullMQ's time for a delivery. */
function timeRows(
  pairs: readonly Pair[],
  yardsticks: readonly NamedYardstick[],
  { title, limit, usOf }: { title: string; limit: number; usOf: (pair: Pair) => number },
): SuiteRow[] {
  const ratioTitle = `${title}, over BullMQ's delivery`;
  const bullMq = yardsticks.find(({ key }) => key === 'bullMq')?.started;
  const ratios = pairs.map((pair) => usOf(pair) / workOf(pair, 'bullMq', deliveriesOf(pair)));
  return [
    atMost(title, median(pairs.map(usOf)), { limit, format: formatUs }),
    typeof bullMq === 'string'
      ? notRun(ratioTitle, `<= ${(limit / BULL_MQ_US).toFixed(2)}`, bullMq)
      : atMost(ratioTitle, median(ratios), { limit: limit / BULL_MQ_US }),
  ];
}

function dispatchRows(pairs: readonly Pair[], yardsticks: readonly NamedYardstick[]): SuiteRow[] {
  return [
    ...timeRows(pairs, yardsticks, {
      title: 'dispatcher, for an event in batches of ten, fan-out 1',
      limit: MAX_DISPATCH_US_AN_EVENT,
      usOf: ({ ours }) => dispatchUs(ours, 1),
    }),
    ...timeRows(pairs, yardsticks, {
      title: 'dispatcher, for a delivery, fan-out 100',
      limit: MAX_DISPATCH_US_A_DELIVERY,
      usOf: ({ ours }) => dispatchUs(ours, 100),
    }),
    ...FAN_OUTS.map((fanOut) =>
      withoutTarget(
        `sender, for a delivery, fan-out ${fanOut}`,
        formatUs(median(pairs.map(({ ours }) => senderUs(ours, fanOut)))),
      ),
    ),
  ];
}

function peerRows(pairs: readonly Pair[], yardsticks: readonly NamedYardstick[]): SuiteRow[] {
  const rows = PEERS_US.flatMap(({ name, fanOut, us }) =>
    timeRows(pairs, yardsticks, {
      title: `dispatcher and sender, for a delivery, fan-out ${fanOut} (target: ${name} with its stores, 2026-11-25)`,
      limit: us,
      usOf: ({ ours }) => dispatchUs(ours, fanOut) + senderUs(ours, fanOut),
    }),
  );
  const withRows = yardsticks.find(({ key }) => key === 'bullMqWithRows');
  if (withRows === undefined || typeof withRows.started === 'string') return rows;
  const theirs = pairs.map((pair) => {
    const work = pair.yardsticks.get(withRows.key);
    return work === undefined ? Number.NaN : (work.cpuUs + work.storesCpuUs) / deliveriesOf(pair);
  });
  return [
    ...rows,
    withoutTarget(`${withRows.name}, its stores included, for a delivery`, formatUs(median(theirs))),
  ];
}

function formatPairs(pairs: readonly Pair[], yardsticks: readonly NamedYardstick[]): string {
  const row = (name: string, of: (pair: Pair) => number): string[] => [
    name,
    ...pairs.map((pair) => of(pair).toFixed(0)),
  ];
  return formatTable(
    {
      head: ['us of CPU time a delivery', ...pairs.map((_, n) => `pair ${n + 1}`)],
      rows: [
        ...FAN_OUTS.flatMap((fanOut) => [
          row(`dispatcher, fan-out ${fanOut}`, ({ ours }) => dispatchUs(ours, fanOut)),
          row(`sender, fan-out ${fanOut}`, ({ ours }) => senderUs(ours, fanOut)),
        ]),
        ...yardsticks
          .filter(({ started }) => typeof started !== 'string')
          .flatMap(({ key, name }) => [
            row(name, (pair) => workOf(pair, key, deliveriesOf(pair))),
            row(
              `${name}: its stores`,
              (pair) => (pair.yardsticks.get(key)?.storesCpuUs ?? 0) / deliveriesOf(pair),
            ),
          ]),
      ],
      words: [0],
    },
    'text',
  );
}
