import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bundleFunctions } from '../../chaos/bundle.ts';
import { scenarios } from '../../chaos/generate.ts';
import { play } from '../../chaos/play.ts';
import { createStage } from '../../chaos/stage.ts';
import { traceOf } from '../../chaos/story.ts';

const SAMPLE = 25;
const SEED = 7;

describe('the bundled functions', () => {
  it('do to the letter what their source does', async () => {
    const stage = await createStage();
    const bundled = { ...stage, code: await bundleFunctions() };

    for (const scenario of fc.sample(scenarios(6), { seed: SEED, numRuns: SAMPLE })) {
      const fromSource = traceOf(await play(scenario, stage));
      const fromBundle = traceOf(await play(scenario, bundled));

      expect(fromBundle).toBe(fromSource);
    }
  }, 60_000);
});
