import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type AssetCode, Code } from 'aws-cdk-lib/aws-lambda';
import { AssetHashType, DockerImage } from 'aws-cdk-lib/core';
import { type BuildOptions, buildSync } from 'esbuild';
import { readCatalogue } from './catalogue.ts';
import { SOURCE_MAPS_VARIABLE } from './setting-names.ts';
import { reduceSourceMap } from './source-map.ts';
import { writeValidators } from './validators.ts';

const PROJECT = fileURLToPath(new URL('../../', import.meta.url));
const LAMBDAS = `${PROJECT}lambdas/`;
const REPLACED = `${LAMBDAS}shared/runtime/aws/replaced/`;

/** CommonJS dependencies call `require`, which ES modules do not have. The long name avoids collisions. */
const REQUIRE_BANNER =
  "import{createRequire as createRequireOfBundle}from'node:module';const require=createRequireOfBundle(import.meta.url);";

/** Options that bundle a function's code into one file. */
export const BUNDLE_OPTIONS = {
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node24',
  minify: true,
  mainFields: ['module', 'main'],
  banner: { js: REQUIRE_BANNER },
  // undici's parser for CPUs without SIMD; Lambda's CPUs have SIMD.
  external: ['*/llhttp/llhttp-wasm.js'],
  // undici's own switch, which Node sets to bundle it: it leaves out an experimental parser (160 KB).
  define: { esbuildDetection: 'true' },
  // Defaults of the SDK that every client's settings replace, with clients for SSO and STS (160 KB in each bundle).
  alias: {
    '@aws-sdk/credential-provider-node': `${REPLACED}credential-provider-node.ts`,
    '@aws-sdk/signature-v4-multi-region': `${REPLACED}signature-v4.ts`,
    '@smithy/node-http-handler': `${REPLACED}node-http-handler.ts`,
    '@smithy/signature-v4': `${REPLACED}signature-v4.ts`,
  },
  logLevel: 'warning',
} as const satisfies BuildOptions;

/** Overrides for a debugger. */
const DEBUG_OPTIONS = { minify: false, sourcemap: 'inline' } as const satisfies BuildOptions;

export type Step = 'dispatch-event' | 'recover-deliveries' | 'send-delivery' | 'serve-api';

export interface Bundle {
  readonly step: Step;
  /** Absolute path. */
  readonly catalogueFile: string;
  /** Whether it contains validators of the catalogue's schemas. */
  readonly hasValidators: boolean;
}

/**
 * The code of a step as `index.mjs`: its handler and everything that it imports, including the AWS SDK and the
 * catalogue. esbuild runs in the app's own process, so that synth needs only Node. The lanes share one bundle.
 */
export function bundleOf(bundle: Bundle): AssetCode {
  const { step, catalogueFile, hasValidators } = bundle;
  const entry = `${LAMBDAS}${step}/handler.ts`;
  return Code.fromAsset(`${LAMBDAS}${step}`, {
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      // CDK requires it but does not use it: the local bundling below either succeeds or throws.
      image: DockerImage.fromRegistry('esbuild-runs-locally'),
      // Part of the key under which CDK caches bundles.
      command: [entry, catalogueFile, String(hasValidators)],
      local: {
        tryBundle(outputDirectory) {
          writeBundle(bundle, outputDirectory);
          return true;
        },
      },
    },
  });
}

/**
 * Writes `index.mjs` and its source map `index.mjs.map`, which has the positions of this project's own files and no
 * source text. Functions read the map only to log an error. For a debugger
 * (`WEBHOOK_FANOUT_SOURCE_MAPS`) `index.mjs` is not minified and contains the whole map.
 */
export function writeBundle(bundle: Bundle, outputDirectory: string): void {
  const { catalogueFile } = bundle;
  if (!bundle.hasValidators) {
    buildBundle(bundle, outputDirectory, {});
    return;
  }
  const directory = mkdtempSync(join(tmpdir(), 'webhook-fanout-validators-'));
  try {
    const { eventTypes } = readCatalogue(catalogueFile);
    buildBundle(bundle, outputDirectory, writeValidators(eventTypes, directory));
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** esbuild's options for the bundle of a step. `validatorAliases`: the files that contain the validators, if it has any. */
export function bundleOptions(
  { step, catalogueFile }: Bundle,
  validatorAliases: Readonly<Record<string, string>> = {},
) {
  return {
    ...BUNDLE_OPTIONS,
    entryPoints: [`${LAMBDAS}${step}/handler.ts`],
    alias: {
      ...BUNDLE_OPTIONS.alias,
      'webhook-fanout-catalogue': catalogueFile,
      'webhook-fanout-validators': `${LAMBDAS}dispatch-event/no-validators.ts`,
      ...validatorAliases,
    },
  } satisfies BuildOptions;
}

function buildBundle(
  bundle: Bundle,
  outputDirectory: string,
  validatorAliases: Readonly<Record<string, string>>,
): void {
  const options = bundleOptions(bundle, validatorAliases);
  if (process.env[SOURCE_MAPS_VARIABLE] === 'true') {
    buildSync({ ...options, ...DEBUG_OPTIONS, outfile: `${outputDirectory}/index.mjs` });
    return;
  }
  const { outputFiles } = buildSync({
    ...options,
    sourcemap: 'external',
    sourcesContent: false,
    // Nothing is written there. Paths in the map are relative to it, so that the map is the same on every machine.
    outfile: `${PROJECT}index.mjs`,
    write: false,
  });
  for (const { path, contents, text } of outputFiles) {
    if (path.endsWith('.map')) {
      writeFileSync(`${outputDirectory}/index.mjs.map`, reduceSourceMap(text, 'lambdas/'));
    } else writeFileSync(`${outputDirectory}/index.mjs`, contents);
  }
}
