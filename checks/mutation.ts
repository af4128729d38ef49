import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findMutants } from './mutation/find-mutants.ts';
import { FOLDERS, isMutated, type MutatedFolder } from './mutation/folders.ts';
import type { Mutant } from './mutation/mutant.ts';
import { openResults, RESULTS_VARIABLE } from './mutation/results.ts';
import { idsNotReached, testMutants } from './mutation/test-mutants.ts';

/**
 * `npm run mutation [-- folder …]`: changes one behaviour of the sources at a time, and counts the changes that make
 * a test fail. Without arguments: all folders of `FOLDERS`. A folder may be named by its end, such as `domain`.
 */
const ROOT = new URL('../', import.meta.url);
process.chdir(ROOT.pathname);

const names = process.argv.slice(2);
const folders = FOLDERS.filter(
  ({ folder }) =>
    names.length === 0 || names.some((name) => `/${folder}/`.endsWith(`/${name.replace(/\/$/, '')}/`)),
);
if (folders.length === 0) {
  console.error(
    `No folder matches ${names.join(', ')}. Possible: ${FOLDERS.map((f) => f.folder).join(', ')}`,
  );
  process.exit(2);
}

let killedOfAll = 0;
let allMutants = 0;
for (const folder of folders) {
  const startedAt = performance.now();
  const mutants = mutantsOf(folder);
  console.log(`${folder.folder}: ${mutants.length} mutants …`);
  const { killed, unreached } = await run(folder, mutants);
  const survivors = mutants.filter(({ id }) => !killed.has(id));
  for (const { id, file, line, name } of survivors) {
    console.log(`${unreached.has(id) ? 'no test runs' : 'survives    '}  ${file}:${line}  ${name}`);
  }
  const seconds = Math.round((performance.now() - startedAt) / 1000);
  print(
    folder.folder,
    killed.size,
    mutants.length,
    `${unreached.size} in code that no test runs, ${seconds} s`,
  );
  killedOfAll += killed.size;
  allMutants += mutants.length;
}
if (folders.length > 1) print('all', killedOfAll, allMutants, `${folders.length} folders`);
// Vitest sets it to 1 when a test fails, as a test does for each mutant that it detects.
process.exitCode = 0;

function mutantsOf({ folder }: MutatedFolder): Mutant[] {
  const files = globSync(`${folder}/**/*.ts`).filter(isMutated).sort();
  const mutants: Mutant[] = [];
  for (const file of files) {
    mutants.push(...findMutants(file, readFileSync(file, 'utf8'), mutants.length + 1));
  }
  return mutants;
}

async function run(
  folder: MutatedFolder,
  mutants: Mutant[],
): Promise<{ killed: Set<number>; unreached: Set<number> }> {
  const directory = mkdtempSync(join(tmpdir(), 'webhook-fanout-mutation-'));
  try {
    // Tests that a mutant stops leave files behind. They are removed with the directory.
    process.env.TMPDIR = join(directory, 'tmp');
    process.env[RESULTS_VARIABLE] = join(directory, 'results');
    mkdirSync(process.env.TMPDIR);
    mkdirSync(process.env[RESULTS_VARIABLE]);
    const results = openResults(process.env[RESULTS_VARIABLE]);
    await testMutants(folder, mutants, results);
    return {
      killed: new Set(mutants.map(({ id }) => id).filter((id) => results.isKilled(id))),
      unreached: new Set(idsNotReached(mutants, results.reports())),
    };
  } finally {
    delete process.env.TMPDIR;
    rmSync(directory, { recursive: true, force: true });
  }
}

function print(name: string, killed: number, total: number, note: string): void {
  const score = ((100 * killed) / total).toFixed(1);
  console.log(`${name}: ${score} % (${killed} of ${total} mutants detected; ${note})`);
}
