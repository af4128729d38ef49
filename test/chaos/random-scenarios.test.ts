import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkRuns } from '../../chaos/check-runs.ts';
import { scenarios } from '../../chaos/generate/scenarios.ts';
import { factsOf } from '../../chaos/history.ts';
import { traceOf } from '../../chaos/report.ts';
import { runScenario } from '../../chaos/run-scenario.ts';
import { setup } from './default-setup.ts';
import { ANY_FAULTS } from './scenarios.ts';

/** The same in every run of the tests, unless CHAOS_SEED is set. `npm run chaos` uses other seeds. */
const SEED = Number(process.env.CHAOS_SEED ?? 1);

describe('the delivery of events', () => {
  it('makes exactly the expected requests, on time, without faults [FAULT-1]', async () => {
    const failure = await checkRuns(setup, { seed: SEED, runs: 40, maxFaults: 0 });

    expect(failure?.report, `seed ${SEED}, path ${failure?.path}`).toBeUndefined();
  });

  it('loses and duplicates nothing under random faults [FAULT-1]', async () => {
    const failure = await checkRuns(setup, { seed: SEED, runs: 160 });

    expect(failure?.report, `seed ${SEED}, path ${failure?.path}`).toBeUndefined();
  });

  it('has scenarios in which a failing webhook is warned about, disabled, and has deliveries held', async () => {
    const failing = fc
      .sample(scenarios(0), { seed: SEED, numRuns: 150 })
      .filter(({ disableAfter }) => disableAfter);
    const runs = [];
    for (const scenario of failing.slice(0, 15)) runs.push(await runScenario(scenario, setup));

    const states = runs.flatMap(({ history }) => factsOf(history.facts, 'webhook_written'));
    const records = runs.flatMap(({ finalState }) => finalState.records);
    expect(states.some(({ by, item }) => by === 'sender' && item?.warned_at !== undefined)).toBe(true);
    expect(states.some(({ by, item }) => by === 'sender' && item?.status === 'disabled')).toBe(true);
    expect(records.some(({ status }) => status === 'held')).toBe(true);
  });

  it('gives the same history for the same scenario', async () => {
    const first = await runScenario(ANY_FAULTS, setup);

    const second = await runScenario(ANY_FAULTS, setup);

    expect(traceOf(second)).toBe(traceOf(first));
  });
});
