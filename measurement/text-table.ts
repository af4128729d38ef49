export interface Table {
  /** Titles of the columns. Without it, the table has rows only, and is plain text. */
  readonly head?: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** Indexes of the columns with words, which are aligned to the left. The other columns are aligned to the right. */
  readonly words: readonly number[];
}

export type TableStyle = 'text' | 'markdown';

export function formatTable(table: Table, style: TableStyle): string {
  return style === 'markdown' ? asMarkdown(table) : asText(table);
}

function asMarkdown({ head = [], rows, words }: Table): string {
  const rule = head.map((_, column) => (words.includes(column) ? '---' : '---:'));
  return [head, rule, ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
}

function asText({ head, rows, words }: Table): string {
  const lines = head === undefined ? rows : [head, ...rows];
  const columns = Math.max(0, ...lines.map((line) => line.length));
  const widths = Array.from({ length: columns }, (_, column) =>
    lines.reduce((widest, line) => Math.max(widest, (line[column] ?? '').length), 0),
  );
  return lines
    .map((line) =>
      widths
        .map((width, column) => {
          const cell = line[column] ?? '';
          return words.includes(column) ? cell.padEnd(width) : cell.padStart(width);
        })
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
