import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import type { FunctionCode } from './load-functions.ts';

const ENTRY = fileURLToPath(new URL('./functions.ts', import.meta.url));

/** As the functions' own bundles: `lib/shared/function.ts` says why. */
const REQUIRE_BANNER =
  "import{createRequire as createRequireOfBundle}from'node:module';const require=createRequireOfBundle(import.meta.url);";

/** The functions' code as it is shipped: one minified ES module, with the SDK in it. */
export async function bundleFunctions(): Promise<FunctionCode> {
  const directory = await mkdtemp(path.join(tmpdir(), 'chaos-bundle-'));
  try {
    const outfile = path.join(directory, 'functions.mjs');
    await build({
      entryPoints: [ENTRY],
      outfile,
      bundle: true,
      platform: 'node',
      format: 'esm',
      target: 'node24',
      minify: true,
      mainFields: ['module', 'main'],
      banner: { js: REQUIRE_BANNER },
      logLevel: 'warning',
    });
    return await import(pathToFileURL(outfile).href);
  } finally {
    await rm(directory, { recursive: true });
  }
}
