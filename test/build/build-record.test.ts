import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readBuild, replaceFile, writeBuild } from '../../build/build-record.ts';
import { hashOf, sourcesIn, throwForUnhashed } from '../../build/sources.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const METAFILES = [{ inputs: {}, outputs: {} }];

async function givenBuild() {
  const directory = temporaryDirectory();
  const record = join(directory, 'build.json');
  const files = ['one.mjs', 'two.mjs'].map((name) => join(directory, name));
  for (const file of files) await replaceFile(file, directory, Buffer.from(`export const name = '${file}';`));
  await writeBuild(record, directory, { sources: 'first', files, metafiles: METAFILES });
  return { record, files };
}

describe('a build of the functions', () => {
  it('is used while its sources and its files are the same', async () => {
    const { record, files } = await givenBuild();

    expect(await readBuild(record, 'first', files)).toEqual(METAFILES);
  });

  it('is not used when a source has changed', async () => {
    const { record, files } = await givenBuild();

    expect(await readBuild(record, 'second', files)).toBeUndefined();
  });

  it.each([
    ['was changed by another process', (file: string) => writeFileSync(file, 'export {};')],
    ['was removed', (file: string) => rmSync(file)],
  ])('is not used when one of its files %s', async (_, change) => {
    const { record, files } = await givenBuild();

    change(files[1] ?? '');

    expect(await readBuild(record, 'first', files)).toBeUndefined();
  });

  it('is not used when there is none', async () => {
    expect(await readBuild(join(temporaryDirectory(), 'build.json'), 'first', [])).toBeUndefined();
  });
});

describe('the sources of a build', () => {
  it('have another hash when a file has another content or another name, or when one is added', async () => {
    const directory = temporaryDirectory();
    const write = (name: string, text: string): void => writeFileSync(join(directory, name), text);
    const hash = async () => hashOf(await sourcesIn(directory));
    mkdirSync(join(directory, 'inner'));
    write('inner/a.ts', 'a');
    const hashes = [await hash()];

    write('inner/a.ts', 'b');
    hashes.push(await hash());
    write('b.ts', 'b');
    hashes.push(await hash());
    rmSync(join(directory, 'inner/a.ts'));
    hashes.push(await hash());

    expect(new Set(hashes).size).toBe(4);
  });

  it('are all that a bundle contains, besides packages', () => {
    const bundleOf = (...names: string[]) => ({
      'index.mjs': { inputs: Object.fromEntries(names.map((name) => [name, {}])) },
    });
    const hashed = [join(process.cwd(), 'lambdas/a.ts')];

    throwForUnhashed(bundleOf('lambdas/a.ts', 'node_modules/zod/index.js'), hashed, 'hash it');
    expect(() => throwForUnhashed(bundleOf('lib/b.ts'), hashed, 'hash it')).toThrow(
      'a bundle contains lib/b.ts: hash it',
    );
  });
});
