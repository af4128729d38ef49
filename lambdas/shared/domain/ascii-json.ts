const NOT_ASCII = /[\u0080-\uffff]/g;

/**
 * JSON in ASCII alone. SQS refuses some characters (U+FFFF, most controls); escaped, any text
 * passes, and parsing gives back exactly what was written.
 */
export function asciiJson(value: unknown): string {
  return JSON.stringify(value).replace(
    NOT_ASCII,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
