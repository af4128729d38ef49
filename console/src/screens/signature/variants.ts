import { decodeBase64 } from './hmac.ts';

/** A value that may have been sent instead of the one that was pasted, and the change that was made to it after it was sent. */
export interface Variant<Change extends string> {
  readonly value: string;
  readonly change: Change;
}

export type BodyChange = 'edge' | 'line-breaks' | 'rewritten' | 'quoted' | 'base64';
export type SecretChange = 'space' | 'quotes' | 'prefix' | 'around';
export type TimestampChange = 'milliseconds' | 'other-header';

/** A string of JSON, or white space between its tokens. */
const STRING_OR_SPACE = /("(?:[^"\\]|\\.)*")|\s+/gs;

/** The body before the changes that servers and logs make. */
export function bodyVariants(body: string): Variant<BodyChange>[] {
  const compact = body.replace(STRING_OR_SPACE, '$1');
  return differing(body, [
    ['edge', body.trim()],
    ['line-breaks', body.replace(/\r?\n/g, '\r\n')],
    ['rewritten', compact],
    // Python, Go and PHP write some characters as escapes, which the service does not.
    ['rewritten', withoutEscapes(compact)],
    ['quoted', unquote(body.trim())],
    ['base64', decodeText(body.replace(/\s/g, ''))],
  ]);
}

/** The secret before mistakes in copying it. */
export function secretVariants(secret: string): Variant<SecretChange>[] {
  const trimmed = secret.trim();
  const unquoted = trimmed.replace(/^(["'`])(.*)\1$/, '$2');
  return differing(secret, [
    ['space', trimmed],
    ['quotes', unquoted],
    ['prefix', unquoted.startsWith('whsec_') ? undefined : `whsec_${unquoted}`],
    ['around', /whsec_[\w+/-]+=*/.exec(secret)?.[0]],
  ]);
}

/** `other`: the value of the other timestamp header. */
export function timestampVariants(timestamp: string, other: string | undefined): Variant<TimestampChange>[] {
  return differing(timestamp, [
    ['milliseconds', /^\d{13}$/.test(timestamp) ? timestamp.slice(0, 10) : undefined],
    ['other-header', other],
  ]);
}

function differing<Change extends string>(
  given: string,
  values: readonly (readonly [Change, string | undefined])[],
): Variant<Change>[] {
  const known = new Set<string | undefined>([undefined, '', given]);
  const variants: Variant<Change>[] = [];
  for (const [change, value] of values) {
    if (value !== undefined && !known.has(value)) variants.push({ change, value });
    known.add(value);
  }
  return variants;
}

function withoutEscapes(json: string): string {
  return json.replace(/\\(?:u([0-9a-f]{4})|(.))/gis, (whole, code: string | undefined, other: string) => {
    if (code === undefined) return other === '/' ? '/' : whole;
    const unit = Number.parseInt(code, 16);
    // Control characters, quotes and backslashes are always escaped.
    return unit < 0x20 || unit === 0x22 || unit === 0x5c ? whole : String.fromCharCode(unit);
  });
}

/** A body that was written as a string of JSON. */
function unquote(text: string): string | undefined {
  if (!text.startsWith('"')) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'string' ? value : undefined;
  } catch {
    return undefined;
  }
}

function decodeText(text: string): string | undefined {
  const bytes = decodeBase64(text);
  return bytes && new TextDecoder().decode(bytes);
}
