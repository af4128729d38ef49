import { chmodSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { buildSync, type Metafile } from 'esbuild';

const PROJECT = fileURLToPath(new URL('../', import.meta.url));

/** CommonJS dependencies call `require`, which ES modules do not have. The long name avoids collisions. */
const BANNER = `import{createRequire as createRequireOfBundle}from'node:module';const require=createRequireOfBundle(import.meta.url);`;

/**
 * Writes the command `webhook-fanout` with everything that it imports as one executable file, for Node 20 and newer. The
 * modules of a verb, and so the AWS clients, are evaluated only when the verb is used.
 *
 * `outputFile` ends with `.mjs`. Returns esbuild's list of the inputs, for the notices of third parties.
 */
export function bundleCommand(outputFile: string): Metafile {
  const { metafile } = buildSync({
    absWorkingDir: PROJECT,
    entryPoints: ['bin/webhook-fanout.ts'],
    outfile: outputFile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    minify: true,
    mainFields: ['module', 'main'],
    inject: ['command/node-20.ts'],
    // As in the functions' bundles: undici's parser for CPUs without SIMD, and an experimental one.
    external: ['*/llhttp/llhttp-wasm.js'],
    define: { esbuildDetection: 'true' },
    banner: { js: BANNER },
    legalComments: 'none',
    logLevel: 'warning',
    metafile: true,
  });
  chmodSync(outputFile, 0o755);
  return metafile;
}
