import fc from 'fast-check';
import { describe, expect, inject, it } from 'vitest';
import { scenarios } from '../../chaos/generate/scenarios.ts';
import { traceOf } from '../../chaos/report.ts';
import { runScenario } from '../../chaos/run-scenario.ts';
import { readStack } from '../../chaos/run-setup.ts';
import { prepareSecrets } from '../../chaos/secrets.ts';
import { SOURCE_CODE } from '../../chaos/simulation/function-code.ts';
import { loadBundles } from '../../chaos/simulation/load-bundles.ts';

const SAMPLE = 25;
const SEED = 7;

describe('the deployed bundles', () => {
  it('give the same history as their source', async () => {
    const stack = await readStack(inject('assembly'));
    const secrets = await prepareSecrets(stack);
    const bundles = await loadBundles(stack);

    for (const scenario of fc.sample(scenarios(6), { seed: SEED, numRuns: SAMPLE })) {
      const fromSource = traceOf(await runScenario(scenario, { stack, secrets, code: SOURCE_CODE }));
      const fromBundles = traceOf(await runScenario(scenario, { stack, secrets, code: bundles }));

      expect(fromBundles).toBe(fromSource);
    }
  });
});
