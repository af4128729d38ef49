import { afterAll, beforeAll, describe, it, vi } from 'vitest';
import { activate, deactivate } from './active-mutant.ts';
import { openResults, resultsDirectory } from './results.ts';

/** For the modules and all tests of a file. It takes longer than these with the original code. */
const TIME_LIMIT_MS = 120_000;

/**
 * Defines the tests of a file once for each of these mutants. All modules are loaded again while the mutant is
 * active, since it is in code that runs while modules load.
 */
export function loadWithMutants(ids: number[], load: () => Promise<unknown>): void {
  const results = openResults(resultsDirectory());
  // Vitest refuses a file without tests, and other files may have detected all of these mutants.
  it('is loaded', () => undefined);
  for (const id of ids.filter((one) => !results.isKilled(one))) {
    describe(suiteName(id), async () => {
      beforeAll(() => activate(id, TIME_LIMIT_MS));
      afterAll(() => deactivate());
      vi.resetModules();
      activate(id, TIME_LIMIT_MS);
      try {
        await load();
      } catch {
        results.kill(id, 'the modules do not load');
      } finally {
        deactivate();
      }
    });
  }
}

const SUITE_NAME = /^mutant (\d+)$/;
const suiteName = (id: number): string => `mutant ${id}`;

/** The mutant of a suite of `loadWithMutants`. Undefined for other suites. */
export function suiteMutant(name: string): number | undefined {
  const [, id] = SUITE_NAME.exec(name) ?? [];
  return id === undefined ? undefined : Number(id);
}
