import { Ajv2020 } from 'ajv/dist/2020.js';

/**
 * A compiler of one schema of the catalogue, which must satisfy the meta-schema. Each schema has its own compiler, since
 * several may contain the same `$id`. The catalogue's check and the validation of events use the same options, so
 * that both accept the same schemas and mean the same by them.
 *
 * In JSON Schema 2020-12, formats and unknown keywords are annotations. They are accepted and not checked.
 */
export function createJsonSchema({ allErrors }: { readonly allErrors: boolean }): Ajv2020 {
  return new Ajv2020({
    allErrors,
    strict: false,
    // A number beyond the range of a double is a number.
    strictNumbers: false,
    validateFormats: false,
    // Without it, a required property "constructor" would always be present.
    ownProperties: true,
    // Without it, 19.99 would be no multiple of 0.01.
    multipleOfPrecision: 6,
    validateSchema: false,
    logger: false,
    code: { source: true },
  });
}
