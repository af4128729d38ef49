import type { MIMEType } from 'node:util';
import { util } from '../node-util.ts';
import { problem } from '../problem.ts';
import type { ApiResponse } from '../response.ts';

const JSON_TYPE = 'application/json';

/**
 * Names of UTF-8 and of US-ASCII in lower case. Every US-ASCII text is valid UTF-8. Sources:
 * https://encoding.spec.whatwg.org/#names-and-labels and https://www.iana.org/assignments/character-sets.
 */
const UTF8_CHARSETS: ReadonlySet<string> = new Set([
  ...['utf-8', 'utf8', 'csutf8', 'unicode-1-1-utf-8', 'unicode11utf8', 'unicode20utf8', 'x-unicode20utf8'],
  ...['us-ascii', 'ascii', 'csascii', 'us', 'iso646-us', 'iso_646.irv:1991', 'iso-ir-6', 'ibm367', 'cp367'],
  ...['ansi_x3.4-1968', 'ansi_x3.4-1986'],
]);

/** Means "no coding": https://www.rfc-editor.org/rfc/rfc9110#section-8.4.1. */
const IDENTITY = 'identity';

/** The gateway allows much longer headers. */
const MAX_QUOTED_CHARACTERS = 64;

const INSTRUCTION = 'send JSON in UTF-8 with the header "Content-Type: application/json"';

/** The response 415 when the headers describe a body that this API does not read, else undefined. */
export function refuseMediaType(
  headers: Readonly<Record<string, string | undefined>>,
): ApiResponse | undefined {
  const reason = whyTypeUnsupported(headers['content-type']);
  if (reason !== undefined) return problem('unsupported-media-type', `${reason}; ${INSTRUCTION}`);
  const codings = codingsIn(headers['content-encoding']);
  if (codings.length === 0) return undefined;
  const names = shorten(codings.join(', '));
  return problem(
    'unsupported-media-type',
    `the content coding of the body is "${names}"; send it without one`,
    {
      headers: { 'accept-encoding': IDENTITY },
    },
  );
}

function whyTypeUnsupported(header: string | undefined): string | undefined {
  if (header === undefined) return 'there is no content type';
  const type = parseType(header);
  if (type?.essence !== JSON_TYPE) return `the content type is "${shorten(header)}"`;
  const charset = type.params.get('charset');
  if (charset === null || UTF8_CHARSETS.has(charset.trim().toLowerCase())) return undefined;
  return `the charset of the body is "${shorten(charset)}"`;
}

/** Parses by https://mimesniff.spec.whatwg.org, which ignores parameters that are not valid. */
function parseType(header: string): MIMEType | undefined {
  try {
    return new util.MIMEType(header);
  } catch {
    return undefined;
  }
}

function codingsIn(header = ''): string[] {
  const names = header.split(',').map((name) => name.trim().toLowerCase());
  return names.filter((name) => name !== '' && name !== IDENTITY);
}

function shorten(text: string): string {
  return text.length > MAX_QUOTED_CHARACTERS ? `${text.slice(0, MAX_QUOTED_CHARACTERS)}…` : text;
}
