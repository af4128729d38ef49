/** Numbers in [0, 1), the same for the same seed. */
export type Random = () => number;

/** The normal distribution's 99th percentile, in standard deviations. */
const NORMAL_P99 = 2.326;

/** Mulberry32: 32 bits of state are plenty for the few million draws of one run. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The gap to the next of events that come independently of each other, `perSecond` of them on average. */
export function drawGapMs(random: Random, perSecond: number): number {
  return (-Math.log(1 - random()) / perSecond) * 1000;
}

/** Log-normal, as response times are: most close to the median, a few far above it. */
export function drawAnswerMs(random: Random, medianMs: number, p99Ms: number): number {
  const sigma = Math.log(p99Ms / medianMs) / NORMAL_P99;
  return medianMs * Math.exp(sigma * drawNormal(random));
}

/** Box and Muller's transform of two even draws. */
function drawNormal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
