import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import standaloneCode from 'ajv/dist/standalone/index.js';
import type { Catalogue } from '../../lambdas/shared/domain/catalogue.ts';
import { isRecord } from './input.ts';
import { createJsonSchema } from './json-schema.ts';

/** Validators import ajv's runtime from a temporary directory, which has no `node_modules`. */
const AJV = dirname(createRequire(import.meta.url).resolve('ajv/package.json'));

/**
 * Writes a module with a validator of `data` for each event type, and returns the aliases with which esbuild bundles it.
 * Its default export is `DataValidators` of dispatch-event. The code is generated now, since a compiler would double the function's bundle,
 * and compiling at each cold start would delay the first events.
 *
 * Each type has its own file: schemas of several types may have the same `$id`.
 */
export function writeValidators(catalogue: Catalogue, directory: string): Readonly<Record<string, string>> {
  const lines = catalogue.map(({ name, schema }, index) => {
    const compiler = createJsonSchema({ allErrors: false });
    const code = standaloneCode.default(compiler, compiler.compile(schema));
    writeFileSync(join(directory, `${index}.mjs`), code);
    const entry = `{ validate: validate${index}, names: ${JSON.stringify(propertyNames(schema))} }`;
    return { name, entry, statement: `import validate${index} from './${index}.mjs';` };
  });
  const file = join(directory, 'validators.mjs');
  const entries = lines.map(({ name, entry }) => `  ${JSON.stringify(name)}: ${entry},`);
  writeFileSync(
    file,
    [...lines.map(({ statement }) => statement), 'export default {', ...entries, '};', ''].join('\n'),
  );
  return { 'webhook-fanout-validators': file, ajv: AJV };
}

/** The names of all properties that a schema describes, also in its subschemas. */
function propertyNames(schema: unknown): string[] {
  const names = new Set<string>();
  const collect = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(collect);
    if (!isRecord(value)) return;
    if (isRecord(value.properties)) for (const name of Object.keys(value.properties)) names.add(name);
    Object.values(value).forEach(collect);
  };
  collect(schema);
  return [...names];
}
