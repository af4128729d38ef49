import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { DataValidators } from '../../lambdas/dispatch-event/check-data.ts';
import { generateValidators } from '../../lib/shared/validators.ts';
import { temporaryDirectory } from './temporary-directory.ts';

/** Validators of these schemas by event type, generated as for the function. */
export async function dataValidators(
  schemas: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
): Promise<DataValidators> {
  const catalogue = Object.entries(schemas).map(([name, schema]) => ({
    name,
    description: 'a type',
    schema,
    example: {},
  }));
  const file = join(temporaryDirectory(), 'validators.mjs');
  writeFileSync(file, generateValidators(catalogue));
  const { default: createValidators } = await import(/* @vite-ignore */ pathToFileURL(file).href);
  // Node's own: the test runner changes the exports of imported CommonJS modules.
  return createValidators(createRequire(import.meta.url));
}
