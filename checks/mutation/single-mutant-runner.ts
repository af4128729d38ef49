import { type RunnerTask, type RunnerTestCase, type RunnerTestFile, TestRunner } from 'vitest';
import { activate } from './active-mutant.ts';
import { openResults, resultsDirectory } from './results.ts';
import { withTimeLimit } from './time-limit.ts';

/** Longer than any test of the folders takes. */
const TIME_LIMIT_MS = 30_000;

/**
 * Runs a file with one mutant from the first import, until the first test fails. The name of the file contains the
 * id of the mutant: `mutant-12.test.ts`.
 */
export default class SingleMutantRunner extends TestRunner {
  #hasFailed = false;

  override onCollectStart(file: RunnerTestFile): void {
    super.onCollectStart(file);
    activate(mutantOf(file));
  }

  override async onBeforeRunTask(test: RunnerTask): Promise<void> {
    await super.onBeforeRunTask(test);
    if (this.#hasFailed) test.mode = 'skip';
  }

  async runTask(test: RunnerTestCase): Promise<void> {
    await withTimeLimit(Promise.resolve(TestRunner.getTestFn(test)()), TIME_LIMIT_MS);
  }

  override onAfterRunTask(test: RunnerTask): void {
    super.onAfterRunTask(test);
    if (test.result?.state === 'fail') this.#hasFailed = true;
  }

  override onAfterRunFiles(files: RunnerTestFile[]): void {
    super.onAfterRunFiles(files);
    for (const file of files) {
      if (file.result?.state === 'fail')
        openResults(resultsDirectory()).kill(mutantOf(file), 'a worker of its own');
    }
  }
}

function mutantOf({ filepath }: RunnerTestFile): number {
  const [, id] = /mutant-(\d+)\.test\.ts$/.exec(filepath) ?? [];
  if (id === undefined) throw new Error(`${filepath} does not name a mutant.`);
  return Number(id);
}
