/** Node 24 has these functions; TypeScript's library does not declare them yet. */
declare global {
  interface JSON {
    parse(text: string, reviver: (key: string, value: unknown, context: ReviverContext) => unknown): unknown;
    rawJSON(text: string): object;
    isRawJSON(value: unknown): boolean;
  }
}

interface ReviverContext {
  /** The text of a primitive value in the document. */
  readonly source?: string;
}

/**
 * Matches a number that JSON.stringify may write with other digits: negative zero, an exponent, a fraction that ends
 * with 0 or begins with six zeros, or 16 and more digits. Text inside a JSON string may match as well. That costs time
 * but changes nothing.
 */
const NUMBER_THAT_MAY_CHANGE =
  /[:,[]\s*-?(?:(?<=-)0(?![.\d])|\d+(?:\.\d+)?[eE]|\d+\.\d*0(?!\d)|\d+\.0{6}|\d[\d.]{15})/;

export type ExactJson =
  /** `hasRawNumbers`: a number of `value` may be an object of JSON.rawJSON. */
  | { readonly ok: true; readonly value: unknown; readonly hasRawNumbers: boolean }
  | { readonly ok: false; readonly reason: 'not_json' | 'too_deep' };

/**
 * Parses JSON so that JSON.stringify writes every number with the same digits. A reviver makes parsing ten times
 * slower, so it is used only when the text has a number that may change.
 */
export function parseExactly(text: string): ExactJson {
  try {
    const hasRawNumbers = NUMBER_THAT_MAY_CHANGE.test(text);
    const value = hasRawNumbers ? JSON.parse(text, keepDigits) : JSON.parse(text);
    return { ok: true, value, hasRawNumbers };
  } catch (error) {
    // With a reviver, JSON.parse is recursive and throws a RangeError. Without one it accepts any depth.
    return { ok: false, reason: error instanceof RangeError ? 'too_deep' : 'not_json' };
  }
}

/** Whether a value is a JSON object. JSON.rawJSON represents a number as a JavaScript object; that is excluded. */
export function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !JSON.isRawJSON(value);
}

function keepDigits(_key: string, value: unknown, { source }: ReviverContext): unknown {
  const isChanged = typeof value === 'number' && source !== undefined && JSON.stringify(value) !== source;
  return isChanged ? JSON.rawJSON(source) : value;
}
