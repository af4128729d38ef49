export interface Table {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** Columns of words, from 0; the others are numbers and are aligned to the right. */
  readonly words: readonly number[];
}

export type TableStyle = 'text' | 'markdown';

export function formatTable(table: Table, style: TableStyle): string {
  return style === 'markdown' ? asMarkdown(table) : asText(table);
}

function asMarkdown({ head, rows, words }: Table): string {
  const rule = head.map((_, column) => (words.includes(column) ? '---' : '---:'));
  return [head, rule, ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
}

function asText({ head, rows, words }: Table): string {
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => (row[column] ?? '').length)),
  );
  return [head, ...rows]
    .map((row) =>
      widths
        .map((width, column) => {
          const cell = row[column] ?? '';
          return words.includes(column) ? cell.padEnd(width) : cell.padStart(width);
        })
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

export function count(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

export function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

/** How many times as much. */
export function factor(times: number): string {
  return `${times >= 9.95 ? count(times) : times.toFixed(1)}×`;
}

export function duration(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  return `${(ms / 1_000).toFixed(ms < 9_950 ? 1 : 0)} s`;
}

/** Two significant digits, rounded down: a ceiling that is documented must hold. */
export function roughly(value: number): string {
  const unit = 10 ** Math.max(0, Math.floor(Math.log10(value)) - 1);
  return count(Math.floor(value / unit) * unit);
}
