import { type RunnerTask, type RunnerTestCase, type RunnerTestSuite, TestRunner } from 'vitest';
import { suiteMutant } from './load-with-mutants.ts';
import { openResults, resultsDirectory } from './results.ts';
import { withTimeLimit } from './time-limit.ts';

/** Longer than any test of the folders takes. */
const TIME_LIMIT_MS = 30_000;

/** Runs the tests of `loadWithMutants`: those of each mutant until the first one fails. */
export default class LoadedMutantsRunner extends TestRunner {
  readonly #results = openResults(resultsDirectory());

  override async onBeforeRunTask(test: RunnerTask): Promise<void> {
    await super.onBeforeRunTask(test);
    const id = mutantOf(test);
    if (id !== undefined && this.#results.isKilled(id)) test.mode = 'skip';
  }

  async runTask(test: RunnerTestCase): Promise<void> {
    await withTimeLimit(Promise.resolve(TestRunner.getTestFn(test)()), TIME_LIMIT_MS);
  }

  override onAfterRunTask(test: RunnerTask): void {
    super.onAfterRunTask(test);
    const id = mutantOf(test);
    if (id !== undefined && test.result?.state === 'fail') this.#results.kill(id, test.name);
  }

  /** A failed `beforeAll` fails the suite. */
  override async onAfterRunSuite(suite: RunnerTestSuite): Promise<void> {
    await super.onAfterRunSuite(suite);
    const id = mutantOf(suite);
    if (id !== undefined && suite.result?.state === 'fail') this.#results.kill(id, suite.name);
  }
}

function mutantOf(task: RunnerTask): number | undefined {
  const own = task.type === 'suite' ? suiteMutant(task.name) : undefined;
  return own ?? (task.suite === undefined ? undefined : mutantOf(task.suite));
}
