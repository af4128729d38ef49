import type { MiddlewareObj } from '@middy/core';
import { whyUnsupported } from '../media-type.ts';
import { invalidRequest, problem } from '../problem.ts';
import { type GatewayResult, type Reply, render } from '../reply.ts';
import type { ApiEvent } from '../request.ts';

/** Several times the largest valid input. Larger bodies are refused before they are parsed. */
export const MAX_REQUEST_BYTES = 64 * 1024;

/**
 * Decoders replace bytes that are not UTF-8 by this character. A gateway that hands over text has already decoded it,
 * and a name or path would silently be stored with this character in it. JSON can still contain it as `\ufffd`.
 */
const REPLACEMENT_CHARACTER = '\ufffd';

/** The place in V8's message about invalid JSON, which not every message has. */
const PLACE = /\(line (\d+) column (\d+)\)$/;

/** Parses the body for the calls that take one. Their schemas validate the value. */
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
  const unsupported = whyUnsupported(event.headers);
  if (unsupported !== undefined) return { ok: false, reply: unsupported };
  const text = decode(event, bytes);
  if (text === undefined) return refuse('the body is not valid UTF-8; send JSON in UTF-8');
  if (text.includes(REPLACEMENT_CHARACTER)) {
    return refuse('the body contains U+FFFD, which replaces bytes that are not UTF-8; send JSON in UTF-8');
  }
  if (text.trim() === '') return refuse('the body is empty; send a JSON object');
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch (error) {
    return refuse(`the body is not valid JSON${placeOf(error)}`);
  }
}

/** The parser's own message quotes the body, which may contain a secret: only the place is passed on. */
function placeOf(error: unknown): string {
  const [, line, column] = PLACE.exec(String(error)) ?? [];
  return line === undefined ? '' : `: see line ${line}, column ${column}`;
}

/** Without a byte order mark. Undefined for what is not Unicode: the gateway hands over base64, or text. */
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
