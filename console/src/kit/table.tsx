import type { ComponentChildren } from 'preact';
import { IsInTable } from './time.tsx';

export interface Column<Row> {
  readonly id: string;
  readonly head: string;
  readonly cell: (row: Row) => ComponentChildren;
  /** Right-aligned. */
  readonly isNumber?: boolean;
  /** The head of the row, and the title of its card. One column of a table. */
  readonly isHead?: boolean;
}

interface TableProps<Row> {
  readonly caption: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string;
}

/** Below 640 px rows are shown as cards. `display: block` removes the roles of a table, so they are set explicitly. */
const ROLES = {
  table: { role: 'table' },
  group: { role: 'rowgroup' },
  row: { role: 'row' },
  columnHead: { role: 'columnheader', scope: 'col' },
  rowHead: { role: 'rowheader', scope: 'row' },
  cell: { role: 'cell' },
} as const;

export function Table<Row>({ caption, columns, rows, keyOf }: TableProps<Row>) {
  return (
    <IsInTable.Provider value={true}>
      <table class="table" {...ROLES.table}>
        <caption class="hidden">{caption}</caption>
        <thead {...ROLES.group}>
          <tr {...ROLES.row}>
            {columns.map(({ id, head, isNumber }) => (
              <th key={id} class={isNumber ? 'number' : undefined} {...ROLES.columnHead}>
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody {...ROLES.group}>
          {rows.map((row) => (
            <tr key={keyOf(row)} {...ROLES.row}>
              {columns.map((column) => (
                <Cell key={column.id} column={column} row={row} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </IsInTable.Provider>
  );
}

function Cell<Row>({ column: { head, cell, isNumber, isHead }, row }: { column: Column<Row>; row: Row }) {
  if (isHead) return <th {...ROLES.rowHead}>{cell(row)}</th>;
  return (
    <td class={isNumber ? 'number' : undefined} data-label={head} {...ROLES.cell}>
      <div>{cell(row)}</div>
    </td>
  );
}
