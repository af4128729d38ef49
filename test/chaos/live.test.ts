import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { checkLiveRun, liveScenarios } from '../../chaos/live/check-live-run.ts';
import { type LiveSetup, prepareLiveSetup } from '../../chaos/live/live-setup.ts';

const RUNS = 4;
const SEED = 3;

let setup: LiveSetup;
beforeAll(async () => {
  setup = await prepareLiveSetup(inject('privateAssembly'));
});
afterAll(() => setup.remove());

/** For more runs: `npm run chaos -- --live --runs 20`. */
describe('the delivery of events by the deployed bundles in real time', () => {
  it.concurrent.each(
    liveScenarios({ seed: SEED, runs: RUNS, maxFaults: 6 }).map((scenario, n) => [n, scenario] as const),
  )('loses and duplicates nothing under random faults (%i)', async (_, scenario) => {
    const { violations, report } = await checkLiveRun(scenario, setup);

    expect(violations, report).toEqual([]);
  });
});
