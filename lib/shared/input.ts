/**
 * A value that the operator gave cannot be used. The message is for a person: what was given, what is allowed
 * and how to correct it. The app prints it alone; any other error is a bug and keeps its stack trace.
 */
export class InputError extends Error {
  override readonly name = 'InputError';

  constructor(message: string, options?: ErrorOptions) {
    // Parts of the message were given: they must not control the terminal.
    super(message.replaceAll(INVISIBLE, codePointOf), options);
  }
}

/** Control and format characters, but for the line breaks of the message itself. */
const INVISIBLE = /(?!\n)[\p{Cc}\p{Cf}]/gu;

function codePointOf(character: string): string {
  return `\\u{${character.codePointAt(0)?.toString(16) ?? ''}}`;
}

/** A value that can be used, or what is wrong with what was given: empty where the rule alone says enough. */
export type Reading<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly problem: string };

export function accept<Value>(value: Value): Reading<Value> {
  return { ok: true, value };
}

export function refuse(problem: string): Reading<never> {
  return { ok: false, problem };
}

/** Longest part of a given value that a message repeats. */
const MAX_SHOWN_CHARACTERS = 200;

/** A given value as one line of a message. Text is quoted, and control characters are escaped. */
export function show(value: unknown): string {
  return shorten(typeof value === 'string' ? JSON.stringify(value) : describe(value));
}

export function shorten(text: string): string {
  return text.length > MAX_SHOWN_CHARACTERS ? `${text.slice(0, MAX_SHOWN_CHARACTERS)}…` : text;
}

/** JSON where that is possible: undefined, functions, BigInts, cycles and very deep values have none. */
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

/** Whole and within both limits, which are allowed themselves. */
export function isWhole(value: unknown, minimum: number, maximum: number): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= minimum && value <= maximum;
}

/** Without the properties that are undefined. */
export function present<Properties extends object>(
  properties: Properties,
): { [Name in keyof Properties]?: Exclude<Properties[Name], undefined> } {
  const defined = Object.entries(properties).filter(([, value]) => value !== undefined);
  return Object.fromEntries(defined) as ReturnType<typeof present<Properties>>;
}

/** JSON.stringify, but undefined where a value is nested too deeply or refers to itself. */
export function toJson(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    return undefined;
  }
}
