import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { buildFunctions } from '../../build/functions.ts';
import { FUNCTIONS } from '../../lib/shared/built-functions.ts';
import { STEPS } from '../../lib/shared/function-code.ts';

it('writes nothing when no source has changed, so that other processes can read the functions meanwhile', async () => {
  const files = STEPS.flatMap((step) =>
    readdirSync(join(FUNCTIONS, step)).map((name) => join(FUNCTIONS, step, name)),
  );
  const inodes = () => files.map((file) => statSync(file).ino);
  const before = inodes();

  await buildFunctions();

  expect(inodes()).toEqual(before);
  expect(files.map((file) => file.replace(/^.*\//, ''))).toEqual(
    STEPS.flatMap(() => ['index.mjs', 'index.mjs.map']),
  );
});
