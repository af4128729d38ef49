import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type AssetCode, Code } from 'aws-cdk-lib/aws-lambda';
import { AssetHashType, DockerImage } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { type FunctionFiles, readBuiltFunction } from './built-functions.ts';
import { readCatalogue } from './catalogue.ts';
import { generateValidators, NO_VALIDATORS } from './validators.ts';

export const STEPS = [
  'create-portal-link',
  'dispatch-event',
  'recover-deliveries',
  'send-delivery',
  'serve-api',
  'serve-console',
] as const;
export type Step = (typeof STEPS)[number];

/** Context key: a directory of functions that were built for a debugger. The app of this project sets it. */
export const FUNCTIONS_CONTEXT = '@webhook-fanout/functions';

/** The files beside `index.mjs` that depend on the catalogue. */
const FILES_BESIDE: Readonly<Record<Step, readonly ('catalogue' | 'validators')[]>> = {
  'create-portal-link': [],
  'dispatch-event': ['catalogue', 'validators'],
  'recover-deliveries': [],
  'send-delivery': [],
  'serve-api': ['catalogue'],
  'serve-console': [],
};

export interface FunctionCode {
  readonly step: Step;
  /** Absolute path. */
  readonly catalogueFile: string;
  /** Whether the function validates events by the catalogue's schemas. */
  readonly hasValidators: boolean;
}

/**
 * The code of a step: its built `index.mjs`, and the files beside it that depend on the catalogue. Synth writes files
 * only, so that it needs neither esbuild nor Docker. The lanes share one asset.
 */
export function codeOf(scope: Construct, code: FunctionCode): AssetCode {
  const { step, catalogueFile, hasValidators } = code;
  const directory: string | undefined = scope.node.tryGetContext(FUNCTIONS_CONTEXT);
  const { source, files } = readBuiltFunction(step, directory);
  return Code.fromAsset(source, {
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      // CDK requires it but does not use it: the local bundling below either succeeds or throws.
      image: DockerImage.fromRegistry('functions-are-built'),
      // Part of the key under which CDK caches assets. The source is the same for all steps in the package.
      command: [step, catalogueFile, String(hasValidators)],
      local: {
        tryBundle(outputDirectory) {
          writeCode(files, code, outputDirectory);
          return true;
        },
      },
    },
  });
}

/**
 * Writes the files of a built function, and those that its `index.mjs` imports. The content of these depends on the
 * catalogue only, not on its whitespace.
 */
export function writeCode(
  built: FunctionFiles,
  { step, catalogueFile, hasValidators }: FunctionCode,
  directory: string,
): void {
  for (const [path, data] of built) {
    const target = join(directory, path);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, data);
  }
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
