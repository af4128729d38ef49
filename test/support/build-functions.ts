import { buildFunctions } from '../../build/functions.ts';

/** Builds the functions once for the tests that synthesize the stack in their own process. */
export default async function setup(): Promise<void> {
  await buildFunctions();
}
