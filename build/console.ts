import { execFile } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type FunctionFiles, readFiles } from '../lib/shared/built-functions.ts';
import type { BundledCode } from './notices.ts';

const PROJECT = fileURLToPath(new URL('../', import.meta.url));
const CONSOLE = path.join(PROJECT, 'console');
const BUNDLE_CONSOLE = fileURLToPath(new URL('./bundle-console.ts', import.meta.url));

/** One directory for each state of the sources. */
const BUILDS = path.join(PROJECT, 'dist', 'console-builds');
const FILES = 'files';
const CODE = 'code.json';

/** The console imports rules of the domain, and shows the receivers. */
const SOURCES = [
  CONSOLE,
  path.join(PROJECT, 'lambdas/shared/domain'),
  path.join(PROJECT, 'examples/receivers'),
];

/** What the files depend on, besides the sources: the versions of packages, the options of the compiler, and the build itself. */
const OTHER_INPUTS = [
  path.join(PROJECT, 'package-lock.json'),
  path.join(PROJECT, 'tsconfig.json'),
  BUNDLE_CONSOLE,
];

const NOT_SOURCES = new Set(['node_modules', 'dist', 'README.md']);

export interface BuiltConsole {
  /** By the path below `/console/`. */
  readonly files: FunctionFiles;
  /** What the files contain. */
  readonly code: BundledCode;
}

/**
 * Builds the console with Vite, in a process of its own: the result depends on `NODE_ENV`. It is built again only when
 * a source has changed, since every synth in a checkout needs it. Several processes may build at the same time.
 */
export async function buildConsole(): Promise<BuiltConsole> {
  const inputs = [...(await Promise.all(SOURCES.map(filesIn))).flat(), ...OTHER_INPUTS];
  const directory = path.join(BUILDS, await hashOf(inputs));
  if (!existsSync(directory)) await buildInto(directory);
  const code: BundledCode = JSON.parse(await readFile(path.join(directory, CODE), 'utf8'));
  throwForUnknown(code, inputs);
  return { files: readFiles(path.join(directory, FILES)), code };
}

async function buildInto(directory: string): Promise<void> {
  const temporary = path.join(BUILDS, `${randomUUID()}.tmp`);
  await mkdir(temporary, { recursive: true });
  try {
    const outputs = [path.join(temporary, FILES), path.join(temporary, CODE)];
    await promisify(execFile)(process.execPath, [BUNDLE_CONSOLE, ...outputs], {
      cwd: PROJECT,
      env: { ...process.env, NODE_ENV: 'production' },
    });
    // Another process may have built the same meanwhile.
    if (!existsSync(directory))
      await rename(temporary, directory).catch(throwUnless(() => existsSync(directory)));
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

function throwUnless(isFine: () => boolean): (error: unknown) => void {
  return (error) => {
    if (!isFine()) throw error;
  };
}

/** A source that is not hashed could change without a new build. */
function throwForUnknown({ outputs }: BundledCode, inputs: readonly string[]): void {
  const known = new Set(inputs.map((file) => path.relative(PROJECT, file)));
  for (const { inputs: modules } of Object.values(outputs)) {
    for (const [name = ''] of Object.keys(modules).map((id) => id.split('?'))) {
      if (!known.has(name) && !name.includes('node_modules/'))
        throw new Error(`the console contains ${name}: add its folder to SOURCES of build/console.ts`);
    }
  }
}

async function hashOf(inputs: readonly string[]): Promise<string> {
  const hash = createHash('sha256');
  for (const file of inputs) {
    hash.update(`${path.relative(PROJECT, file)}\0`);
    hash.update(await readFile(file));
    hash.update('\0');
  }
  return hash.digest('hex').slice(0, 16);
}

async function filesIn(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { withFileTypes: true });
  const found = await Promise.all(
    entries
      .filter(({ name }) => !NOT_SOURCES.has(name))
      .map((entry) => {
        const file = path.join(directory, entry.name);
        return entry.isDirectory() ? filesIn(file) : [file];
      }),
  );
  return found.flat().toSorted();
}
