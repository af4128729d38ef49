import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { type Comparison, compareWithClean } from '../../simulate/compare.ts';
import {
  DEPLOYED,
  type Parameters,
  withoutLanes,
  withoutLimits,
  withProvisionedPollers,
} from '../../simulate/parameters.ts';
import { type Result, simulate } from '../../simulate/simulate.ts';

/** A short run in which every response takes the same time, so that expected values can be calculated. */
const STEADY: Parameters = {
  ...DEPLOYED,
  eventsPerSecond: 200,
  endpoints: 200,
  hangingShare: 0,
  failingShare: 0,
  answerP99Ms: DEPLOYED.answerMedianMs,
  invocationMs: 0,
  coldStartMs: 0,
  cleanSeconds: 10,
  settleSeconds: 60,
  measuredSeconds: 30,
};

const WINDOW_THAT_FILLS_A_BATCH_MS = 1_000;
const FULL_BATCHES = { ...DEPLOYED.first, windowMs: WINDOW_THAT_FILLS_A_BATCH_MS };

describe('the simulator', () => {
  it('keeps as many environments busy as batches arrive while one lasts', () => {
    const load = fc.record({
      eventsPerSecond: fc.integer({ min: 50, max: 300 }),
      answerMs: fc.integer({ min: 20, max: 500 }),
      batchSize: fc.integer({ min: 1, max: 20 }),
      seed: fc.nat(),
    });

    fc.assert(
      fc.property(load, ({ eventsPerSecond, answerMs, batchSize, seed }) => {
        const { functions } = simulate(
          withoutLimits({
            ...STEADY,
            ...{ eventsPerSecond, seed, answerMedianMs: answerMs, answerP99Ms: answerMs },
            ...{ settleSeconds: 0, measuredSeconds: 60, first: { ...FULL_BATCHES, batchSize } },
          }),
        );

        const batchesPerSecond = eventsPerSecond / batchSize;
        const expected = batchesPerSecond * (answerMs / 1000);
        expect(Math.abs(functions.first.meanConcurrency / expected - 1)).toBeLessThan(0.1);
        expect(functions.retry.meanConcurrency + functions.slow.meanConcurrency).toBe(0);
      }),
      { numRuns: 15 },
    );
  });

  it.each([
    { hangingShare: 0, environments: 10 },
    { hangingShare: 0.01, environments: 296 },
    { hangingShare: 0.05, environments: 1_210 },
    { hangingShare: 0.1, environments: 1_957 },
  ])('needs $environments environments where $hangingShare of a single queue hangs', (expected) => {
    const parameters = withoutLimits(
      withoutLanes({
        ...STEADY,
        ...{ eventsPerSecond: 1_000, endpoints: 1_000, hangingShare: expected.hangingShare },
        ...{ retryDelaysSeconds: [], first: FULL_BATCHES },
        ...{ cleanSeconds: 1, settleSeconds: 31, measuredSeconds: 30 },
      }),
    );

    const { meanConcurrency } = simulate(parameters).functions.first;

    expect(meanConcurrency / expected.environments).toBeGreaterThan(0.97);
    expect(meanConcurrency / expected.environments).toBeLessThan(1.03);
  });

  it('delivers every event to as many endpoints as its fan-out', () => {
    const alone = simulate({ ...STEADY, measuredSeconds: 60 });
    const fannedOut = simulate({ ...STEADY, measuredSeconds: 60, fanOut: 3 });

    expect(fannedOut.healthy.deliveries).toBe(3 * alone.healthy.deliveries);
  });

  it('gives the same result for the same seed, and another result for another seed', () => {
    const run = (seed: number) => simulate({ ...DEPLOYED, ...short, eventsPerSecond: 100, seed });
    const first = run(1);

    expect(run(1)).toEqual(first);
    expect(run(2).healthy).not.toEqual(first.healthy);
  });
});

const short = { cleanSeconds: 10, settleSeconds: 60, measuredSeconds: 30 };

/** With a minute before the onset, in which the pollers grow to what the load needs. */
const LOAD = { ...DEPLOYED, ...short, cleanSeconds: 60, eventsPerSecond: 1_000, endpoints: 1_000 };

/** Each load is simulated once, with its clean run: the same parameters have the same result. */
const cleanRuns = new Map<string, Result>();
const comparisons = new Map<string, Comparison>();
afterAll(() => {
  cleanRuns.clear();
  comparisons.clear();
});

function compare(parameters: Parameters): Comparison {
  return once(comparisons, parameters, () => {
    const clean = { ...parameters, hangingShare: 0 };
    return compareWithClean(
      parameters,
      once(cleanRuns, clean, () => simulate(clean)),
    );
  });
}

