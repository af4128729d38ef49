import { count, duration, percent, seconds } from '../measurement/format-number.ts';
import { formatTable, type TableStyle } from '../measurement/text-table.ts';
import type { BenchmarkRow, Spread } from './benchmark-load.ts';
import type { Onset, OnsetRow, SlowLane, SlowLaneRow } from './isolation-table.ts';

export interface IsolationRows {
  readonly onsets: readonly OnsetRow[];
  readonly slowLane: readonly SlowLaneRow[];
  readonly benchmarkLoad: readonly BenchmarkRow[];
}

/** The tables of docs/isolation.md, by the names of their markers in that document. */
export function isolationTables(rows: IsolationRows, style: TableStyle): ReadonlyMap<string, string> {
  return new Map([
    ['onsets', onsetTable(rows.onsets, style)],
    ['slow-lane', slowLaneTable(rows.slowLane, style)],
    ['benchmark-load', benchmarkTable(rows.benchmarkLoad, style)],
  ]);
}

function onsetTable(rows: readonly OnsetRow[], style: TableStyle): string {
  const head = [
    ...['endpoints', 'events/s each', 'hanging', 'as deployed', 'longest'],
    ...['four times the need', 'longest', 'provisioned pollers', 'longest'],
  ];
  const cells = rows.map(({ endpoints, eventsPerSecond, hangingShare, deployed, fourfold, provisioned }) => [
    ...[count(endpoints), String(eventsPerSecond / endpoints), percent(hangingShare)],
    ...[deployed, fourfold, provisioned].flatMap(onsetCells),
  ]);
  return formatTable({ head, rows: cells, words: [] }, style);
}

function onsetCells({ seconds, longestMs }: Onset): string[] {
  return [Number.isFinite(seconds) ? `${seconds} s` : 'over 2 min', duration(longestMs)];
}

function slowLaneTable(rows: readonly SlowLaneRow[], style: TableStyle): string {
  const head = [
    ...['pollers that fill batches', 'environments needed', 'messages a batch'],
    ...['with the limit', 'messages a batch', 'waiting'],
  ];
  const cells = rows.map(({ collectors, unlimited, deployed }) => [
    count(collectors),
    ...laneCells(unlimited),
    ...laneCells(deployed),
    count(deployed.waiting),
  ]);
  return formatTable({ head, rows: cells, words: [] }, style);
}

function laneCells({ environments, messagesPerBatch }: SlowLane): string[] {
  return [count(environments), count(messagesPerBatch)];
}

function benchmarkTable(rows: readonly BenchmarkRow[], style: TableStyle): string {
  const head = [
    ...['endpoints', 'events/s each', 'environments', 'hanging', 'onset', 'until no delivery is late'],
    ...['p99, over clean', 'first-lane time a delivery, over clean'],
  ];
  const cells = rows.map((row) => [
    count(row.endpoints),
    String(row.eventsPerSecond / row.endpoints),
    count(row.environments),
    percent(row.hangingShare),
    spreadCell(row.onsetSeconds, seconds),
    spreadCell(row.secondsUntilNoneIsLate, seconds),
    spreadCell(row.p99OverClean, ratio),
    spreadCell(row.firstLaneTimeOverClean, ratio),
  ]);
  return formatTable({ head, rows: cells, words: [] }, style);
}

/** The median, and the range where the runs differ. */
function spreadCell({ median, lowest, highest }: Spread, format: (value: number) => string): string {
  const [middle, from, to] = [median, lowest, highest].map(format);
  return from === to ? `${middle}` : `${middle} (${from} to ${to})`;
}

function ratio(value: number): string {
  return value.toFixed(2);
}
