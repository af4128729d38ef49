import type { WebhookFanoutProps } from '../webhook-fanout-props.ts';
import { InputError, show } from './input.ts';
import { readOrigins } from './origins.ts';

const MAX_CHARACTERS = 200;

export const CONSOLE_URL_RULE = `an https address without a path, such as https://webhooks.example.com, of at most ${MAX_CHARACTERS} characters`;

/** The values of the props that begin with `console`, and of `portal`. */
export interface ConsoleSettings {
  /** Whether this construct serves the console. */
  readonly isServed: boolean;
  readonly hasPortal: boolean;
  /** Origins of the pages that may show the console in a frame. */
  readonly embeddedBy: readonly string[];
  /** Where the console is opened. Undefined: at the API's own address. */
  readonly origin: string | undefined;
}

/** An origin as a browser writes it. */
export function isConsoleUrl(value: unknown): value is string {
  if (typeof value !== 'string' || value.length > MAX_CHARACTERS || !URL.canParse(value)) return false;
  const { origin, protocol } = new URL(value);
  return protocol === 'https:' && origin === value;
}

/** Throws for values that are not allowed, and for those without an effect. */
export function readConsoleProps(props: WebhookFanoutProps): ConsoleSettings {
  const {
    console: isServed = true,
    consoleUrl,
    consoleEmbeddedBy = [],
    allowPrivateEndpoints = false,
  } = props;
  const { portal: hasPortal = isServed } = props;
  const embeddedBy = readOrigins('consoleEmbeddedBy', consoleEmbeddedBy, allowPrivateEndpoints);
  if (embeddedBy.length > 0 && !isServed) {
    throw new InputError(
      'consoleEmbeddedBy is given, but console is false: the console is not served. Leave one of them out.',
    );
  }
  if (consoleUrl !== undefined && !isConsoleUrl(consoleUrl)) {
    throw new InputError(
      `consoleUrl is ${show(consoleUrl)}; expected: ${CONSOLE_URL_RULE}. Leave it out for the API's own address.`,
    );
  }
  if (consoleUrl !== undefined && !isServed && !hasPortal) {
    throw new InputError(
      'consoleUrl is given, but there is neither the console nor a portal function. Set console or portal, or leave it out.',
    );
  }
  return { isServed, hasPortal, embeddedBy, origin: consoleUrl };
}
