import fc from 'fast-check';
import { describe, expect, inject, it } from 'vitest';
import { loadBundles } from '../../chaos/bundles.ts';
import { SOURCE } from '../../chaos/functions.ts';
import { scenarios } from '../../chaos/generate.ts';
import { play } from '../../chaos/play.ts';
import { prepareSecrets } from '../../chaos/secrets.ts';
import { readStack } from '../../chaos/stage.ts';
import { traceOf } from '../../chaos/story.ts';

const SAMPLE = 25;
const SEED = 7;

describe('the bundles that are deployed', () => {
  it('do to the letter what their source does', async () => {
    const stack = await readStack(inject('assembly'));
    const secrets = await prepareSecrets(stack);
    const bundles = await loadBundles(stack);

    for (const scenario of fc.sample(scenarios(6), { seed: SEED, numRuns: SAMPLE })) {
      const fromSource = traceOf(await play(scenario, { stack, secrets, code: SOURCE }));
      const fromBundles = traceOf(await play(scenario, { stack, secrets, code: bundles }));

      expect(fromBundles).toBe(fromSource);
    }
  });
});
