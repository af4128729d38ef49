import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { splitForeign } from '../../console/src/kit/foreign-text.ts';

describe('a text of another party', () => {
  it.each([
    ['plain text, ümläute, 日本語 and 👍', [{ text: 'plain text, ümläute, 日本語 and 👍' }]],
    ['', []],
    ['a\tb\r\nc', [{ text: 'a\tb\nc' }]],
    ['a\u202Eb', [{ text: 'a' }, { code: 'U+202E' }, { text: 'b' }]],
    ['\u2066\u2069', [{ code: 'U+2066' }, { code: 'U+2069' }]],
    ['a\u200Bb\uFEFF', [{ text: 'a' }, { code: 'U+200B' }, { text: 'b' }, { code: 'U+FEFF' }]],
    ['\u0000\u001B[31m', [{ code: 'U+0000' }, { code: 'U+001B' }, { text: '[31m' }]],
    ['a\rb', [{ text: 'a' }, { code: 'U+000D' }, { text: 'b' }]],
    ['\u{E0041}', [{ code: 'U+E0041' }]],
    ['\uD800', [{ code: 'U+D800' }]],
    ['\u3164\u2028', [{ code: 'U+3164' }, { code: 'U+2028' }]],
    ['<script>alert(1)</script>', [{ text: '<script>alert(1)</script>' }]],
  ])('%j is split into what is shown and what is named [API-62]', (text, parts) => {
    expect(splitForeign(text)).toEqual(parts);
  });

  it('loses nothing but the carriage returns of line ends [API-62]', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 0x10_ffff })), (points) => {
        const text = String.fromCodePoint(...points);
        const back = splitForeign(text).map((part) =>
          'code' in part ? String.fromCodePoint(Number.parseInt(part.code.slice(2), 16)) : part.text,
        );
        expect(back.join('')).toBe(text.replaceAll('\r\n', '\n'));
      }),
    );
  });
});
