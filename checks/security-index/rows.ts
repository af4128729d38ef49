/** A row of docs/security.md. */
export interface SecurityRow {
  /** Such as `URL-3`. Written by hand in the document, so that a new row changes no other id. */
  id: string;
  /** The heading of the section that contains the row. */
  section: string;
  /** The second column, as Markdown. */
  input: string;
}

const ROW_ID = /^[A-Z]+-[1-9]\d*$/;

/** @throws when an id is malformed or is used twice. */
export function parseRows(markdown: string): SecurityRow[] {
  const rows: SecurityRow[] = [];
  let section = '';
  for (const line of markdown.split('\n')) {
    if (line.startsWith('## ')) section = line.slice('## '.length);
    const [, id = '', input = ''] = line.startsWith('| ') ? splitCells(line) : [];
    if (id === '' || id === 'id' || /^-+$/.test(id)) continue;
    if (!ROW_ID.test(id)) throw new Error(`"${id}" is not a row id. A row id has the form URL-3.`);
    if (rows.some((row) => row.id === id)) throw new Error(`Two rows have the id ${id}.`);
    rows.push({ id, section, input });
  }
  return rows;
}

/** The cells of a table row. `\|` does not end a cell. */
function splitCells(line: string): string[] {
  return line.split(/(?<!\\)\|/).map((cell) => cell.trim());
}
