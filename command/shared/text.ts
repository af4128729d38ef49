/**
 * Replaces control characters: customers and publishers choose parts of the texts, and could change the terminal with
 * them.
 */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}]/gu, '?');
}

/** `1 event`, `2 events`. */
export function plural(count: number, noun: string): string {
  return `${count} ${count === 1 ? noun : `${noun}s`}`;
}
