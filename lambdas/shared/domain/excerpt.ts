/** Bytes of the last failed response that are recorded. */
export const EXCERPT_BYTES = 1_024;

/** Bytes of earlier responses that are recorded, so that the record of four failed attempts stays within 4 KiB. */
export const EARLIER_EXCERPT_BYTES = 256;

const encoder = new TextEncoder();

/**
 * The beginning of a text: at most `maxBytes` of UTF-8, whole characters only. Half of a surrogate pair, which
 * DynamoDB refuses, becomes U+FFFD.
 */
export function cutText(text: string, maxBytes: number): { readonly text: string; readonly isCut: boolean } {
  const { read } = encoder.encodeInto(text, new Uint8Array(maxBytes));
  return { text: text.slice(0, read).toWellFormed(), isCut: read < text.length };
}
