import standaloneCode from 'ajv/dist/standalone/index.js';
import type { Catalogue } from '../../lambdas/shared/domain/catalogue.ts';
import { isRecord } from './input.ts';
import { createJsonSchema } from './json-schema.ts';

/** The module `webhook-fanout-validators` for a function that validates no events. */
export const NO_VALIDATORS = 'export default () => ({});\n';

/**
 * The module `webhook-fanout-validators` of dispatch-event, with a validator of `data` for each event type. Its default
 * export takes a `require` of ajv's runtime, which is part of the function, and returns `DataValidators`. The code is generated
 * at synth, since a compiler would double the function's code, and compiling at each cold start would delay the first events.
 *
 * Each validator has its own scope, since ajv's generated names repeat.
 */
export function generateValidators(catalogue: Catalogue): string {
  const entries = catalogue.map(({ name, schema }) => {
    const compiler = createJsonSchema({ allErrors: false });
    const code = standaloneCode.default(compiler, compiler.compile(schema));
    const names = JSON.stringify(propertyNames(schema));
    return `${JSON.stringify(name)}:{names:${names},validate:((module)=>{${code}\nreturn module.exports})({exports:{}})},`;
  });
  return ['export default (require)=>({', ...entries, '});', ''].join('\n');
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
