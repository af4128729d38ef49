import { copyFileSync, existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type AssetCode, Code } from 'aws-cdk-lib/aws-lambda';
import { AssetHashType, DockerImage } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { readCatalogue } from './catalogue.ts';
import { generateValidators, NO_VALIDATORS } from './validators.ts';

export const STEPS = ['dispatch-event', 'recover-deliveries', 'send-delivery', 'serve-api'] as const;
export type Step = (typeof STEPS)[number];

/** The built functions: `<step>/index.mjs` and its source map. The packed library has the same path to them. */
export const FUNCTIONS = fileURLToPath(new URL('../../dist/functions/', import.meta.url));

/** Context key: a directory of functions that were built for a debugger. The app of this project sets it. */
export const FUNCTIONS_CONTEXT = '@webhook-fanout/functions';

/** The files beside `index.mjs` that depend on the catalogue. */
const FILES_BESIDE: Readonly<Record<Step, readonly ('catalogue' | 'validators')[]>> = {
  'dispatch-event': ['catalogue', 'validators'],
  'recover-deliveries': [],
  'send-delivery': [],
  'serve-api': ['catalogue'],
};

export interface FunctionCode {
  readonly step: Step;
  /** Absolute path. */
  readonly catalogueFile: string;
  /** Whether the function validates events by the catalogue's schemas. */
  readonly hasValidators: boolean;
}

/**
 * The code of a step: its built `index.mjs`, and beside it what depends on the catalogue. Synth copies and writes files
 * only, so that it needs neither esbuild nor Docker. The lanes share one asset.
 */
export function codeOf(scope: Construct, code: FunctionCode): AssetCode {
  const { step, catalogueFile, hasValidators } = code;
  const directory: string = scope.node.tryGetContext(FUNCTIONS_CONTEXT) ?? FUNCTIONS;
  const built = join(directory, step);
  if (!existsSync(built)) {
    throw new Error(
      `${built} does not exist; build the functions with "npm run build", or reinstall webhook-fanout`,
    );
  }
  return Code.fromAsset(built, {
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      // CDK requires it but does not use it: the local bundling below either succeeds or throws.
      image: DockerImage.fromRegistry('functions-are-built'),
      // Part of the key under which CDK caches assets.
      command: [catalogueFile, String(hasValidators)],
      local: {
        tryBundle(outputDirectory) {
          writeCode(built, code, outputDirectory);
          return true;
        },
      },
    },
  });
}

/**
 * Copies a built function, and writes the files that its `index.mjs` imports. Their content depends on the catalogue
 * only, not on its whitespace.
 */
export function writeCode(
  built: string,
  { step, catalogueFile, hasValidators }: FunctionCode,
  directory: string,
): void {
  for (const name of readdirSync(built)) copyFileSync(join(built, name), join(directory, name));
  const files = FILES_BESIDE[step];
  if (files.length === 0) return;
  const { eventTypes } = readCatalogue(catalogueFile);
  if (files.includes('catalogue')) {
    writeFileSync(join(directory, 'catalogue.json'), JSON.stringify(eventTypes));
  }
  if (files.includes('validators')) {
    const validators = hasValidators ? generateValidators(eventTypes) : NO_VALIDATORS;
    writeFileSync(join(directory, 'validators.mjs'), validators);
  }
}
