/** A folder of sources with the tests that show its behaviour. */
export interface MutatedFolder {
  folder: string;
  /** Run first. */
  tests: string[];
  /** Run for the mutants that no test of `tests` reaches. */
  widerTests: string[];
}

export const FOLDERS: MutatedFolder[] = [
  {
    folder: 'lambdas/shared/domain',
    tests: ['test/domain'],
    widerTests: ['test/dispatch-event', 'test/send-delivery', 'test/store'],
  },
  { folder: 'lambdas/shared/http', tests: ['test/http'], widerTests: [] },
  { folder: 'lambdas/send-delivery', tests: ['test/send-delivery'], widerTests: ['test/runtime'] },
  { folder: 'lambdas/dispatch-event', tests: ['test/dispatch-event'], widerTests: ['test/command'] },
];

/**
 * Handlers only connect a step with AWS, and settings only read variables of the environment. The journeys run them as
 * bundles, which are not instrumented.
 */
export const isMutated = (file: string): boolean => !/\.d\.ts$|\/(handler|settings)\.ts$/.test(file);
