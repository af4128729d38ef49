import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { findProblems, renderIndex } from '../../checks/security-index/index-document.ts';
import {
  INDEX_DOCUMENT,
  readSecurityIndex,
  SECURITY_DOCUMENT,
} from '../../checks/security-index/repository.ts';
import { parseRows } from '../../checks/security-index/rows.ts';
import { findNamedTests } from '../../checks/security-index/titles.ts';

describe('docs/security.md', () => {
  const index = readSecurityIndex();

  it('has a test for each row, and no test names an unknown row', () => {
    expect(index.rows.length).toBeGreaterThan(90);
    expect(findProblems(index.rows, index.tests)).toEqual({ rowsWithoutTest: [], testsOfUnknownRows: [] });
  });

  it('has a current index of its tests: run `npm run security-index`', () => {
    expect(readFileSync(INDEX_DOCUMENT, 'utf8')).toBe(index.text);
  });

  it('links only to files that exist', () => {
    const links = [...readFileSync(SECURITY_DOCUMENT, 'utf8').matchAll(/\]\(([^)\s]+)\)/g)];
    const files = links.map(([, path = '']) => new URL(path, SECURITY_DOCUMENT));

    expect(files.filter(({ protocol }) => protocol === 'file:').length).toBeGreaterThan(0);
    expect(files.filter((file) => file.protocol === 'file:' && !existsSync(file))).toEqual([]);
  });
});

describe('the rows', () => {
  it('are read with their section, and a pipe in a cell does not end it', () => {
    const rows = parseRows('## 1. URLs\n\n| id | what |\n| --- | --- |\n| URL-7 | `a\\|b` | Refused. |\n');

    expect(rows).toEqual([{ id: 'URL-7', section: '1. URLs', input: '`a\\|b`' }]);
  });

  it.each([
    ['| URL-1 | a |\n| URL-1 | b |', 'Two rows have the id URL-1.'],
    ['| url 1 | a |', '"url 1" is not a row id. A row id has the form URL-3.'],
  ])('%j are refused', (markdown, message) => {
    expect(() => parseRows(markdown)).toThrow(message);
  });
});

describe('the tests of a file', () => {
  it.each([
    ["it('is refused [URL-3]', () => {});", ['is refused'], ['URL-3']],
    ["it.each([1])('port %s [URL-3, NET-12]', () => {});", ['port %s'], ['URL-3', 'NET-12']],
    [`describe('a URL', () => { it(\`of \${1} [URL-3]\`); });`, ['a URL', 'of …'], ['URL-3']],
    ["describe.each([1])('a %s', () => { test('is [API-1]'); });", ['a %s', 'is'], ['API-1']],
  ])('are found by their titles: %s', (source, titles, rowIds) => {
    expect(findNamedTests('a.test.ts', source)).toEqual([{ file: 'a.test.ts', titles, rowIds }]);
  });

  it.each([
    "it('without an id', () => {});",
    "it.skip('that does not run [URL-3]', () => {});",
    "describe.skip('none of these', () => { it('runs [URL-3]', () => {}); });",
    "// it('is a comment [URL-3]');",
  ])('are not these: %s', (source) => {
    expect(findNamedTests('a.test.ts', source)).toEqual([]);
  });

  it.each([
    "describe('a suite [URL-3]', () => {});",
    "const title = 'is refused [URL-3]'; it(title, () => {});",
  ])('are refused when the row ids are elsewhere: %s', (source) => {
    expect(() => findNamedTests('a.test.ts', source)).toThrow('at the end of the title of a test');
  });
});

describe('the index', () => {
  const row = { id: 'URL-3', section: '1. URLs', input: 'a port' };

  it('names the tests of each row by file', () => {
    const text = renderIndex(
      [row, { ...row, id: 'URL-4', input: 'a name' }],
      [
        { file: 'test/b.test.ts', titles: ['a *URL*', 'of port %s'], rowIds: ['URL-3'] },
        { file: 'test/a.test.ts', titles: ['both'], rowIds: ['URL-3', 'URL-4'] },
      ],
    );

    expect(text.slice(text.indexOf('## '))).toBe(
      [
        '## 1. URLs\n',
        '### URL-3\n',
        'a port\n',
        '- [test/a.test.ts](../test/a.test.ts)',
        '  - both',
        '- [test/b.test.ts](../test/b.test.ts)',
        '  - a \\*URL\\* › of port %s\n',
        '### URL-4\n',
        'a name\n',
        '- [test/a.test.ts](../test/a.test.ts)',
        '  - both\n',
      ].join('\n'),
    );
  });

  it('reports rows without a test, and tests of unknown rows', () => {
    const tests = [{ file: 'a.test.ts', titles: ['outer', 'inner'], rowIds: ['URL-99'] }];

    expect(findProblems([row], tests)).toEqual({
      rowsWithoutTest: ['URL-3'],
      testsOfUnknownRows: ['URL-99: a.test.ts: outer › inner'],
    });
  });
});
