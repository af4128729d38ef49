import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readTitles } from './support/titles.ts';

const ROOT = new URL('../../', import.meta.url);
const DOCUMENT = 'docs/security.md';

interface Row {
  readonly section: string;
  readonly name: string;
  readonly happens: string;
  readonly tests: readonly { readonly file: string; readonly title: string }[];
}

const LINK = /\[((?:[^\]\\]|\\.)+)\]\(\.\.\/(test\/[^)]+)\)/g;

/** The rows of the document's tables: what comes, what happens, and the tests that show it. */
function readRows(markdown: string): Row[] {
  let section = '';
  return markdown.split('\n').flatMap((line): Row[] => {
    if (line.startsWith('## ')) section = line.slice('## '.length);
    if (!line.startsWith('| ') || line.startsWith('| ---')) return [];
    const [, name = '', happens = '', tests = ''] = line.split(/(?<!\\)\|/).map((cell) => cell.trim());
    // A heading has no row of its own.
    if (tests === 'shown by') return [];
    const links = [...tests.matchAll(LINK)].map(([, title = '', file = '']) => ({
      title: title.replaceAll(/\\([[\]|*_])/g, '$1'),
      file,
    }));
    return [{ section, name, happens, tests: links }];
  });
}

const rows = readRows(readFileSync(new URL(DOCUMENT, ROOT), 'utf8'));

function titlesIn(file: string): string[] {
  const url = new URL(file, ROOT);
  return existsSync(url) ? readTitles(readFileSync(url, 'utf8')) : [];
}

describe(DOCUMENT, () => {
  it('has all its rows', () => {
    const counts = Object.fromEntries(
      [...Map.groupBy(rows, ({ section }) => section)].map(([section, { length }]) => [section, length]),
    );

    expect(counts).toEqual({
      '1. URLs that a customer brings': 14,
      '2. The connection to an endpoint': 16,
      '3. Headers, payloads, secrets and the API': 12,
      '4. Faults': 27,
    });
  });

  it.each(rows.map((row) => [row.name, row] as const))('says what happens, and shows it: %s', (_, row) => {
    expect(row.happens).not.toBe('');
    expect(row.tests).not.toEqual([]);
    expect(row.tests.filter(({ file, title }) => !titlesIn(file).includes(title))).toEqual([]);
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
