const NOT_ASCII = /[\u0080-\uffff]/g;

/** JSON in ASCII: SQS refuses some characters (U+FFFE, U+FFFF, most controls). Parsing returns the same value. */
export function asciiJson(value: unknown): string {
  return escapeNonAscii(JSON.stringify(value));
}

/** The same JSON text in ASCII. In JSON, other characters occur only in strings, where an escape is equivalent. */
export function escapeNonAscii(json: string): string {
  return json.replace(NOT_ASCII, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
