import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { MutatedFolder } from './folders.ts';
import type { Mutant } from './mutant.ts';
import type { FileReport, Results } from './results.ts';
import { runTests } from './run-tests.ts';

/** Where test files are generated. Git ignores it. */
const GENERATED = `coverage/mutants-${process.pid}`;
const GENERATED_DIRECTORY = fileURLToPath(new URL(`../../${GENERATED}/`, import.meta.url));
/**
 * Finds out which mutants make a test fail. The results are in `results`.
 * @throws when a test fails without any mutant.
 */
export async function testMutants(folder: MutatedFolder, mutants: Mutant[], results: Results): Promise<void> {
  const common = { mutants, include: 'test/**/*.test.ts', runner: 'runner.ts' } as const;
  results.select({ tests: 'quick' });
  await runTests({ ...common, tests: folder.tests });
  const slow = results.reports().filter((report) => report.slow.length > 0);
  if (slow.length > 0) {
    const ids = mutants.map(({ id }) => id).filter((id) => !results.isKilled(id));
    results.select({ ids, tests: Object.fromEntries(slow.map((report) => [report.file, report.slow])) });
    await runTests({ ...common, tests: slow.map(({ file }) => file) });
  }
  const unreached = idsNotReached(mutants, results.reports());
  if (folder.widerTests.length > 0 && unreached.length > 0) {
    results.select({ ids: unreached, tests: 'all' });
    await runTests({ ...common, tests: folder.widerTests });
  }
  const reports = results.reports();
  const failing = reports
    .filter(({ uncertain }) => uncertain.length === 0)
    .flatMap((report) => report.failing);
  if (failing.length > 0) throw new Error(`These tests fail without any mutant: ${failing.join('; ')}`);
  const [own, wider] = [reports.filter((report) => isOwn(report, folder)), reports];
  const ids = mutants.map(({ id }) => id).filter((id) => !results.isKilled(id));
  const needsAnotherTest = (id: number) => (report: FileReport) => idsToTestAgain(report).includes(id);
  const ofOwn = ids.filter((id) => own.some(needsAnotherTest(id)));
  const ofWider = ids.filter((id) => !ofOwn.includes(id) && wider.some(needsAnotherTest(id)));
  await testAgain(ofOwn, own, mutants);
  await testAgain(ofWider, wider, mutants);
}

function isOwn({ file }: FileReport, folder: MutatedFolder): boolean {
  return folder.tests.some((path) => file.includes(`/${path}/`));
}

/** The mutants in code that runs while modules load, and those without a reliable result. */
function idsToTestAgain({ reachedOutside, uncertain }: FileReport): number[] {
  return [...new Set([...reachedOutside, ...uncertain])];
}

/** The mutants that no test has reached. */
export function idsNotReached(mutants: Mutant[], reports: FileReport[]): number[] {
  const reached = new Set(
    reports.flatMap(({ reachedByTests, reachedOutside }) => [...reachedByTests, ...reachedOutside]),
  );
  return mutants.map(({ id }) => id).filter((id) => !reached.has(id));
}

/** Tests each mutant with modules that are loaded again. */
async function testAgain(ids: number[], reports: FileReport[], mutants: Mutant[]): Promise<void> {
  rmSync(GENERATED_DIRECTORY, { recursive: true, force: true });
  mkdirSync(GENERATED_DIRECTORY, { recursive: true });
  try {
    let count = 0;
    for (const report of reports) {
      const ofReport = idsToTestAgain(report);
      const ofFile = ids.filter((id) => ofReport.includes(id));
      if (ofFile.length === 0) continue;
      count += 1;
      writeFileSync(`${GENERATED_DIRECTORY}${count}.test.ts`, generateTest(report.file, ofFile));
    }
    if (count === 0) return;
    const include = `${GENERATED}/*.test.ts`;
    await runTests({ mutants, tests: [GENERATED], include, runner: 'loaded-mutants-runner.ts' });
  } finally {
    rmSync(GENERATED_DIRECTORY, { recursive: true, force: true });
  }
}

function generateTest(file: string, ids: number[]): string {
  const helper = fileURLToPath(new URL('load-with-mutants.ts', import.meta.url));
  return `import { loadWithMutants } from ${JSON.stringify(helper)};
loadWithMutants(${JSON.stringify(ids)}, () => import(${JSON.stringify(file)}));
`;
}
