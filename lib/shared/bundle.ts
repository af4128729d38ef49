import { fileURLToPath } from 'node:url';
import { type AssetCode, Code } from 'aws-cdk-lib/aws-lambda';
import { AssetHashType, DockerImage } from 'aws-cdk-lib/core';
import { type BuildOptions, buildSync } from 'esbuild';

const LAMBDAS = fileURLToPath(new URL('../../lambdas/', import.meta.url));

/** CommonJS dependencies call `require`, which an ES module does not have. The long name collides with none. */
const REQUIRE_BANNER =
  "import{createRequire as createRequireOfBundle}from'node:module';const require=createRequireOfBundle(import.meta.url);";

/** How every function's code becomes one file. */
export const BUNDLE_OPTIONS = {
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node24',
  minify: true,
  mainFields: ['module', 'main'],
  banner: { js: REQUIRE_BANNER },
  // A parser that undici carries for machines without SIMD; every Lambda has it.
  external: ['*/llhttp/llhttp-wasm.js'],
  // undici's own switch, set when Node bundles it: leaves out an experimental parser (160 KB).
  define: { esbuildDetection: 'true' },
  logLevel: 'warning',
} as const satisfies BuildOptions;

export type Step = 'dispatch-event' | 'send-delivery' | 'serve-api';

/**
 * The code of a step: its handler and all it imports, the AWS SDK and the catalogue included, as `index.mjs`.
 * esbuild runs inside the app, so that synthesizing needs nothing but Node. The lanes share one bundle.
 */
export function bundleOf(step: Step, catalogueFile: string): AssetCode {
  const entry = `${LAMBDAS}${step}/handler.ts`;
  return Code.fromAsset(`${LAMBDAS}${step}`, {
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      // Never used: the local bundling below always succeeds or throws.
      image: DockerImage.fromRegistry('esbuild-runs-locally'),
      // Part of what tells one bundle from another.
      command: [entry, catalogueFile],
      local: {
        tryBundle(outputDirectory) {
          buildSync({
            ...BUNDLE_OPTIONS,
            entryPoints: [entry],
            outfile: `${outputDirectory}/index.mjs`,
            alias: { 'webhook-fanout-catalogue': catalogueFile },
          });
          return true;
        },
      },
    },
  });
}
