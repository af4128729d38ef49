import { InputError, show } from './input.ts';

const MAX_CHARACTERS = 200;

export const CONSOLE_URL_RULE = `an https address without a path, such as https://webhooks.example.com, of at most ${MAX_CHARACTERS} characters`;

/** An origin as a browser writes it. */
export function isConsoleUrl(value: unknown): value is string {
  if (typeof value !== 'string' || value.length > MAX_CHARACTERS || !URL.canParse(value)) return false;
  const { origin, protocol } = new URL(value);
  return protocol === 'https:' && origin === value;
}

/** Throws for any other value, and without the function that uses it. */
export function readConsoleUrl(given: unknown, hasPortal: boolean): string | undefined {
  if (given === undefined) return undefined;
  if (!isConsoleUrl(given)) {
    throw new InputError(
      `consoleUrl is ${show(given)}; expected is ${CONSOLE_URL_RULE}. Leave it out for the API's own address.`,
    );
  }
  if (hasPortal) return given;
  throw new InputError('consoleUrl is given, but no link is made: set portal, too, or leave it out.');
}
