import type { MiddlewareObj } from '@middy/core';
import type { ApiEvent } from '../api-event.ts';
import { invalidRequest, problem } from '../problem.ts';
import type { ApiResponse } from '../response.ts';
import { refuseMediaType } from './media-type.ts';

/** Several times the largest valid input. Larger bodies are refused before they are parsed. */
export const MAX_REQUEST_BYTES = 64 * 1024;

/**
 * Decoders replace bytes that are not UTF-8 by this character. When the gateway passes the body as text, it has already
 * decoded it: without a refusal, a URL or description would be stored with this character in it. JSON can still contain
 * the character as `\ufffd`.
 */
const REPLACEMENT_CHARACTER = '\ufffd';

/** The position in V8's message about invalid JSON. Some messages have none. */
const POSITION = /\(line (\d+) column (\d+)\)$/;

/** Parses the body of the routes that take JSON. The calls validate the value. */
export function readJsonBody(): MiddlewareObj<ApiEvent, ApiResponse> {
  return {
    before: ({ event }) => {
      if (event.route?.takesJson !== true) return undefined;
      const read = readJson(event);
      if (!read.ok) return read.response;
      event.json = read.value;
      return undefined;
    },
  };
}

type Read =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly response: ApiResponse };

function readJson(event: ApiEvent): Read {
  const bytes = Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8');
  if (bytes.length > MAX_REQUEST_BYTES) {
    const detail = `the body has ${bytes.length} bytes; ${MAX_REQUEST_BYTES} are allowed`;
    return { ok: false, response: problem('body-too-large', detail) };
  }
  const unsupported = refuseMediaType(event.headers);
  if (unsupported !== undefined) return { ok: false, response: unsupported };
  const text = decode(event, bytes);
  if (text === undefined) return refuse('the body is not valid UTF-8; send JSON in UTF-8');
  if (text.includes(REPLACEMENT_CHARACTER)) {
    return refuse('the body contains U+FFFD, which replaces bytes that are not UTF-8; send JSON in UTF-8');
  }
  if (text.trim() === '') return refuse('the body is empty; send a JSON object');
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch (error) {
    return refuse(`the body is not valid JSON${positionOf(error)}`);
  }
}

/** Only the position is reported: the parser's message quotes the body, which may contain a secret. */
function positionOf(error: unknown): string {
  const [, line, column] = POSITION.exec(String(error)) ?? [];
  return line === undefined ? '' : `: see line ${line}, column ${column}`;
}

/** The text without a byte order mark; undefined when it is not Unicode. The gateway passes a body as text or base64. */
function decode(event: ApiEvent, bytes: Buffer): string | undefined {
  if (!event.isBase64Encoded && event.body?.isWellFormed() === false) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function refuse(message: string): Read {
  return { ok: false, response: invalidRequest([{ path: '', message }]) };
}
