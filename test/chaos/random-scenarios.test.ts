import { describe, expect, it } from 'vitest';
import { checkRuns } from '../../chaos/check-runs.ts';
import { traceOf } from '../../chaos/report.ts';
import { runScenario } from '../../chaos/run-scenario.ts';
import { prepareSetup } from '../../chaos/run-setup.ts';
import { ANY_FAULTS } from './scenarios.ts';

const setup = await prepareSetup();

/** The same in every run of the tests, unless CHAOS_SEED is set. `npm run chaos` uses other seeds. */
const SEED = Number(process.env.CHAOS_SEED ?? 1);

describe('the delivery of events', () => {
  it('makes exactly the expected requests, on time, without faults [FAULT-1]', async () => {
    const failure = await checkRuns(setup, { seed: SEED, runs: 60, maxFaults: 0 });

    expect(failure?.report, `seed ${SEED}, path ${failure?.path}`).toBeUndefined();
  });

  it('loses and duplicates nothing under random faults [FAULT-1]', async () => {
    const failure = await checkRuns(setup, { seed: SEED, runs: 240 });

    expect(failure?.report, `seed ${SEED}, path ${failure?.path}`).toBeUndefined();
  });

  it('gives the same history for the same scenario', async () => {
    const first = await runScenario(ANY_FAULTS, setup);

    const second = await runScenario(ANY_FAULTS, setup);

    expect(traceOf(second)).toBe(traceOf(first));
  });
});
