/** Node 24 has these; TypeScript's library does not declare them yet. */
declare global {
  interface JSON {
    parse(text: string, reviver: (key: string, value: unknown, context: ReviverContext) => unknown): unknown;
    rawJSON(text: string): object;
    isRawJSON(value: unknown): boolean;
  }
}

interface ReviverContext {
  /** The text of a primitive value as it was in the document. */
  readonly source?: string;
}

/**
 * A number that JSON.stringify may not write as it was: negative zero, an exponent, a fraction that ends with 0 or
 * begins with six, or 16 and more digits. Text inside a string may match as well; that costs time and nothing else.
 */
const NUMBER_OF_ANOTHER_FORM =
  /[:,[]\s*-?(?:(?<=-)0(?![.\d])|\d+(?:\.\d+)?[eE]|\d+\.\d*0(?!\d)|\d+\.0{6}|\d[\d.]{15})/;

export type ExactJson =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly reason: 'not_json' | 'too_deep' };

/**
 * Parses JSON so that JSON.stringify writes every number digit for digit as it was. A reviver makes parsing ten times
 * slower, so it is used only where the text has a number that needs it.
 */
export function parseExactly(text: string): ExactJson {
  try {
    const value = NUMBER_OF_ANOTHER_FORM.test(text) ? JSON.parse(text, keepDigits) : JSON.parse(text);
    return { ok: true, value };
  } catch (error) {
    // Plain parsing takes any depth; a reviver is called recursively.
    return { ok: false, reason: error instanceof RangeError ? 'too_deep' : 'not_json' };
  }
}

/** A number that is kept as text is an object too, but not a JSON object. */
export function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !JSON.isRawJSON(value);
}

function keepDigits(_key: string, value: unknown, { source }: ReviverContext): unknown {
  const isChanged = typeof value === 'number' && source !== undefined && JSON.stringify(value) !== source;
  return isChanged ? JSON.rawJSON(source) : value;
}
