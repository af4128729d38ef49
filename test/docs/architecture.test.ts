import { globSync, readFileSync } from 'node:fs';
import { dirname, normalize } from 'node:path';
import { expect, it } from 'vitest';

/** `import … from './a.ts'`, `export … from './a.ts'`, `import './a.ts'`, `import('./a.ts')` and `typeof import('./a.ts')`. */
const RELATIVE_IMPORT = /(?:\bfrom|\bimport)\s*\(?\s*'(?<path>\.[^']*)'/g;

const SOURCES = globSync('*/**/*.{ts,tsx,mjs}', { exclude: ['**/node_modules', 'dist', 'coverage'] }).filter(
  (file) => !file.startsWith('test/'),
);
const IMPORTS = SOURCES.flatMap((file) =>
  [...readFileSync(file, 'utf8').matchAll(RELATIVE_IMPORT)].map(({ groups }) => ({
    file,
    imported: normalize(`${dirname(file)}/${groups?.path}`),
  })),
);

/** The imports by files of `folder` of something outside of `allowed`. */
function importsOf(folder: string, isAllowed: (imported: string) => boolean): string[] {
  return IMPORTS.filter(({ file, imported }) => file.startsWith(folder) && !isAllowed(imported)).map(
    ({ file, imported }) => `${file} imports ${imported}`,
  );
}

const isBelow =
  (...folders: readonly string[]) =>
  (path: string): boolean =>
    folders.some((folder) => path.startsWith(folder));

it('the sources import nothing of the tests', () => {
  expect(new Set(SOURCES.map((file) => file.split('/')[0]))).toEqual(
    new Set([
      ...[
        'bench',
        'bin',
        'build',
        'chaos',
        'checks',
        'command',
        'console',
        'examples',
        'fixtures',
        'lambdas',
      ],
      ...['lib', 'local', 'measurement', 'package', 'simulate', 'tools'],
    ]),
  );
  expect(IMPORTS.length).toBeGreaterThan(1_000);
  expect(importsOf('', (path) => !isBelow('test/')(path))).toEqual([]);
});

it('the domain imports no other folder', () => {
  expect(importsOf('lambdas/shared/domain/', isBelow('lambdas/shared/domain/'))).toEqual([]);
});

it('the functions import no other folder but the catalogue', () => {
  expect(importsOf('lambdas/', isBelow('lambdas/', 'event-types.json'))).toEqual([]);
});

it('a function imports nothing of another function', () => {
  for (const folder of globSync('lambdas/*/').map((path) => `${path.replace(/\/$/, '')}/`)) {
    expect(
      importsOf(folder, (path) => !path.startsWith('lambdas/') || isBelow(folder, 'lambdas/shared/')(path)),
    ).toEqual([]);
  }
});

it('the console imports examples, types of the operators calls and pure code of the domain', () => {
  const allowed = ['console/', 'examples/', 'command/console/views.ts', 'lambdas/shared/domain/'];

  expect(importsOf('console/src/', isBelow(...allowed))).toEqual([]);
});

it('only the tools for its documents import the console', () => {
  const isOfConsole = isBelow('console/');
  const mayImport = isBelow('console/', 'tools/');

  expect(IMPORTS.filter(({ file, imported }) => isOfConsole(imported) && !mayImport(file))).toEqual([]);
});
