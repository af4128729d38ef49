import { seconds } from '../../measurement/format-number.ts';
import { MAX_LATE_SHARE, MAX_LATENCY_RATIO } from '../../measurement/onset.ts';
import { formatTable } from '../../measurement/text-table.ts';
import { atMost, type BenchRow, formatRows, withoutTarget } from '../shared/rows.ts';
import { type Comparison, compare, type Measured, medianOf, type Pair } from './compare.ts';
import type { Run } from './run.ts';

/** Target of latency and Lambda time in the measured time, over the clean run's. */
const MAX_RATIO = 1.2;

/** Targets in seconds of both definitions of the onset, for this share of hanging endpoints or less. */
const MAX_ONSETS = [
  { share: 0.01, limit: 5 },
  { share: 0.05, limit: 25 },
];

/** The names of the two durations that `measurement/onset.ts` defines. */
const ONSET = `onset: until at most ${MAX_LATE_SHARE * 100} % are late (over ${MAX_LATENCY_RATIO} × clean p99)`;
const UNTIL_NONE_IS_LATE = 'seconds until no delivery is late';

/** A clean run with a higher 99th percentile is not valid: other programs kept the machine busy. */
const MAX_CLEAN_P99_MS = 2_000;

export interface IsolationReport extends Measured {
  readonly rows: readonly BenchRow[];
  readonly comparisons: readonly Comparison[];
  /** Why the figures are not valid. Empty when they are. */
  readonly failures: readonly string[];
}

export function reportOf(measured: Measured): IsolationReport {
  const comparisons = measured.pairs.map(compare);
  return {
    ...measured,
    comparisons,
    rows: rowsOf(medianOf(comparisons), measured.hangingShare),
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

function rowsOf(medians: Comparison, hangingShare: number): BenchRow[] {
  const maxOnset = MAX_ONSETS.find(({ share }) => hangingShare <= share);
  const hanging = `${+(hangingShare * 100).toFixed(1)} % hanging`;
  const duration = (name: string, value: number): BenchRow =>
    maxOnset === undefined
      ? withoutTarget(name, seconds(value))
      : atMost(name, value, { limit: maxOnset.limit, format: seconds });
  return [
    atMost('p99 over clean', medians.p99Ratio, { limit: MAX_RATIO }),
    atMost('first-lane Lambda seconds per healthy delivery over clean', medians.secondsRatio, {
      limit: MAX_RATIO,
    }),
    duration(`${ONSET}, at ${hanging}`, medians.onsetSeconds),
    duration(`${UNTIL_NONE_IS_LATE}, at ${hanging}`, medians.secondsUntilNoneIsLate),
    withoutTarget(
      'Lambda seconds of all functions from the onset on, over clean',
      `${medians.totalSeconds.toFixed(0)} / ${medians.totalSecondsIfClean.toFixed(0)}`,
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
    runs('p99, hanging', ({ hanging }) => `${hanging.p99Ms} ms`),
    compared('p99, ratio', ({ p99Ratio }) => p99Ratio.toFixed(2)),
    runs('first-lane ms a delivery, clean', ({ clean }) => milliseconds(clean.firstLaneSecondsPerDelivery)),
    runs('first-lane ms a delivery, hanging', ({ hanging }) =>
      milliseconds(hanging.firstLaneSecondsPerDelivery),
    ),
    compared('first-lane ms a delivery, ratio', ({ secondsRatio }) => secondsRatio.toFixed(2)),
    compared(ONSET, ({ onsetSeconds }) => seconds(onsetSeconds)),
    compared(UNTIL_NONE_IS_LATE, (comparison) => seconds(comparison.secondsUntilNoneIsLate)),
    compared('Lambda seconds from the onset on', ({ totalSeconds }) => totalSeconds.toFixed(0)),
    compared('... of a clean run of the same length', (comparison) =>
      comparison.totalSecondsIfClean.toFixed(0),
    ),
    runs('... in the slow lane', ({ hanging }) => hanging.totalLambdaSeconds.slow.toFixed(0)),
    runs('dispatcher, Lambda ms for each second: clean', ({ clean }) => dispatcherLoad(clean)),
    runs('... hanging: much more means that the machine was busier', ({ hanging }) =>
      dispatcherLoad(hanging),
    ),
    runs('duplicates', ({ clean, hanging }) => String(clean.duplicates + hanging.duplicates)),
  ];
}

function failuresOf(pairs: readonly Pair[]): string[] {
  return pairs.flatMap(({ clean, hanging }, index) => [
    ...(clean.p99Ms <= MAX_CLEAN_P99_MS
      ? []
      : [`pair ${index + 1}, clean run: p99 ${clean.p99Ms} ms: the machine was too busy`]),
    ...Object.entries({ clean, hanging }).flatMap(([name, { missing, problems }]) => [
      ...(missing === 0 ? [] : [`pair ${index + 1}, ${name} run: ${missing} deliveries never arrived`]),
      ...problems.map((problem) => `pair ${index + 1}, ${name} run: ${problem}`),
    ]),
  ]);
}

/** Hanging endpoints do not delay the dispatcher: its Lambda time shows how busy other programs kept the machine. */
function dispatcherLoad({ totalLambdaSeconds, latenciesMsBySecond }: Run): string {
  return milliseconds(totalLambdaSeconds.dispatch / latenciesMsBySecond.length);
}

function milliseconds(value: number): string {
  return (value * 1000).toFixed(1);
}
