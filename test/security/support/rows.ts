import { existsSync, readFileSync } from 'node:fs';
import { readTitles } from './titles.ts';

export const ROOT = new URL('../../../', import.meta.url);
export const DOCUMENT = 'docs/security.md';

export interface NamedTest {
  readonly file: string;
  /** `what › it does`, as it is written: `%s` and all. */
  readonly title: string;
}

/** One row of the document's tables: what comes, what happens, and the tests that show it. */
export interface Row {
  readonly section: string;
  readonly name: string;
  readonly happens: string;
  readonly tests: readonly NamedTest[];
}

const LINK = /\[((?:[^\]\\]|\\.)+)\]\(\.\.\/(test\/[^)]+)\)/g;

export function readRows(): Row[] {
  let section = '';
  const markdown = readFileSync(new URL(DOCUMENT, ROOT), 'utf8');
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

export function titlesIn(file: string): string[] {
  const url = new URL(file, ROOT);
  return existsSync(url) ? readTitles(readFileSync(url, 'utf8')) : [];
}
