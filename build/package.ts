import { copyFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleCommand } from '../command/bundle.ts';
import { OPERATOR_FILES, readBuiltFunction } from '../lib/shared/built-functions.ts';
import { STEPS } from '../lib/shared/function-code.ts';
import { buildDeclarations } from './declarations.ts';
import { packDocuments } from './documents.ts';
import { buildFunctions } from './functions.ts';
import { packFunctions } from './functions-archive.ts';
import { buildLibrary } from './library.ts';
import { thirdPartyNotices } from './notices.ts';

const PROJECT = fileURLToPath(new URL('../', import.meta.url));
const PACKAGE = path.join(PROJECT, 'package');
const DIST = path.join(PACKAGE, 'dist');

/** Files of the project that are packed unchanged. */
const COPIED = ['LICENSE', 'event-types.json'];

/** Builds the contents of the package in `package/`: `npm pack ./package` and `npm publish ./package` run this first. */
async function buildPackage(): Promise<void> {
  rmSync(DIST, { recursive: true, force: true });
  const functions = await buildFunctions();
  const library = await buildLibrary(path.join(DIST, 'lib', 'index.js'));
  const built = [...STEPS, OPERATOR_FILES].map(
    (name) => [name, readBuiltFunction(name, functions.directory).files] as const,
  );
  writeFileSync(path.join(DIST, 'functions.tar.br'), packFunctions(new Map(built)));
  buildDeclarations(path.join(DIST, 'types'));
  const command = bundleCommand(path.join(DIST, 'bin', 'webhook-fanout.mjs'));
  const notices = thirdPartyNotices([...functions.metafiles, functions.console.code, library, command]);
  writeFileSync(path.join(PACKAGE, 'THIRD-PARTY-NOTICES'), notices);
  for (const file of COPIED) copyFileSync(path.join(PROJECT, file), path.join(PACKAGE, file));
  packDocuments(PROJECT, PACKAGE);
}

await buildPackage();
