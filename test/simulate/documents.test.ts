import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { DOCUMENTS } from '../../simulate/documents.ts';
import { isolationTables } from '../../simulate/format-isolation.ts';
import { scaleTables } from '../../simulate/format-scale.ts';
import { replaceTables } from '../../simulate/replace-tables.ts';

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

const NO_ROWS = new Map([
  ['docs/scale.md', scaleTables([], 'markdown')],
  ['docs/isolation.md', isolationTables({ onsets: [], slowLane: [], benchmarkLoad: [] }, 'markdown')],
]);

describe('the documents with simulated tables', () => {
  it.each([...DOCUMENTS.keys()])('%s has exactly one place for each of its tables', (path) => {
    const tables = NO_ROWS.get(path) ?? new Map();

    expect(tables.size).toBeGreaterThan(0);
    expect(() => replaceTables(read(path), tables)).not.toThrow();
  });

  it('docs/scale.md states the events of one account that follow from the size of a webhook', () => {
    const accounts = scaleTables([], 'markdown').get('accounts') ?? '';

    expect(replaceTables(read('docs/scale.md'), new Map([['accounts', accounts]]))).toBe(
      read('docs/scale.md'),
    );
  });
});
