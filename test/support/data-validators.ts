import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildSync } from 'esbuild';
import type { DataValidators } from '../../lambdas/dispatch-event/check-data.ts';
import { BUNDLE_OPTIONS } from '../../lib/shared/bundle.ts';
import { writeValidators } from '../../lib/shared/validators.ts';
import { temporaryDirectory } from './temporary-directory.ts';

/** Validators of these schemas by event type, generated and bundled as for the function. */
export async function dataValidators(
  schemas: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
): Promise<DataValidators> {
  const directory = temporaryDirectory();
  const catalogue = Object.entries(schemas).map(([name, schema]) => ({
    name,
    description: 'a type',
    schema,
    example: {},
  }));
  const alias = writeValidators(catalogue, directory);
  const outfile = join(directory, 'bundle.mjs');
  buildSync({
    ...BUNDLE_OPTIONS,
    entryPoints: [alias['webhook-fanout-validators'] ?? ''],
    alias,
    outfile,
  });
  const { default: validators } = await import(/* @vite-ignore */ pathToFileURL(outfile).href);
  return validators;
}
