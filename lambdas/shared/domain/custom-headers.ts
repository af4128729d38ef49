/** The headers that a customer adds to every request of a webhook: the rules for their names and values. */

export const MAX_CUSTOM_HEADERS = 10;
export const MAX_HEADER_NAME_CHARACTERS = 64;
export const MAX_HEADER_VALUE_CHARACTERS = 1_024;
/**
 * Names and values together. Servers limit all headers of a request, often to 8 KiB, and the item of each webhook is
 * read for every event of its account.
 */
export const MAX_HEADERS_CHARACTERS = 4_096;

/** Responses contain this text instead of a value. It is refused as a value: a caller may send back what it received. */
export const HEADER_VALUE_MASK = '********';

/** RFC 9110, section 5.6.2: a token. */
export const HEADER_NAME = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
/** Printable ASCII that neither begins nor ends with a space. */
export const HEADER_VALUE = /^[!-~](?:[ -~]*[!-~])?$/;

/**
 * Names that a customer cannot set, in lower case:
 * - headers that this service sends itself, and everything that describes the body
 * - headers of a connection and of HTTP's framing: with them a request could be read as two (RFC 9110, section 7.6)
 * - headers in which proxies describe the original request: a server may trust them
 * - the method override, which turns the POST into another request
 * - the context of a trace: this service continues the trace of the event, or none
 * - cookies: they identify the session of a browser, and this service has no such session
 */
const RESERVED_NAMES: ReadonlySet<string> = new Set([
  'accept',
  'accept-encoding',
  'connection',
  'cookie',
  'expect',
  'forwarded',
  'host',
  'http2-settings',
  'keep-alive',
  'set-cookie',
  'te',
  'traceparent',
  'tracestate',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'user-agent',
  'via',
  'x-http-method-override',
  'x-real-ip',
  // An assignment to a property of this name sets the prototype.
  '__proto__',
]);
const RESERVED_PREFIXES = ['content-', 'proxy-', 'webhook-', 'x-forwarded-', 'x-webhook-'];

/** Names and values in the customer's order. */
export type HeaderEntries = readonly (readonly [name: string, value: string])[];

export interface HeaderRefusal {
  /** Absent: the headers as a whole are refused. */
  readonly name?: string;
  /** Never quotes a value. */
  readonly reason: string;
}

/** Everything that is wrong with the headers; empty when they can be sent. */
export function whyHeadersRefused(headers: HeaderEntries): HeaderRefusal[] {
  const refusals: HeaderRefusal[] = [];
  if (headers.length > MAX_CUSTOM_HEADERS) {
    refusals.push({ reason: `has ${headers.length} headers; at most ${MAX_CUSTOM_HEADERS} are allowed` });
  }
  const characters = headers.reduce((sum, [name, value]) => sum + name.length + value.length, 0);
  if (characters > MAX_HEADERS_CHARACTERS) {
    refusals.push({
      reason: `has ${characters} characters in all names and values; at most ${MAX_HEADERS_CHARACTERS} are allowed`,
    });
  }
  const names = new Set<string>();
  for (const [name, value] of headers) {
    const reason = whyNameRefused(name, names) ?? whyValueRefused(value);
    if (reason !== undefined) refusals.push({ name, reason });
    names.add(name.toLowerCase());
  }
  return refusals;
}

function whyNameRefused(name: string, before: ReadonlySet<string>): string | undefined {
  const lowerCase = name.toLowerCase();
  if (name.length > MAX_HEADER_NAME_CHARACTERS) {
    return `the name has ${name.length} characters; at most ${MAX_HEADER_NAME_CHARACTERS} are allowed`;
  }
  if (!HEADER_NAME.test(name)) return 'the name is not a token: use letters, digits and "-"';
  if (RESERVED_NAMES.has(lowerCase) || RESERVED_PREFIXES.some((prefix) => lowerCase.startsWith(prefix))) {
    return 'the name is reserved; a webhook cannot set this header';
  }
  if (before.has(lowerCase)) return 'the name is given twice; upper and lower case make no difference';
  return undefined;
}

function whyValueRefused(value: string): string | undefined {
  if (value.length < 1 || value.length > MAX_HEADER_VALUE_CHARACTERS) {
    return `the value has ${value.length} characters; use 1 to ${MAX_HEADER_VALUE_CHARACTERS}`;
  }
  if (!HEADER_VALUE.test(value)) {
    return 'the value must be printable ASCII and must not begin or end with a space';
  }
  if (value === HEADER_VALUE_MASK) return 'the value is the mask that responses show; send the value itself';
  return undefined;
}
