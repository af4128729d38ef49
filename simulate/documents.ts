import type { TableStyle } from '../measurement/text-table.ts';
import { createBenchmarkTable } from './benchmark-load.ts';
import { isolationTables } from './format-isolation.ts';
import { scaleTables } from './format-scale.ts';
import { createOnsetTable, createSlowLaneTable } from './isolation-table.ts';
import { createScaleTable } from './scale-table.ts';

type CreateTables = (style: TableStyle) => ReadonlyMap<string, string>;

/** The documents that contain simulated tables, and a function for each that simulates its tables. */
export const DOCUMENTS: ReadonlyMap<string, CreateTables> = new Map<string, CreateTables>([
  ['docs/scale.md', (style) => scaleTables(createScaleTable(), style)],
  [
    'docs/isolation.md',
    (style) =>
      isolationTables(
        {
          onsets: createOnsetTable(),
          slowLane: createSlowLaneTable(),
          benchmarkLoad: createBenchmarkTable(),
        },
        style,
      ),
  ],
]);
