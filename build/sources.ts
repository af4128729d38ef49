import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const PROJECT = fileURLToPath(new URL('../', import.meta.url));

const NOT_SOURCES = new Set(['node_modules', 'dist', 'README.md']);

/** The inputs of each output, as in esbuild's metafile and in the console's. */
interface Outputs {
  readonly [file: string]: { readonly inputs: Readonly<Record<string, unknown>> };
}

/** Absolute paths of the sources in a directory and its subdirectories, in a fixed order. */
export async function sourcesIn(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { withFileTypes: true });
  const found = await Promise.all(
    entries
      .filter(({ name }) => !NOT_SOURCES.has(name))
      .map((entry) => {
        const file = path.join(directory, entry.name);
        return entry.isDirectory() ? sourcesIn(file) : [file];
      }),
  );
  return found.flat().toSorted();
}

/** The hash of the contents of these files and of their paths in the project. */
export async function hashOf(files: readonly string[]): Promise<string> {
  const hash = createHash('sha256');
  for (const file of files) {
    hash.update(`${path.relative(PROJECT, file)}\0`);
    hash.update(await readFile(file));
    hash.update('\0');
  }
  return hash.digest('hex').slice(0, 16);
}

/**
 * Throws when a bundle contains a source that is not among the hashed ones: it could change without a new build. The versions of
 * packages are in the lock file.
 */
export function throwForUnhashed(outputs: Outputs, hashed: readonly string[], toCorrect: string): void {
  const known = new Set(hashed.map((file) => path.relative(PROJECT, file)));
  for (const { inputs } of Object.values(outputs)) {
    for (const [name = ''] of Object.keys(inputs).map((id) => id.split('?'))) {
      if (!known.has(name) && !name.includes('node_modules/'))
        throw new Error(`a bundle contains ${name}: ${toCorrect}`);
    }
  }
}
