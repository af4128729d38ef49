/**
 * A value that the operator gave is not valid. The message states what was given, what is allowed and how to correct
 * it. The app prints only the message. Any other error is a bug, and is printed with its stack trace.
 */
export class InputError extends Error {
  override readonly name = 'InputError';

  constructor(message: string, options?: ErrorOptions) {
    // The message repeats given values. Their control characters would change the terminal.
    super(message.replaceAll(CONTROL_CHARACTERS, codePointOf), options);
  }
}

/** Control and format characters, except the line breaks of the message itself. */
const CONTROL_CHARACTERS = /(?!\n)[\p{Cc}\p{Cf}]/gu;

function codePointOf(character: string): string {
  return `\\u{${character.codePointAt(0)?.toString(16) ?? ''}}`;
}

/** The value that was read, or the problem with the given value. */
export type ParseResult<Value> =
  | { readonly ok: true; readonly value: Value }
  /** `problem` is empty when the rule of the setting explains the problem. */
  | { readonly ok: false; readonly problem: string };

export function accept<Value>(value: Value): ParseResult<Value> {
  return { ok: true, value };
}

export function refuse(problem: string): ParseResult<never> {
  return { ok: false, problem };
}

/** The maximum number of characters of a given value that a message repeats. */
const MAX_SHOWN_CHARACTERS = 200;

/** A given value as one line for a message. Text is quoted, and control characters are escaped. */
export function show(value: unknown): string {
  return shorten(typeof value === 'string' ? JSON.stringify(value) : describe(value));
}

export function shorten(text: string): string {
  return text.length > MAX_SHOWN_CHARACTERS ? `${text.slice(0, MAX_SHOWN_CHARACTERS)}…` : text;
}

/** The value as JSON where possible. Not possible for undefined, functions, BigInts, cycles and very deep values. */
function describe(value: unknown): string {
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    return Array.isArray(value) ? 'a list' : `a value of type ${typeof value}`;
  }
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether the value is a whole number from `minimum` to `maximum`. */
export function isWholeNumber(value: unknown, minimum: number, maximum: number): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= minimum && value <= maximum;
}

/** The properties whose values are not undefined. */
export function withoutUndefined<Properties extends object>(
  properties: Properties,
): { [Name in keyof Properties]?: Exclude<Properties[Name], undefined> } {
  const defined = Object.entries(properties).filter(([, value]) => value !== undefined);
  return Object.fromEntries(defined) as ReturnType<typeof withoutUndefined<Properties>>;
}

/** As JSON.stringify, but returns undefined for a value that is nested too deeply or refers to itself. */
export function toJson(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    return undefined;
  }
}
