import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const DOCUMENT = new URL('../../docs/security.md', import.meta.url);

/** `[outer › title](../test/file.test.ts)`, with the characters of the titles that Markdown escapes. */
const LINK = /\[((?:[^[\]\\]|\\.)+)\]\(([^)\s]+)\)/g;

const links = [...readFileSync(DOCUMENT, 'utf8').matchAll(LINK)].map(([, title = '', path = '']) => ({
  titles: title.replace(/\\(.)/g, '$1').split(' › '),
  file: new URL(path, DOCUMENT),
}));

/** A test's file as its titles read: without the escapes of its string literals. */
const textOf = (file: URL) => readFileSync(file, 'utf8').replaceAll("\\'", "'");

describe('the tests that docs/security.md names', () => {
  it('exist, under these titles', () => {
    const tests = links.filter(({ file }) => file.pathname.endsWith('.test.ts'));
    const missing = tests.filter(
      ({ titles, file }) => !existsSync(file) || !titles.every((title) => textOf(file).includes(title)),
    );

    expect(tests.length).toBeGreaterThan(100);
    expect(missing.map(({ titles, file }) => `${titles.join(' › ')} in ${file.pathname}`)).toEqual([]);
  });

  it('and every other file that it links to exists', () => {
    const missing = links.filter(({ file }) => file.protocol === 'file:' && !existsSync(file));

    expect(missing.map(({ file }) => file.pathname)).toEqual([]);
  });
});
