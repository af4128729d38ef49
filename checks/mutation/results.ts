import { appendFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a worker reports about one test file. */
export interface FileReport {
  file: string;
  /** Mutants that a test or its `beforeEach` evaluates. */
  reachedByTests: number[];
  /** Mutants that are evaluated while modules load or in `beforeAll`. They need a worker of their own. */
  reachedOutside: number[];
  /** Mutants without a reliable result, since an earlier mutant changed the state of the worker. */
  uncertain: number[];
  /** Tests that fail with the original code. */
  failing: string[];
  /** Tests that are too slow to run with every mutant. */
  slow: string[];
}

/** What a run tests. */
export interface Selection {
  /** Default: all mutants that a test reaches. */
  ids?: number[];
  /** `quick`: slow tests are only reported. An object has the titles of the only tests that run, by file. */
  tests: 'all' | 'quick' | Record<string, string[]>;
}

/** Results that all workers of a run share, as files in one directory. */
export interface Results {
  isKilled(id: number): boolean;
  /** Before a run. */
  select(selection: Selection): void;
  selection(): Selection;
  /** `by` is the title of the test that failed. */
  kill(id: number, by: string): void;
  report(report: FileReport): void;
  reports(): FileReport[];
}

export function openResults(directory: string): Results {
  const selectionPath = join(directory, 'selection');
  const pathOf = (id: number): string => join(directory, `killed-${id}`);
  return {
    isKilled: (id) => existsSync(pathOf(id)),
    select: (selection) => writeFileSync(selectionPath, JSON.stringify(selection)),
    selection: () => JSON.parse(readFileSync(selectionPath, 'utf8')),
    kill: (id, by) => writeFileSync(pathOf(id), by),
    report: (report) =>
      appendFileSync(join(directory, `report-${process.pid}`), `${JSON.stringify(report)}\n`),
    reports: () =>
      readdirSync(directory)
        .filter((name) => name.startsWith('report-'))
        .flatMap((name) => readFileSync(join(directory, name), 'utf8').trim().split('\n'))
        .map((line) => JSON.parse(line)),
  };
}

/** The directory that the command passes to its workers. */
export const RESULTS_VARIABLE = 'WEBHOOK_FANOUT_MUTATION_RESULTS';

export function resultsDirectory(): string {
  const directory = process.env[RESULTS_VARIABLE];
  if (directory === undefined) throw new Error(`${RESULTS_VARIABLE} is not set. Run \`npm run mutation\`.`);
  return directory;
}
