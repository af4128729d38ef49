import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type FunctionFiles, readFiles } from '../lib/shared/built-functions.ts';
import type { BundledCode } from './notices.ts';
import { hashOf, sourcesIn, throwForUnhashed } from './sources.ts';

const PROJECT = fileURLToPath(new URL('../', import.meta.url));
const CONSOLE = path.join(PROJECT, 'console');
const BUNDLE_CONSOLE = fileURLToPath(new URL('./bundle-console.ts', import.meta.url));

/** One directory for each state of the sources. */
const BUILDS = path.join(PROJECT, 'dist', 'console-builds');
const FILES = 'files';
const CODE = 'code.json';

/** The console imports rules of the domain, and displays the example receivers. */
const SOURCES = [
  CONSOLE,
  path.join(PROJECT, 'lambdas/shared/domain'),
  path.join(PROJECT, 'examples/receivers'),
];

/** Further inputs of the build: the versions of packages, the options of the compiler, and the build's own code. */
const OTHER_INPUTS = [
  path.join(PROJECT, 'package-lock.json'),
  path.join(PROJECT, 'tsconfig.json'),
  BUNDLE_CONSOLE,
  path.join(PROJECT, 'lambdas/serve-console/static-files.ts'),
];

/** The directory of the files that only operators load. `console/vite.config.ts` sets it. */
const OPERATOR_ASSETS = 'operator-assets/';

/** Whether only operators load the file. `name`: a path below `/console/`. */
export function isOfOperators(name: string): boolean {
  return name.startsWith(OPERATOR_ASSETS);
}

export interface BuiltConsole {
  /** Keys are paths below `/console/`. Contents are compressed. */
  readonly files: FunctionFiles;
  /** The modules that each file contains. */
  readonly code: BundledCode;
}

/**
 * Builds the console with Vite, in a process of its own: the result depends on `NODE_ENV`. It is built again only when
 * a source has changed, since every synth in a checkout needs it. Several processes may build at the same time.
 */
export async function buildConsole(): Promise<BuiltConsole> {
  const inputs = [...(await Promise.all(SOURCES.map(sourcesIn))).flat(), ...OTHER_INPUTS];
  const directory = path.join(BUILDS, await hashOf(inputs));
  if (!existsSync(directory)) await buildInto(directory);
  const code: BundledCode = JSON.parse(await readFile(path.join(directory, CODE), 'utf8'));
  throwForUnhashed(code.outputs, inputs, 'add its folder to SOURCES of build/console.ts');
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
    // Another process may have completed the same build meanwhile.
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
