import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cutText } from '../../lambdas/shared/domain/excerpt.ts';

describe('the beginning of a text', () => {
  it.each([
    ['', 4, '', false],
    ['abcd', 4, 'abcd', false],
    ['abcde', 4, 'abcd', true],
    ['ab€', 4, 'ab', true],
    ['a€', 4, 'a€', false],
    ['😀', 4, '😀', false],
    ['a😀', 4, 'a', true],
    ['\ud83d', 4, '\ufffd', false],
  ])('of %j in %i bytes is %j', (text, bytes, cut, isCut) => {
    expect(cutText(text, bytes)).toEqual({ text: cut, isCut });
  });

  it('fits, is well-formed, and misses less than one character of the space', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 40 }),
        fc.integer({ min: 4, max: 60 }),
        (text, bytes) => {
          const cut = cutText(text, bytes);
          expect(cut.text.isWellFormed()).toBe(true);
          expect(Buffer.byteLength(cut.text)).toBeLessThanOrEqual(bytes);
          expect(cut.isCut).toBe(Buffer.byteLength(text) > bytes);
          if (cut.isCut) expect(Buffer.byteLength(cut.text)).toBeGreaterThan(bytes - 4);
          expect(text.toWellFormed().startsWith(cut.text)).toBe(true);
        },
      ),
    );
  });
});
