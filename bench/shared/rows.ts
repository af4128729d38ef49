import { formatTable } from '../../measurement/text-table.ts';

export type Verdict = 'pass' | 'miss' | 'not run';

/** One result of a benchmark. */
export interface BenchRow {
  readonly name: string;
  readonly figure: string;
  /** Empty when the figure has no target. */
  readonly target: string;
  /** Empty when the figure has no target. */
  readonly verdict: '' | Verdict;
}

export interface Limit {
  readonly limit: number;
  /** Default: two decimals. */
  readonly format?: (value: number) => string;
}

/** A figure that must not exceed its target. NaN misses the target. */
export function atMost(name: string, value: number, { limit, format = twoDecimals }: Limit): BenchRow {
  return {
    name,
    figure: format(value),
    target: `<= ${format(limit)}`,
    verdict: value <= limit ? 'pass' : 'miss',
  };
}

/** A figure that must reach its target. NaN misses the target. */
export function atLeast(name: string, value: number, { limit, format = twoDecimals }: Limit): BenchRow {
  return {
    name,
    figure: format(value),
    target: `>= ${format(limit)}`,
    verdict: value >= limit ? 'pass' : 'miss',
  };
}

/** @param reason why, and what to do so that it runs */
export function notRun(name: string, target: string, reason: string): BenchRow {
  return { name, figure: reason, target, verdict: 'not run' };
}

export function withoutTarget(name: string, figure: string): BenchRow {
  return { name, figure, target: '', verdict: '' };
}

export function formatRows(rows: readonly BenchRow[]): string {
  return formatTable(
    {
      head: ['', 'figure', 'target', ''],
      rows: rows.map(({ name, figure, target, verdict }) => [name, figure, target, verdict]),
      words: [0, 3],
    },
    'text',
  );
}

function twoDecimals(value: number): string {
  return value.toFixed(2);
}
