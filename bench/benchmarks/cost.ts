import type { Cost } from '../../local/metering/cost.ts';
import { formatTable } from '../../measurement/text-table.ts';
import type { Measurement } from '../calls/measure.ts';
import { atMost, notRun, withoutTarget } from '../shared/rows.ts';
import type { Benchmark, SuiteRow } from '../suite/benchmark.ts';
import { measureTextbook, type TextbookRun } from '../yardsticks/textbook/measure.ts';

const MILLION = 1_000_000;
const ANSWER_MS = 100;
const TEXTBOOK_DELIVERIES = 500;
const QUICK_TEXTBOOK_DELIVERIES = 100;
/** At a large fan-out, few events start all environments of the sender. */
const QUICK_WARM_UP_DELIVERIES = 24;

/** Targets in dollars for a million deliveries, by the name of the scenario. */
const MAX_DOLLARS = [
  { name: 'fan-out 1', limit: 3.3 },
  { name: 'direct', limit: 2.3 },
];
/** Targets: the share of the textbook pipeline's dollars, by fan-out. */
const MAX_SHARES = [
  { fanOut: 1, limit: 0.6 },
  { fanOut: 100, limit: 0.25 },
];

interface Priced {
  readonly cost: Cost;
  readonly deliveries: number;
}

export const cost: Benchmark = {
  name: 'cost',
  measures:
    'dollars for a million deliveries by the meter and the price list, over those of a textbook pipeline',
  hasExactRows: true,
  async run({ measureTraffic, quick, progress }) {
    const measurements = await measureTraffic();
    const deliveries = quick ? QUICK_TEXTBOOK_DELIVERIES : TEXTBOOK_DELIVERIES;
    const textbook = await measureTextbook(
      MAX_SHARES.map(({ fanOut }) => ({
        fanOut,
        events: Math.ceil(deliveries / fanOut),
        answerMs: ANSWER_MS,
        ...(quick ? { warmUpEvents: Math.ceil(QUICK_WARM_UP_DELIVERIES / fanOut) } : {}),
      })),
    );
    for (const run of textbook) {
      const calls = run.callsPerDelivery.toFixed(2);
      progress(
        `  textbook, fan-out ${run.fanOut}: ${calls} calls, $ ${perMillion(run).toFixed(2)} a million`,
      );
    }
    return {
      rows: [
        ...MAX_DOLLARS.flatMap(({ name, limit }) => dollarRows(name, limit, measurements)),
        ...MAX_SHARES.flatMap(({ fanOut, limit }) => shareRows(fanOut, limit, measurements, textbook)),
      ],
      details: formatLines(measurements, textbook),
      failures: [...measurements, ...textbook].flatMap(({ failures }) => failures),
    };
  },
};

function dollarRows(name: string, limit: number, measurements: readonly Measurement[]): SuiteRow[] {
  const measured = measurements.find((measurement) => measurement.name === name);
  const title = `dollars per million, ${name === 'direct' ? 'fan-out 1, straight to the events queue' : name}`;
  if (measured === undefined) return [notRun(title, `<= ${limit}`, 'was not measured')];
  return [
    atMost(title, perMillion(measured), { limit }),
    { ...atMost(`${title}, less Lambda time`, perMillion(measured, isExact), { limit }), exact: true },
  ];
}

function shareRows(
  fanOut: number,
  limit: number,
  measurements: readonly Measurement[],
  textbook: readonly TextbookRun[],
): SuiteRow[] {
  const ours = measurements.find(({ name }) => name === `fan-out ${fanOut}`);
  const theirs = textbook.find((run) => run.fanOut === fanOut);
  const title = `dollars over the textbook pipeline's, fan-out ${fanOut}`;
  if (ours === undefined || theirs === undefined) return [notRun(title, `<= ${limit}`, 'was not measured')];
  const exactShare = perMillion(ours, isExact) / perMillion(theirs, isExact);
  return [
    atMost(title, perMillion(ours) / perMillion(theirs), { limit }),
    { ...atMost(`${title}, less Lambda time`, exactShare, { limit }), exact: true },
    withoutTarget(
      `dollars per million of the textbook pipeline, fan-out ${fanOut}`,
      perMillion(theirs).toFixed(2),
    ),
  ];
}

/** Lambda time depends on the speed of the machine; all other lines are counts. */
function isExact(line: string): boolean {
  return line !== 'Lambda time';
}

function perMillion({ cost, deliveries }: Priced, includes: (line: string) => boolean = () => true): number {
  const dollars = cost.lines.filter(({ name }) => includes(name)).map((line) => line.dollars);
  return (dollars.reduce((total, amount) => total + amount, 0) / deliveries) * MILLION;
}

function formatLines(measurements: readonly Measurement[], textbook: readonly TextbookRun[]): string {
  const columns: { title: string; priced: Priced }[] = [
    ...measurements.map((measurement) => ({ title: measurement.name, priced: measurement })),
    ...textbook.map((run) => ({ title: `textbook ${run.fanOut}`, priced: run })),
  ];
  const lines = [...new Set(columns.flatMap(({ priced }) => priced.cost.lines.map(({ name }) => name)))];
  const rows = lines.map((line) => [
    line,
    ...columns.map(({ priced }) => perMillion(priced, (name) => name === line).toFixed(3)),
  ]);
  const total = ['total', ...columns.map(({ priced }) => perMillion(priced).toFixed(3))];
  return formatTable(
    { head: ['$ per million', ...columns.map(({ title }) => title)], rows: [...rows, total], words: [0] },
    'text',
  );
}
