import { deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { encodeWithBody, parseBody } from '../../lambdas/shared/store/body-attribute.ts';
import { decodeItem } from '../../lambdas/shared/store/items.ts';

const KEY = { pk: 'ACCOUNT#acct_1', sk: 'EVENT#evt_1' };

/** As compressible as JSON: words from a list of six. */
const text = fc
  .tuple(fc.string({ unit: 'binary', maxLength: 20 }), fc.integer({ min: 0, max: 6_000 }), fc.nat())
  .map(([start, words, seed]) => {
    const list = ['"id":', '"é ✓":', 'true,', '{"name":"order"},', '[1,2,3],', '"2026-11-26",'];
    let text = start;
    for (let n = 0; n < words; n++) text += list[(n * 7 + ((seed >> (n % 20)) & 3)) % list.length];
    return text;
  });

it('reads the body that was stored, of any length', () => {
  fc.assert(
    fc.property(text, (body) => {
      expect(parseBody(decodeItem(encodeWithBody(KEY, body)))).toBe(body);
    }),
    { numRuns: 50 },
  );
});

it.each([1, 3, 31, 200])('compresses a body of about %i KiB as well as with the defaults of zlib', (kib) => {
  const body = '{"id":"evt_1","name":"é order","list":[1,2,3],"at":"2026-11-26"}'
    .repeat(kib * 16)
    .replaceAll('order', () => crypto.randomUUID());

  const { body_deflated: stored } = encodeWithBody(KEY, body);

  expect(stored?.B?.byteLength).toBeLessThanOrEqual(deflateRawSync(body).byteLength * 1.02);
});
