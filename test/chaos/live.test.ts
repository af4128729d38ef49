import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { type LiveStage, prepareStage } from '../../chaos/live/assembly.ts';
import { checkLive, liveScenarios } from '../../chaos/live/check.ts';

const HANDFUL = 4;
const SEED = 3;

let stage: LiveStage;
beforeAll(async () => {
  stage = await prepareStage(inject('privateAssembly'));
});
afterAll(() => stage.remove());

/** More of them: `npm run chaos -- --live --runs 20`. */
describe('the delivery of events, by the shipped bundles and in real time', () => {
  it.concurrent.each(
    liveScenarios({ seed: SEED, runs: HANDFUL, maxFaults: 6 }).map((scenario, n) => [n, scenario] as const),
  )('loses nothing and multiplies nothing, whatever goes wrong (%i)', async (_, scenario) => {
    const { violations, story } = await checkLive(scenario, stage);

    expect(violations, story).toEqual([]);
  });
});
