import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import { generateValidators } from '../../lib/shared/validators.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

/** Keywords whose generated code needs ajv's runtime, and values with the expected result. */
const SCHEMAS = [
  { schema: { minLength: 2, maxLength: 2 }, valid: '😀😀', invalid: '😀' },
  { schema: { const: { a: [1] } }, valid: { a: [1] }, invalid: { a: [2] } },
  { schema: { enum: [[1], { b: null }] }, valid: { b: null }, invalid: {} },
  { schema: { uniqueItems: true }, valid: [{ a: 1 }, { a: 2 }], invalid: [{ a: 1 }, { a: 1 }] },
];

it('generated validators run with the part of ajv that the function contains', () => {
  const catalogue = SCHEMAS.map(({ schema }, index) => ({
    name: `type.${index}`,
    description: 'a type',
    schema,
    example: {},
  }));
  const directory = temporaryDirectory();
  const [validators, script] = [join(directory, 'validators.mjs'), join(directory, 'run.mjs')];
  writeFileSync(validators, generateValidators(catalogue));
  // Run by Node itself: the test runner changes the exports of CommonJS modules.
  writeFileSync(
    script,
    `import createValidators from ${JSON.stringify(pathToFileURL(validators).href)};
import { requireAjvRuntime } from ${JSON.stringify(pathToFileURL(resolve('lambdas/dispatch-event/ajv-runtime.ts')).href)};
const validators = createValidators(requireAjvRuntime);
const results = ${JSON.stringify(SCHEMAS)}.map(({ valid, invalid }, index) =>
  [valid, invalid].map((data) => validators['type.' + index].validate(data)));
process.stdout.write(JSON.stringify(results));`,
  );

  const output = execFileSync(process.execPath, [script], { encoding: 'utf8' });

  expect(JSON.parse(output)).toEqual(SCHEMAS.map(() => [true, false]));
});
