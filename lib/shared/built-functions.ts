import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliDecompressSync } from 'node:zlib';
import { parseTar } from 'nanotar';

/** The built functions of a checkout: `<step>/index.mjs`, and the files beside it. */
export const FUNCTIONS = fileURLToPath(new URL('../../dist/functions/', import.meta.url));

/** The same files in the package: a tar, compressed with Brotli. */
export const FUNCTIONS_ARCHIVE = fileURLToPath(new URL('../../dist/functions.tar.br', import.meta.url));

/**
 * The directory of the files of the operators' screens in the console, beside the functions. Only the command serves
 * them. The files for customers are in `serve-console`.
 */
export const OPERATOR_FILES = 'operators-console';

/** Contents by the path in the function's code, with `/` between its parts. */
export type FunctionFiles = ReadonlyMap<string, Uint8Array>;

export interface BuiltFunction {
  /** The directory of the step in a checkout, that of the archive in the package: CDK accepts no file. Absolute path. */
  readonly source: string;
  readonly files: FunctionFiles;
}

/** Unpacked once for each process: every step is read from it. */
let archive: ReadonlyMap<string, Uint8Array> | undefined;

/**
 * The built files of a step. `directory` is the checkout's; the package has no such directory, and its archive is read.
 * Throws when the step was not built.
 */
export function readBuiltFunction(step: string, directory: string = FUNCTIONS): BuiltFunction {
  const source = join(directory, step);
  if (existsSync(source)) return { source, files: readFiles(source) };
  if (directory === FUNCTIONS && existsSync(FUNCTIONS_ARCHIVE)) {
    archive ??= unpackFunctions(readFileSync(FUNCTIONS_ARCHIVE));
    const files = filesIn(archive, step);
    if (files.size > 0) return { source: dirname(FUNCTIONS_ARCHIVE), files };
  }
  throw new Error(
    `${source} does not exist; build the functions with "npm run build", or reinstall webhook-fanout`,
  );
}

/** The files of an archive that `packFunctions` wrote, by `<step>/<path>`. */
export function unpackFunctions(compressed: Uint8Array): ReadonlyMap<string, Uint8Array> {
  // A copy: the library would read the whole memory that a Buffer shares with others.
  const tar = new Uint8Array(brotliDecompressSync(compressed));
  return new Map(parseTar(tar).map(({ name, data }) => [name, data ?? new Uint8Array()]));
}

function filesIn(all: ReadonlyMap<string, Uint8Array>, step: string): FunctionFiles {
  const prefix = `${step}/`;
  return new Map(
    [...all].flatMap(([name, data]) => (name.startsWith(prefix) ? [[name.slice(prefix.length), data]] : [])),
  );
}

/** All files in a directory and in the directories in it, in the order of their paths. */
export function readFiles(directory: string): FunctionFiles {
  const files = readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(join(directory, name)).isFile())
    .map((name) => [name.split(sep).join('/'), readFileSync(join(directory, name))] as const);
  return new Map(files.toSorted(([one], [other]) => (one < other ? -1 : 1)));
}
