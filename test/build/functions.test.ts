import { statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, it } from 'vitest';
import { buildFunctions } from '../../build/functions.ts';
import { FUNCTIONS, readFiles } from '../../lib/shared/built-functions.ts';
import { STEPS } from '../../lib/shared/function-code.ts';

it('writes nothing when no source has changed, so that other processes can read the functions meanwhile', async () => {
  const files = STEPS.flatMap((step) =>
    [...readFiles(join(FUNCTIONS, step)).keys()].map((name) => join(FUNCTIONS, step, name)),
  );
  const inodes = () => files.map((file) => statSync(file).ino);
  const before = inodes();

  await buildFunctions();

  expect(inodes()).toEqual(before);
  const ofConsole = `${join(FUNCTIONS, 'serve-console', 'console')}/`;
  expect(files.filter((file) => !file.startsWith(ofConsole)).map((file) => basename(file))).toEqual(
    STEPS.flatMap((step) => [
      ...['index.mjs', 'index.mjs.map'],
      ...(step === 'serve-api' ? ['open-api.mjs', 'open-api.mjs.map'] : []),
    ]),
  );
  const consoleFiles = files.filter((file) => file.startsWith(ofConsole));
  expect(consoleFiles).toContain(`${ofConsole}index.html.br`);
  expect(consoleFiles.filter((file) => !file.endsWith('.br'))).toEqual([]);
});
