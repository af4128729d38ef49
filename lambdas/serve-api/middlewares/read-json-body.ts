import type { MiddlewareObj } from '@middy/core';
import { invalidRequest, problem } from '../problem.ts';
import { type GatewayResult, type Reply, render } from '../reply.ts';
import type { ApiEvent } from '../request.ts';

/** Several times the largest valid input; refused before it is parsed. */
export const MAX_REQUEST_BYTES = 64 * 1024;

const JSON_TYPE = /^application\/json *(?:; *charset="?utf-8"? *)?$/i;

/**
 * What decoders put for bytes that are not UTF-8. A gateway that hands over text has decoded them before, and
 * a name or path with this in it would be kept in silence. Who means it can write `\ufffd`.
 */
const REPLACEMENT_CHARACTER = '\ufffd';

/** At the end of what V8 says of bad JSON, where it says so. */
const PLACE = /\(line (\d+) column (\d+)\)$/;

/** A header can be as long as the gateway's limit for all of them. */
const MAX_QUOTED_CHARACTERS = 64;

/** Gives the calls that take one a parsed body. What it parsed to, their schemas judge. */
export function readJsonBody(): MiddlewareObj<ApiEvent, GatewayResult> {
  return {
    before: ({ event }) => {
      if (event.route?.takesJson !== true) return undefined;
      const read = readJson(event);
      if (!read.ok) return render(read.reply);
      event.json = read.value;
      return undefined;
    },
  };
}

type Read = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly reply: Reply };

function readJson(event: ApiEvent): Read {
  const bytes = Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8');
  if (bytes.length > MAX_REQUEST_BYTES) {
    const detail = `the body has ${bytes.length} bytes; ${MAX_REQUEST_BYTES} are allowed`;
    return { ok: false, reply: problem('body-too-large', detail) };
  }
  const type = event.headers['content-type'];
  if (type === undefined || !JSON_TYPE.test(type.trim())) {
    const got = type === undefined ? 'there is no content type' : `the content type is "${shorten(type)}"`;
    const detail = `${got}; send JSON in UTF-8 with the header "Content-Type: application/json"`;
    return { ok: false, reply: problem('unsupported-media-type', detail) };
  }
  const text = decode(event, bytes);
  if (text === undefined) return refuse('the body is not valid UTF-8; send JSON in UTF-8');
  if (text.includes(REPLACEMENT_CHARACTER)) {
    return refuse('the body holds U+FFFD, which stands for bytes that are not UTF-8; send JSON in UTF-8');
  }
  if (text.trim() === '') return refuse('the body is empty; send a JSON object');
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch (error) {
    return refuse(`the body is not valid JSON${placeOf(error)}`);
  }
}

/** The parser's own message quotes the body, where a secret may stand: of it only the place is told. */
function placeOf(error: unknown): string {
  const [, line, column] = PLACE.exec(String(error)) ?? [];
  return line === undefined ? '' : `: see line ${line}, column ${column}`;
}

function shorten(type: string): string {
  return type.length > MAX_QUOTED_CHARACTERS ? `${type.slice(0, MAX_QUOTED_CHARACTERS)}…` : type;
}

/** Undefined for what is not Unicode: the gateway hands over bytes in base64, or text. */
function decode(event: ApiEvent, bytes: Buffer): string | undefined {
  if (!event.isBase64Encoded && event.body?.isWellFormed() === false) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function refuse(message: string): Read {
  return { ok: false, reply: invalidRequest([{ path: '', message }]) };
}
