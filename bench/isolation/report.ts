import { formatTable } from '../../figures/text-table.ts';
import { atMost, type BenchRow, formatRows, withoutTarget } from '../shared/rows.ts';
import { type Comparison, compare, MAX_RATIO, type Measured, overall, type Pair } from './pair.ts';
import type { Run } from './run.ts';

/** Seconds that the onset may last, by the share of the endpoints that hang. */
const MAX_ONSETS = [
  { share: 0.01, limit: 5 },
  { share: 0.05, limit: 25 },
];

/** A clean run whose deliveries are later than this was made on a machine that is busy with other work. */
const MAX_CLEAN_P99_MS = 2_000;

export interface IsolationReport extends Measured {
  readonly rows: readonly BenchRow[];
  readonly comparisons: readonly Comparison[];
  /** Why the figures are worthless; empty when they are not. */
  readonly failures: readonly string[];
}

export function reportOf(measured: Measured): IsolationReport {
  const comparisons = measured.pairs.map(compare);
  return {
    ...measured,
    comparisons,
    rows: rowsOf(overall(comparisons), measured.hangingShare),
    failures: failuresOf(measured.pairs),
  };
}

export function formatIsolation(report: IsolationReport): string {
  const { eventsPerSecond, environments, pairs, rows, failures } = report;
  return [
    `${eventsPerSecond.toFixed(1)} events/s, up to ${environments} environments of each function`,
    '',
    formatTable(
      { head: ['', ...pairs.map((_, n) => `pair ${n + 1}`)], rows: pairRows(report), words: [0] },
      'text',
    ),
    '',
    formatRows(rows),
    ...failures.map((failure) => `FAILED: ${failure}`),
  ].join('\n');
}

/** Of the median of all pairs. */
function rowsOf(all: Comparison, hangingShare: number): BenchRow[] {
  const maxOnset = MAX_ONSETS.find(({ share }) => hangingShare <= share);
  const onset = `onset at ${+(hangingShare * 100).toFixed(1)} % hanging`;
  return [
    atMost('p99 over clean', all.p99Ratio, { limit: MAX_RATIO }),
    atMost('first-lane Lambda seconds per healthy delivery over clean', all.secondsRatio, {
      limit: MAX_RATIO,
    }),
    maxOnset === undefined
      ? withoutTarget(onset, seconds(all.onsetSeconds))
      : atMost(onset, all.onsetSeconds, { limit: maxOnset.limit, format: seconds }),
    withoutTarget(
      'Lambda seconds of all functions from the onset on, over clean',
      `${all.totalSeconds.toFixed(0)} / ${all.totalSecondsIfClean.toFixed(0)}`,
    ),
  ];
}

function pairRows({ pairs, comparisons }: IsolationReport): string[][] {
  const compared = (name: string, of: (comparison: Comparison) => string): string[] => [
    name,
    ...comparisons.map(of),
  ];
  const runs = (name: string, of: (pair: Pair) => string): string[] => [name, ...pairs.map(of)];
  return [
    runs('p99, clean', ({ clean }) => `${clean.p99Ms} ms`),
    runs('p99, hanging', ({ hung }) => `${hung.p99Ms} ms`),
    compared('p99, ratio', ({ p99Ratio }) => p99Ratio.toFixed(2)),
    runs('first-lane ms a delivery, clean', ({ clean }) => milliseconds(clean.firstLaneSecondsPerDelivery)),
    runs('first-lane ms a delivery, hanging', ({ hung }) => milliseconds(hung.firstLaneSecondsPerDelivery)),
    compared('first-lane ms a delivery, ratio', ({ secondsRatio }) => secondsRatio.toFixed(2)),
    compared('onset', ({ onsetSeconds }) => seconds(onsetSeconds)),
    compared('Lambda seconds from the onset on', ({ totalSeconds }) => totalSeconds.toFixed(0)),
    compared('... for as long without hanging endpoints', (pair) => pair.totalSecondsIfClean.toFixed(0)),
    runs('... in the slow lane', ({ hung }) => hung.totalLambdaSeconds.slow.toFixed(0)),
    runs('dispatcher, ms a second of load: clean', ({ clean }) => dispatcherLoad(clean)),
    runs('... hanging: far more means a busier machine', ({ hung }) => dispatcherLoad(hung)),
    runs('duplicates', ({ clean, hung }) => String(clean.duplicates + hung.duplicates)),
  ];
}

function failuresOf(pairs: readonly Pair[]): string[] {
  return pairs.flatMap(({ clean, hung }, index) => [
    ...(clean.p99Ms <= MAX_CLEAN_P99_MS
      ? []
      : [`pair ${index + 1}, clean run: p99 ${clean.p99Ms} ms, so the machine was too busy`]),
    ...Object.entries({ clean, hung }).flatMap(([name, { missing, problems }]) => [
      ...(missing === 0 ? [] : [`pair ${index + 1}, ${name} run: ${missing} deliveries never arrived`]),
      ...problems.map((problem) => `pair ${index + 1}, ${name} run: ${problem}`),
    ]),
  ]);
}

/** Nothing hangs in the dispatcher: its time is a gauge of how busy the machine was with other work. */
function dispatcherLoad({ totalLambdaSeconds, p99MsBySecond }: Run): string {
  return milliseconds(totalLambdaSeconds.dispatch / p99MsBySecond.length);
}

function milliseconds(value: number): string {
  return (value * 1000).toFixed(1);
}

function seconds(value: number): string {
  return Number.isFinite(value) ? `${value} s` : 'did not end';
}
