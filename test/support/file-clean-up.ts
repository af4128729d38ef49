import { afterAll } from 'vitest';

const cleanUps: (() => void | Promise<void>)[] = [];

/** Calls `cleanUp` after the last test of the current file, the last registered first. */
export function afterFile(cleanUp: () => void | Promise<void>): void {
  cleanUps.push(cleanUp);
}

/**
 * Registers the hook that runs what `afterFile` collected. `set-up-file.ts` calls it for each test file. A hook in the body
 * of this module would serve only the first test file of a worker: the test files of a worker share their modules.
 */
export function registerCleanUp(): void {
  afterAll(async () => {
    for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
  });
}
