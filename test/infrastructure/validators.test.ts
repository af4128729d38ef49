import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { writeBundle } from '../../lib/shared/bundle.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

/** A message of the generated validators. */
const MESSAGE = 'must have required property';

function bundle(hasValidators: boolean): string {
  const directory = temporaryDirectory();
  const catalogueFile = resolve('event-types.json');
  writeBundle({ step: 'dispatch-event', catalogueFile, hasValidators }, directory);
  return readFileSync(join(directory, 'index.mjs'), 'utf8');
}

describe('the bundle of dispatch-event', () => {
  it('has validators, no compiler of schemas, and the same content in every directory', () => {
    const [first, second] = [bundle(true), bundle(true)];

    expect(first).toContain(MESSAGE);
    // A message of ajv's compiler.
    expect(first).not.toContain('schema is invalid');
    expect(first === second).toBe(true);
  });

  it('has no validators when events are not validated', () => {
    expect(bundle(false)).not.toContain(MESSAGE);
  });
});
