import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { createVitest } from 'vitest/node';
import { instrument } from './instrument.ts';
import type { Mutant } from './mutant.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

export interface TestRun {
  mutants: Mutant[];
  /** Files or folders, relative to the repository. */
  tests: string[];
  runner: 'runner.ts' | 'loaded-mutants-runner.ts';
  /** Pattern of the files that contain tests. */
  include: string;
}

/**
 * Runs tests on instrumented sources. The runner stores the results.
 * @throws when a test file cannot be loaded.
 */
export async function runTests({ mutants, tests, runner, include }: TestRun): Promise<void> {
  const vitest = await createVitest(
    'test',
    {
      root: ROOT,
      config: false,
      watch: false,
      include: [include],
      exclude: [],
      runner: fileURLToPath(new URL(runner, import.meta.url)),
      reporters: [{}],
      dangerouslyIgnoreUnhandledErrors: true,
      testTimeout: 900_000,
      hookTimeout: 10_000,
      expect: { poll: { timeout: 1_000 } },
      // The key of the cache does not contain the mutants.
      fsModuleCache: false,
      maxConcurrency: 1,
      // A mutant that blocks a connection makes its test wait for a time limit. A worker therefore uses about a tenth
      // of a core.
      maxWorkers: 4 * availableParallelism(),
      // Mutants cause warnings, such as one about a timeout that is too long.
      execArgv: ['--no-warnings'],
    },
    {
      resolve: {
        alias: { 'webhook-fanout-catalogue': `${ROOT}event-types.json` },
      },
      plugins: [
        {
          name: 'mutants',
          enforce: 'pre',
          transform(source, id) {
            const ofFile = mutants.filter(({ file }) => id.split('?')[0] === `${ROOT}${file}`);
            return ofFile.length === 0 ? undefined : { code: instrument(source, ofFile), map: null };
          },
        },
      ],
    },
  );
  try {
    const { testModules } = await vitest.start(tests);
    const errors = testModules.flatMap((module) =>
      module.errors().map(({ message }) => `${module.moduleId}: ${message}`),
    );
    if (errors.length > 0) throw new Error(`Test files that cannot be run:\n${errors.join('\n')}`);
  } finally {
    await vitest.close();
  }
}
