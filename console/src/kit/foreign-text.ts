/** A part of a text: `code` is the name of a character that is shown instead of it, such as `U+202E`. */
export type ForeignPart = { readonly text: string } | { readonly code: string };

/**
 * Characters that are invisible, or change how other characters are shown: control (except tab and line feed), format
 * (bidi controls, zero width, tags), surrogate, private and unassigned ones, separators of lines and paragraphs, and
 * letters without a shape (Hangul fillers, Braille blank, Khmer vowels, Mongolian selectors, variation selectors).
 */
const HIDDEN =
  /[^\P{C}\t\n]|\p{Zl}|\p{Zp}|\u034f|[\u115f\u1160\u2800\u3164\uffa0]|\u17b4|\u17b5|[\u180b-\u180f]|[\ufe00-\ufe0f]|[\u{e0100}-\u{e01ef}]/u;
const PARTS = new RegExp(`(${HIDDEN.source})`, 'u');

/** Splits a text that an endpoint or a customer wrote. CR LF is shown as a line break. */
export function splitForeign(text: string): ForeignPart[] {
  return text
    .replaceAll('\r\n', '\n')
    .split(PARTS)
    .filter((part) => part !== '')
    .map((part) => (HIDDEN.test(part) ? { code: codeOf(part) } : { text: part }));
}

function codeOf(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}
