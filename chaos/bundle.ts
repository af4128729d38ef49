import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { BUNDLE_OPTIONS } from '../lib/shared/bundle.ts';
import type { FunctionCode } from './load-functions.ts';

const ENTRY = fileURLToPath(new URL('./functions.ts', import.meta.url));

/** The functions' code, bundled with the very options of what is shipped. */
export async function bundleFunctions(): Promise<FunctionCode> {
  const directory = await mkdtemp(path.join(tmpdir(), 'chaos-bundle-'));
  try {
    const outfile = path.join(directory, 'functions.mjs');
    await build({ ...BUNDLE_OPTIONS, entryPoints: [ENTRY], outfile });
    return await import(pathToFileURL(outfile).href);
  } finally {
    await rm(directory, { recursive: true });
  }
}
