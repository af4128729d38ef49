import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_BATCH_BYTES, packBatches } from '../../lambdas/shared/runtime/queues.ts';

describe('batches of queue messages', () => {
  it('hold every entry once and in order, at most 10 and at most 1 MiB of UTF-8', () => {
    const small = fc.integer({ min: 1, max: 400 });
    const size = fc.oneof(small, fc.integer({ min: 100_000, max: 800_000 }));
    const many = { maxLength: 60, size: 'max' } as const;

    fc.assert(
      fc.property(fc.oneof(fc.array(size, many), fc.array(small, many)), (sizes) => {
        const entries = sizes.map((bytes) => ({ body: 'x'.repeat(bytes) }));

        const batches = packBatches(entries, [...entries.keys()]);

        expect(batches.flat()).toEqual([...entries.keys()]);
        for (const batch of batches) {
          expect(batch.length).toBeLessThanOrEqual(10);
          const total = batch.reduce((sum, index) => sum + (sizes[index] ?? 0), 0);
          expect(total).toBeLessThanOrEqual(MAX_BATCH_BYTES);
        }
      }),
      { numRuns: 50 },
    );
  });

  it('counts bytes of UTF-8, not characters', () => {
    const entries = Array.from({ length: 2 }, () => ({ body: 'é'.repeat(300_000) }));

    expect(packBatches(entries, [0, 1])).toEqual([[0], [1]]);
  });
});
