import { describe, expect, it } from 'vitest';
import { checkRuns } from '../../chaos/check.ts';
import { play } from '../../chaos/play.ts';
import { createStage } from '../../chaos/stage.ts';
import { traceOf } from '../../chaos/story.ts';
import { ANY_FAULTS } from './scenarios.ts';

const stage = await createStage();

/** The same in every run of the tests, unless told otherwise; `npm run chaos` goes on from others. */
const SEED = Number(process.env.CHAOS_SEED ?? 1);

describe('the delivery of events', () => {
  it('makes exactly the expected requests, in time, where nothing goes wrong [FAULT-1]', async () => {
    const failure = await checkRuns(stage, { seed: SEED, runs: 60, maxFaults: 0 });

    expect(failure?.story, `seed ${SEED}, path ${failure?.path}`).toBeUndefined();
  });

  it('loses nothing and multiplies nothing, whatever goes wrong [FAULT-1]', async () => {
    const failure = await checkRuns(stage, { seed: SEED, runs: 240 });

    expect(failure?.story, `seed ${SEED}, path ${failure?.path}`).toBeUndefined();
  });

  it('plays the same scenario the same way', async () => {
    const first = await play(ANY_FAULTS, stage);

    const second = await play(ANY_FAULTS, stage);

    expect(traceOf(second)).toBe(traceOf(first));
  });
});
