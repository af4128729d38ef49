import { describe, expect, it } from 'vitest';
import { count, duration, factor, percent, roundedDown } from '../../measurement/format-number.ts';
import { formatTable } from '../../measurement/text-table.ts';

const ROWS = [
  ['first', '1'],
  ['second, longer', '1,000'],
];

describe('a table', () => {
  it('aligns words to the left and numbers to the right', () => {
    expect(formatTable({ head: ['name', 'count'], rows: ROWS, words: [0] }, 'text')).toBe(
      ['name            count', 'first               1', 'second, longer  1,000'].join('\n'),
    );
  });

  it('needs no head', () => {
    expect(formatTable({ rows: ROWS, words: [0, 1] }, 'text')).toBe(
      ['first           1', 'second, longer  1,000'].join('\n'),
    );
    expect(formatTable({ rows: [], words: [0] }, 'text')).toBe('');
  });

  it('can be markdown', () => {
    expect(formatTable({ head: ['name', 'count'], rows: ROWS, words: [0] }, 'markdown')).toBe(
      ['| name | count |', '| --- | ---: |', '| first | 1 |', '| second, longer | 1,000 |'].join('\n'),
    );
  });
});

describe('a number in a table', () => {
  it('is formatted by its kind', () => {
    expect([count(1234.5), percent(0.05), factor(1.25), factor(12), duration(999), duration(1_500)]).toEqual([
      ...['1,235', '5 %', '1.3×', '12×', '999 ms', '1.5 s'],
    ]);
  });

  it('that is a limit is rounded down to two digits', () => {
    expect([roundedDown(1_999), roundedDown(99), roundedDown(7)]).toEqual(['1,900', '99', '7']);
  });
});
