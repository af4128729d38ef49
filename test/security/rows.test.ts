import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { MUTATIONS } from './mutations/index.ts';
import { DOCUMENT, ROOT, readRows, titlesIn } from './support/rows.ts';
import { readTitles } from './support/titles.ts';

const rows = readRows();

describe(DOCUMENT, () => {
  it('has all its rows', () => {
    const counts = Object.fromEntries(
      [...Map.groupBy(rows, ({ section }) => section)].map(([section, { length }]) => [section, length]),
    );

    expect(counts).toEqual({
      '1. URLs that a customer brings': 15,
      '2. The connection to an endpoint': 17,
      '3. Headers, payloads, secrets and the API': 15,
      '4. Faults': 31,
    });
  });

  it.each(rows.map((row) => [row.name, row] as const))('says what happens, and shows it: %s', (_, row) => {
    expect(row.happens).not.toBe('');
    expect(row.tests).not.toEqual([]);
    expect(row.tests.filter(({ file, title }) => !titlesIn(file).includes(title))).toEqual([]);
  });
});

/** `npm run mutations` carries them out. */
describe('the mutations that show that the tests notice', () => {
  it('are there for every row, and for no other', () => {
    expect(Object.keys(MUTATIONS).toSorted()).toEqual(rows.map(({ name }) => name).toSorted());
  });

  it.each(Object.entries(MUTATIONS))('still have a place in the code: %s', (_, mutations) => {
    expect(mutations).not.toEqual([]);
    for (const { file, take, put } of mutations) {
      const parts = readFileSync(new URL(file, ROOT), 'utf8').split(take);
      expect(parts.length - 1, `"${take}" in ${file}`).toBe(1);
      expect(put).not.toBe(take);
    }
  });
});

describe('the titles of a test file', () => {
  it.each([
    ['a test', "describe('a', () => { it('does b', () => {}) })", ['a › does b']],
    [
      'a table of cases',
      "describe('a', () => { it.each([['x', (y)]])('does %s', () => {}) })",
      ['a › does %s'],
    ],
    [
      'a table of objects over lines',
      "describe('a', () => { it.for([\n{ x: f(1) },\n])(\n'b',\n) })",
      ['a › b'],
    ],
    ['quotes of every kind', 'describe("it\'s", () => { it(`says "b"`) })', ['it\'s › says "b"']],
    ['escapes', "describe('a', () => { it('it\\'s b') })", ["a › it's b"]],
    ['concurrent ones', "describe.concurrent('a', () => { it('b') })", ['a › b']],
    ['one that is skipped, which shows nothing', "describe('a', () => { it.skip('b') })", []],
    ['a second subject', "describe('a', () => it('b'))\ndescribe('c', () => it('d'))", ['a › b', 'c › d']],
  ])('are found for %s', (_, source, titles) => {
    expect(readTitles(source)).toEqual(titles);
  });
});
