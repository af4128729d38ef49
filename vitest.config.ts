import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { LongFilesFirst } from './test/support/long-files-first.ts';

/** Tests of the synthesized stack with its bundles. Most of them run it end to end on the local cloud. */
const journeys = [
  'test/journeys/**/*.test.ts',
  'test/security/{least-privilege,secrets}.test.ts',
  'test/chaos/{bundles,live}.test.ts',
];

/** Tests that synthesize a template, start processes or worker threads, load large linters, or search at random. */
const parts = [
  'test/infrastructure/**/*.test.ts',
  'test/local/{assembly,cloud,cloud-start,commands,dev,http-api,inspect,lambda-*}.test.ts',
  'test/{build,chaos,api-fuzz,package}/**/*.test.ts',
  'test/simulate/{simulate,parameters}.test.ts',
  // It minifies the console, which takes some seconds.
  'test/console/sizes.test.ts',
  'test/bench/textbook.test.ts',
  // It starts bash.
  'test/command/completion.test.ts',
  'test/serve-api/open-api-lint.test.ts',
];

/** Tests of the console in a browser, on the synthesized stack. They are skipped where there is no browser. */
const browser = ['test/browser/**/*.test.ts'];

/** Ends tests that hang. A test may wait several times for `WAIT_LIMIT_MS` of `until`. No test asserts a duration. */
const TEST_LIMIT_MS = 1_800_000;
const POLL_LIMIT_MS = 600_000;

export default defineConfig({
  test: {
    testTimeout: TEST_LIMIT_MS,
    hookTimeout: TEST_LIMIT_MS,
    teardownTimeout: TEST_LIMIT_MS,
    expect: { poll: { timeout: POLL_LIMIT_MS } },
    // The test files of a worker share their modules: loading them anew for each file took more CPU time than the unit tests.
    isolate: false,
    // Node loads the sources itself, as it does when they run: Vite's transformation took a third of the unit tests' CPU time.
    experimental: { viteModuleRunner: false },
    setupFiles: ['test/support/set-up-file.ts'],
    sequence: { sequencer: LongFilesFirst },
    // More workers than cores: many files mostly wait.
    maxWorkers: Math.max(4, availableParallelism()),
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: [...journeys, ...parts, ...browser],
          globalSetup: ['test/support/run-directory.ts'],
        },
      },
      {
        extends: true,
        test: {
          name: 'parts',
          include: parts,
          exclude: journeys,
          globalSetup: ['test/support/run-directory.ts', 'test/support/build-functions.ts'],
        },
      },
      {
        extends: true,
        test: {
          name: 'journeys',
          include: journeys,
          globalSetup: ['test/support/run-directory.ts', 'test/journeys/support/synthesize.ts'],
        },
      },
      {
        extends: true,
        test: {
          name: 'browser',
          include: browser,
          globalSetup: ['test/support/run-directory.ts', 'test/browser/support/set-up.ts'],
        },
      },
    ],
    coverage: {
      provider: 'v8',
      include: ['lambdas/**', 'lib/**', 'local/**', 'simulate/**'],
      reporter: ['text-summary'],
    },
  },
});
