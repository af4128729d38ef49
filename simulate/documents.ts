import type { TableStyle } from '../figures/text-table.ts';
import { isolationTables } from './format-isolation.ts';
import { scaleTables } from './format-scale.ts';
import { createOnsetTable, createSlowLaneTable } from './isolation-table.ts';
import { createScaleTable } from './scale-table.ts';

/** The documents that hold simulated tables, with a function that makes the tables of each. */
export const DOCUMENTS: ReadonlyMap<string, (style: TableStyle) => ReadonlyMap<string, string>> = new Map([
  ['docs/scale.md', (style: TableStyle) => scaleTables(createScaleTable(), style)],
  [
    'docs/isolation.md',
    (style: TableStyle) =>
      isolationTables({ onsets: createOnsetTable(), slowLane: createSlowLaneTable() }, style),
  ],
]);
