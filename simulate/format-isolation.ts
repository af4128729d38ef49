import { count, duration, formatTable, percent, type TableStyle } from '../figures/text-table.ts';
import type { Onset, OnsetRow, SlowLane, SlowLaneRow } from './isolation-table.ts';

/** The tables of docs/isolation.md, by the names that its marks have. */
export function isolationTables(
  rows: { readonly onsets: readonly OnsetRow[]; readonly slowLane: readonly SlowLaneRow[] },
  style: TableStyle,
): ReadonlyMap<string, string> {
  return new Map([
    ['onsets', onsetTable(rows.onsets, style)],
    ['slow-lane', slowLaneTable(rows.slowLane, style)],
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
  return [seconds === undefined ? 'over 2 min' : `${seconds} s`, duration(longestMs)];
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
