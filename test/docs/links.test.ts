import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { run } from '../../command/main.ts';
import { ROUTES } from '../../lambdas/serve-api/routes.ts';
import { brokenLinks } from '../support/broken-links.ts';

const DOCUMENTS = globSync([
  '*.md',
  'docs/**/*.md',
  '.github/*.md',
  'console/README.md',
  'package/README.md',
  'examples/**/*.md',
]);
const read = (file: string): string => readFileSync(file, 'utf8');

/** A path of this repository in a code span: it has a slash and no spaces, patterns or placeholders. */
const PATH =
  /`((?:bench|bin|build|chaos|checks|command|docs|examples|lambdas|lib|local|measurement|simulate|test|tools)\/[^`\s*<…]*)`/g;

describe('the documents', () => {
  it.each(DOCUMENTS)('%s links only to files and headings that exist', (file) => {
    // package/ is packed together with docs/, as build/documents.ts says.
    const folder = file === 'package/README.md' ? '.' : dirname(file);

    expect(brokenLinks(file, folder)).toEqual([]);
  });

  it.each(['CONTRIBUTING.md', 'docs/architecture.md', 'docs/settings.md'])(
    '%s names only files that exist',
    (file) => {
      const paths = [...read(file).matchAll(PATH)].map(([, path = '']) => path);

      expect(paths.length).toBeGreaterThan(4);
      expect(paths.filter((path) => !existsSync(path))).toEqual([]);
    },
  );

  it.each(['CONTRIBUTING.md', 'console/README.md'])('%s names only npm scripts that exist', (file) => {
    const scriptsOf = (folder: string): object => JSON.parse(read(`${folder}package.json`)).scripts;
    const named = [...read(file).matchAll(/\bnpm run ([a-z:-]+)(?: -w ([a-z]+))?/g)].map(
      ([, name = '', workspace]) => ({ name, folder: workspace === undefined ? '' : `${workspace}/` }),
    );

    expect(named.length).toBeGreaterThan(2);
    expect(named.filter(({ name, folder }) => !Object.hasOwn(scriptsOf(folder), name))).toEqual([]);
  });

  it.each(['README.md', 'docs/publishing.md', 'docs/webhooks.md', 'docs/command.md', 'docs/runbook.md'])(
    '%s calls the command with verbs and options that exist',
    async (file) => {
      const known = await commandWords();
      const calls = [...read(file).matchAll(/\bwebhook-fanout ([a-z][a-z-]*.*)/g)].map(
        ([, call = '']) => call,
      );

      const wrong = calls.filter((call) => {
        const [verb = '', inner = '', ...rest] = call.replace(/[`#].*|'[^']*'/g, '').split(/[\s)]+/);
        const path = known[` ${verb} ${inner}`] === undefined ? ` ${verb}` : ` ${verb} ${inner}`;
        const options = [inner, ...rest].filter((word) => word.startsWith('--'));
        return options.some((option) => !known[path]?.includes(option)) || known[path] === undefined;
      });
      expect(calls.length).toBeGreaterThan(0);
      expect(wrong).toEqual([]);
    },
  );

  it('README.md has every call of the API in a table', () => {
    const withoutNames = (call: string): string => call.replace(/\{\w+\}/g, '{}');
    const rows = read('README.md')
      .split('\n')
      .filter((line) => line.startsWith('| `'))
      .map((row) => withoutNames(row.replaceAll('…/{id}', '/v1/webhooks/{id}')));
    const calls = ROUTES.map(({ method, path }) => withoutNames(`\`${method} ${path}\``));

    expect(calls.filter((call) => !rows.some((row) => row.includes(call)))).toEqual([]);
  });

  it.each(['README.md', 'docs/command.md'])('%s has every verb of the command in a table', async (file) => {
    const rows = read(file)
      .split('\n')
      .filter((line) => line.startsWith('| `'));
    const names = Object.keys(await commandWords()).filter((path) => /^ \S+$/.test(path));

    expect(names.filter((name) => !rows.some((row) => row.includes(`\`${name.trim()}`)))).toEqual([]);
  });
});

/** The words that may follow each path of verbs, such as ` keys create`. */
async function commandWords(): Promise<Readonly<Record<string, readonly string[]>>> {
  let words = '';
  await run(['completion', 'bash', '--json'], {
    out: (text) => {
      words += text;
    },
    error: () => undefined,
    isTerminal: false,
  });
  return JSON.parse(words);
}
