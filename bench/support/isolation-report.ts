import {
  type Comparison,
  compare,
  MAX_ONSET_SECONDS,
  MAX_RATIO,
  overall,
  type Pair,
} from './isolation-pair.ts';
import type { Run } from './isolation-run.ts';

export interface Measured {
  /** Events a second that a clean run can take; absent where the rate was given. */
  readonly capacity?: number;
  readonly eventsPerSecond: number;
  readonly pairs: readonly Pair[];
}

/** All that was measured, for programs. */
export function summarise(measured: Measured): Record<string, unknown> {
  const comparisons = measured.pairs.map(compare);
  return { ...measured, comparisons, overall: overall(comparisons), failures: failuresOf(measured.pairs) };
}

/** What was measured as a table of plain text, and what was asked for beside it. */
export function format({ capacity, eventsPerSecond, pairs }: Measured): string {
  const comparisons = pairs.map(compare);
  const row = (name: string, of: (comparison: Comparison) => string, target = ''): string[] => [
    name,
    ...comparisons.map(of),
    of(overall(comparisons)),
    target,
  ];
  const runs = (name: string, of: (pair: Pair) => string): string[] => [name, ...pairs.map(of), '', ''];
  const rows = [
    ['', ...pairs.map((_, index) => `pair ${index + 1}`), 'median', 'target'],
    runs('p99, clean', ({ clean }) => `${clean.p99Ms} ms`),
    runs('p99, hanging', ({ hung }) => `${hung.p99Ms} ms`),
    row('p99, ratio', ({ p99Ratio }) => p99Ratio.toFixed(2), `<= ${MAX_RATIO}`),
    runs('first-lane ms a delivery, clean', ({ clean }) => milliseconds(clean.firstLaneSecondsPerDelivery)),
    runs('first-lane ms a delivery, hanging', ({ hung }) => milliseconds(hung.firstLaneSecondsPerDelivery)),
    row('first-lane ms a delivery, ratio', ({ secondsRatio }) => secondsRatio.toFixed(2), `<= ${MAX_RATIO}`),
    row('onset', ({ onsetSeconds }) => `${onsetSeconds} s`, `<= ${MAX_ONSET_SECONDS} s`),
    row('Lambda seconds from the onset on', ({ totalSeconds }) => totalSeconds.toFixed(0)),
    row('... were nothing hanging', ({ totalSecondsIfClean }) => totalSecondsIfClean.toFixed(0)),
    runs('... in the slow lane', ({ hung }) => hung.totalLambdaSeconds.slow.toFixed(0)),
    runs('dispatcher, ms a second of load: clean', ({ clean }) => dispatcherLoad(clean)),
    runs('... hanging: far more means a busier machine', ({ hung }) => dispatcherLoad(hung)),
    runs('duplicates', ({ clean, hung }) => String(clean.duplicates + hung.duplicates)),
  ];
  const load = `${eventsPerSecond.toFixed(1)} events/s`;
  return [
    capacity === undefined ? load : `${load}; a clean run can take ${capacity.toFixed(1)}`,
    '',
    table(rows),
    ...failuresOf(pairs).map((failure) => `FAILED: ${failure}`),
  ].join('\n');
}

/** What makes a measurement worthless. */
export function failuresOf(pairs: readonly Pair[]): string[] {
  return pairs.flatMap(({ clean, hung }, index) =>
    Object.entries({ clean, hung }).flatMap(([name, { missing, problems }]) => [
      ...(missing === 0 ? [] : [`pair ${index + 1}, ${name} run: ${missing} deliveries never arrived`]),
      ...problems.map((problem) => `pair ${index + 1}, ${name} run: ${problem}`),
    ]),
  );
}

/** Nothing hangs in the dispatcher: its time tells how much of the machine there was. */
function dispatcherLoad({ totalLambdaSeconds, p99MsBySecond }: Run): string {
  return milliseconds(totalLambdaSeconds.dispatch / p99MsBySecond.length);
}

function milliseconds(seconds: number): string {
  return `${(seconds * 1000).toFixed(1)}`;
}

function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? '').length)),
  );
  return rows
    .map((row) =>
      row
        .map((cell, column) =>
          column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
        )
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
