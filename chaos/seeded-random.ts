import crypto from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';

/** Numbers from 0 to 1 that follow from the seed alone (mulberry32). */
export function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * Makes the ids, nonces and challenges of a run follow from its seed, so that the same scenario gives the
 * same bytes, from the source and from a bundle. The function that it returns undoes it.
 */
export function seedRandomness(seed: number): () => void {
  const random = createRandom(seed);
  const { randomBytes, randomUUID } = crypto;
  const bytes = (size: number): Buffer => Buffer.from(Array.from({ length: size }, () => random() * 256));
  const uuid = (): ReturnType<typeof randomUUID> => {
    const hex = bytes(16).toString('hex');
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20)}`;
  };
  Object.assign(crypto, { randomBytes: bytes, randomUUID: uuid });
  syncBuiltinESMExports();
  return () => {
    Object.assign(crypto, { randomBytes, randomUUID });
    syncBuiltinESMExports();
  };
}
