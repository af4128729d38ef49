import crypto from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

const MAX_BYTE = 255;

/**
 * Replaces Node's random bytes and UUIDs by ones from a seed, so that the same scenario gives the same ids, nonces
 * and challenges, from source and from bundles. The returned function restores the originals.
 */
export function seedRandomness(seed: number): () => void {
  const random = xoroshiro128plus(seed);
  const { randomBytes, randomUUID } = crypto;
  const bytes = (size: number): Buffer =>
    Buffer.from(Array.from({ length: size }, () => uniformInt(random, 0, MAX_BYTE)));
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