function once<T>(results: Map<string, T>, parameters: Parameters, run: () => T): T {
  const key = JSON.stringify(parameters);
  const result = results.get(key) ?? run();
  results.set(key, result);
  return result;
}

const onsetAt = (hangingShare: number, parameters: Parameters = LOAD): number =>
  compare({ ...parameters, hangingShare }).onsetSeconds;

describe('the lanes', () => {
  it('prevent that hanging endpoints delay the others, from a minute after the onset', () => {
    const { p99OverClean, firstLaneTimeOverClean } = compare(LOAD);

    expect(p99OverClean).toBeLessThanOrEqual(1.2);
    expect(firstLaneTimeOverClean).toBeLessThanOrEqual(1.2);
  });

  it('delay the others once when endpoints begin to hang at the same moment, for longer when more of them hang', () => {
    expect(onsetAt(0.01)).toBeLessThanOrEqual(5);
    expect(onsetAt(0.05)).toBeGreaterThan(10);
    expect(onsetAt(0.05)).toBeLessThanOrEqual(25);
  });

  it('delay them less with provisioned pollers', () => {
    const provisioned = withProvisionedPollers(LOAD, { minimum: 20, maximum: 60 });

    expect(onsetAt(0.05, provisioned)).toBeLessThanOrEqual(10);
  });

  it('delay them for longer when a message is fresh for ten seconds, or when a webhook is marked only after five', () => {
    expect(onsetAt(0.05, { ...LOAD, freshMs: 10_000 })).toBeGreaterThan(onsetAt(0.05));
    expect(onsetAt(0.05, { ...LOAD, hungAfterMs: 5_000 })).toBeGreaterThan(onsetAt(0.05));
  });

  it('are necessary: in one queue with the concurrency of all lanes together, healthy deliveries wait', () => {
    const { p99OverClean, onsetSeconds } = compareWithClean(
      withoutLanes({ ...DEPLOYED, ...short, eventsPerSecond: 500, endpoints: 200 }),
    );

    expect(p99OverClean).toBeGreaterThan(10);
    expect(onsetSeconds).toBe(Number.POSITIVE_INFINITY);
  });

  it('move every attempt at a hanging endpoint to the slow lane', () => {
    const measuredSeconds = 120;
    const run = simulate({
      ...{ ...DEPLOYED, eventsPerSecond: 100, endpoints: 20 },
      // Only hanging endpoints take so long that they are marked.
      answerP99Ms: DEPLOYED.answerMedianMs,
      ...{ cleanSeconds: 10, settleSeconds: 170, measuredSeconds },
    });

    const hangingDeliveries = 100 * 0.05 * measuredSeconds;
    expect(Math.abs(run.functions.slow.attempts / (4 * hangingDeliveries) - 1)).toBeLessThan(0.1);
    expect(run.lastHungSeconds).toBeLessThan(30);
  });

  it('retry quick errors on the retry lane, which makes no attempt that hangs', () => {
    const { functions } = simulate({
      ...DEPLOYED,
      ...short,
      hangingShare: 0,
      failingShare: 0.1,
      // No response takes so long that it marks its webhook.
      answerP99Ms: DEPLOYED.answerMedianMs,
      eventsPerSecond: 100,
    });

    const failuresOfAChain = 0.1 + 0.1 ** 2 + 0.1 ** 3;
    const expected = 100 * short.measuredSeconds * failuresOfAChain;
    expect(Math.abs(functions.retry.attempts / expected - 1)).toBeLessThan(0.1);
    expect(functions.slow.attempts).toBe(0);
  });
});

describe('a queue with too few environments', () => {
  it('counts deliveries that have not been sent yet with their wait so far', () => {
    const { healthy } = simulate({
      ...STEADY,
      settleSeconds: 0,
      first: { ...STEADY.first, maxConcurrency: 1 },
    });

    expect(healthy.p99Ms).toBeGreaterThan(10_000);
    expect(healthy.longestWaitMs).toBeGreaterThan(10_000);
  });

  it('gets more pollers one by one', () => {
    const ramp = (perMinute: number) =>
      compareWithClean({
        ...DEPLOYED,
        ...short,
        eventsPerSecond: 200,
        endpoints: 200,
        hangingShare: 0.2,
        first: { ...DEPLOYED.first, pollers: { atStart: 5, perMinute } },
        lanes: false,
      }).hanging.functions.first.onsetPeak;

    expect(ramp(300)).toBeGreaterThan(2 * ramp(60));
  });
});
