import { formatTable } from '../../measurement/text-table.ts';

/** One result of a benchmark. */
export interface BenchRow {
  readonly name: string;
  readonly figure: string;
  /** Empty when the figure has no target. */
  readonly target: string;
  /** Empty when the figure has no target. */
  readonly verdict: '' | 'met' | 'missed';
}

export interface UpperLimit {
  readonly limit: number;
  /** Default: two decimals. */
  readonly format?: (value: number) => string;
}

/** A figure that must not exceed its target. NaN misses the target. */
export function atMost(name: string, value: number, { limit, format = twoDecimals }: UpperLimit): BenchRow {
  return {
    name,
    figure: format(value),
    target: `<= ${format(limit)}`,
    verdict: value <= limit ? 'met' : 'missed',
  };
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
