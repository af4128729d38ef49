import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { App, Stack } from 'aws-cdk-lib/core';
import { beforeAll, describe, expect, it } from 'vitest';
import { FUNCTIONS, readBuiltFunction } from '../../lib/shared/built-functions.ts';
import { codeOf, FUNCTIONS_CONTEXT, STEPS, type Step, writeCode } from '../../lib/shared/function-code.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

/** A message of the generated validators. */
const MESSAGE = 'must have required property';

const catalogueFile = resolve('event-types.json');

function write(step: Step, hasValidators: boolean): string {
  const directory = temporaryDirectory();
  writeCode(readBuiltFunction(step).files, { step, catalogueFile, hasValidators }, directory);
  return directory;
}

describe("a function's code", () => {
  it.each([
    ['dispatch-event', ['catalogue.json', 'index.mjs', 'index.mjs.map', 'validators.mjs']],
    ['serve-api', ['catalogue.json', 'index.mjs', 'index.mjs.map', 'open-api.mjs', 'open-api.mjs.map']],
    ['create-portal-link', ['index.mjs', 'index.mjs.map']],
    ['serve-console', ['console', 'index.mjs', 'index.mjs.map']],
    ['recover-deliveries', ['index.mjs', 'index.mjs.map']],
    ['send-delivery', ['index.mjs', 'index.mjs.map']],
  ] as const)('of %s is the built files, and what they import', (step, files) => {
    const directory = write(step, true);

    expect(readdirSync(directory).toSorted()).toEqual(files);
    const index = readFileSync(join(directory, 'index.mjs'), 'utf8');
    expect(index).toBe(readFileSync(join(FUNCTIONS, step, 'index.mjs'), 'utf8'));
    const beside = ['catalogue.json', 'open-api.mjs', 'validators.mjs'];
    const imported = beside.filter((name) => index.includes(`"./${name}"`));
    expect(imported).toEqual(beside.filter((name) => [...files].some((file) => file === name)));
  });

  it('has validators and no compiler of schemas, or no validators when events are not validated', () => {
    const [directory, unvalidated] = [write('dispatch-event', true), write('dispatch-event', false)];
    const read = (from: string, name: string): string => readFileSync(join(from, name), 'utf8');

    expect(read(directory, 'validators.mjs')).toContain(MESSAGE);
    expect(read(unvalidated, 'validators.mjs')).not.toContain(MESSAGE);
    // A message of ajv's compiler.
    expect(read(directory, 'index.mjs')).not.toContain('schema is invalid');
  });
});

describe("an asset's hash", () => {
  const catalogue = readFileSync(catalogueFile, 'utf8');
  let original: string[];
  beforeAll(() => {
    original = hashes(catalogue);
  });

  /** The hash of each step's code, in the order of `STEPS`. */
  function hashes(text: string): string[] {
    const directory = temporaryDirectory();
    const file = join(directory, 'catalogue.json');
    writeFileSync(file, text);
    const app = new App({ outdir: join(directory, 'cdk.out'), analyticsReporting: false });
    return STEPS.map((step) => {
      const stack = new Stack(app, step);
      const code = codeOf(stack, { step, catalogueFile: file, hasValidators: true });
      return code.bind(stack).s3Location?.objectKey ?? '';
    });
  }

  it('depends on the content of the code, not on its place or the whitespace of the catalogue', () => {
    expect(hashes(JSON.stringify(JSON.parse(catalogue)))).toEqual(original);
    expect(new Set(original).size).toBe(STEPS.length);
  });

  it('changes with the catalogue for the functions that read it, and only for these', () => {
    const changed = hashes(catalogue.replace('"description": "', '"description": "Changed: '));

    const steps = STEPS.filter((_, index) => changed[index] !== original[index]);
    expect(steps).toEqual(['dispatch-event', 'serve-api']);
  });
});

it('names the command that builds the functions when they are missing', () => {
  const stack = new Stack(new App({ outdir: temporaryDirectory() }), 'Shop');
  stack.node.setContext(FUNCTIONS_CONTEXT, '/nowhere');

  expect(() => codeOf(stack, { step: 'serve-api', catalogueFile, hasValidators: false })).toThrow(
    /\/nowhere\/serve-api does not exist; build the functions with "npm run build"/,
  );
});
