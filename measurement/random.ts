import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { mersenne } from 'pure-rand/generator/mersenne';

/** Numbers in [0, 1). The same seed gives the same sequence. */
export type Random = () => number;

/** The 99th percentile of the normal distribution, in standard deviations. */
const NORMAL_P99 = 2.326;

/** @param seed any integer. Mersenne Twister: small and adjacent seeds give unrelated sequences. */
export function createRandom(seed: number): Random {
  const generator = mersenne(seed);
  return () => uniformFloat64(generator);
}

/** The time to the next event of a Poisson process, in milliseconds. */
export function drawGapMs(random: Random, eventsPerSecond: number): number {
  return (-Math.log(1 - random()) / eventsPerSecond) * 1000;
}

/** A response time in milliseconds, of a log-normal distribution with this median and 99th percentile. */
export function drawResponseMs(random: Random, medianMs: number, p99Ms: number): number {
  const sigma = Math.log(p99Ms / medianMs) / NORMAL_P99;
  return medianMs * Math.exp(sigma * drawNormal(random));
}

/** A draw of the standard normal distribution, by the Box-Muller transform. */
function drawNormal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
