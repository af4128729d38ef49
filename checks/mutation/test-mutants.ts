import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { MutatedFolder } from './folders.ts';
import type { Mutant } from './mutant.ts';
import type { FileReport, Results } from './results.ts';
import { runTests } from './run-tests.ts';

/** Where the test files for single mutants are generated. Git ignores it. */
const GENERATED = 'coverage/mutants';
const GENERATED_DIRECTORY = fileURLToPath(new URL(`../../${GENERATED}/`, import.meta.url));
/** A mutant in code that runs while modules load is reached by nearly every file. These few are representative. */
const MAX_FILES_OF_SINGLE_MUTANT = 6;

/**
 * Finds out which mutants make a test fail. The results are in `results`.
 * @throws when a test fails without any mutant.
 */
export async function testMutants(folder: MutatedFolder, mutants: Mutant[], results: Results): Promise<void> {
  const common = { mutants, include: 'test/**/*.test.ts', runner: 'runner.ts' } as const;
  await runTests({ ...common, tests: folder.tests });
  const unreached = idsNotReached(mutants, results.reports());
  if (folder.widerTests.length > 0 && unreached.length > 0) {
    results.limitTo(unreached);
    await runTests({ ...common, tests: folder.widerTests });
  }
  const reports = results.reports();
  const failing = reports
    .filter(({ uncertain }) => uncertain.length === 0)
    .flatMap((report) => report.failing);
  if (failing.length > 0) throw new Error(`These tests fail without any mutant: ${failing.join('; ')}`);
  const single = mutants
    .filter(({ id }) => !results.isKilled(id))
    .map(({ id }) => ({ id, files: filesForSingle(id, reports, folder) }))
    .filter(({ files }) => files.length > 0);
  if (single.length > 0) await testSingly(single, mutants);
}

/** The mutants that no test has reached. */
export function idsNotReached(mutants: Mutant[], reports: FileReport[]): number[] {
  const reached = new Set(
    reports.flatMap(({ reachedByTests, reachedOutside }) => [...reachedByTests, ...reachedOutside]),
  );
  return mutants.map(({ id }) => id).filter((id) => !reached.has(id));
}

/** The test files that need a worker with only this mutant. */
function filesForSingle(id: number, reports: FileReport[], folder: MutatedFolder): string[] {
  const isOwn = ({ file }: FileReport): boolean => folder.tests.some((path) => file.includes(`/${path}/`));
  return reports
    .filter(({ reachedOutside, uncertain }) => reachedOutside.includes(id) || uncertain.includes(id))
    .sort((one, other) => Number(isOwn(other)) - Number(isOwn(one)))
    .map(({ file }) => file)
    .slice(0, MAX_FILES_OF_SINGLE_MUTANT);
}

async function testSingly(single: { id: number; files: string[] }[], mutants: Mutant[]): Promise<void> {
  rmSync(GENERATED_DIRECTORY, { recursive: true, force: true });
  mkdirSync(GENERATED_DIRECTORY, { recursive: true });
  try {
    for (const { id, files } of single) {
      const suites = files.map((file) => `describe('', () => import(${JSON.stringify(file)}));\n`);
      const text = `import { describe } from 'vitest';\n${suites.join('')}`;
      writeFileSync(`${GENERATED_DIRECTORY}mutant-${id}.test.ts`, text);
    }
    await runTests({
      mutants,
      tests: [GENERATED],
      include: `${GENERATED}/*.test.ts`,
      runner: 'single-mutant-runner.ts',
    });
  } finally {
    rmSync(GENERATED_DIRECTORY, { recursive: true, force: true });
  }
}
