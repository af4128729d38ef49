import type { Dispatcher } from 'undici';

import type { Connection } from './connection.ts';
import { describeError, type Failure, isMalformed, isOurMistake } from './failure.ts';
import type { Target } from './target.ts';

/** As much of an answer's body as anybody looks at; what comes after it is cut off. */
const MAX_BODY_BYTES = 16 * 1024;

/** Everything received for one request, framing included: a body in chunks of one byte has six of framing each. */
const MAX_ANSWER_BYTES = 160 * 1024;

/** 103 Early Hints and the like, before the real answer. */
const MAX_INTERIM_ANSWERS = 10;

const SWITCHING_PROTOCOLS = 101;

const MAX_LOCATION_CHARACTERS = 2_048;
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const CONTROL_CHARACTERS = /[\u0000-\u001f\u007f-\u009f]/g;

export interface Answer {
  readonly kind: 'answered';
  readonly status: number;
  /** Where a redirect points; at most 2,048 characters, none of them control characters. */
  readonly location?: string;
  /** Decoded as UTF-8. */
  readonly body: string;
  /** Whether there was more, or should have been. */
  readonly bodyCut: boolean;
}

export interface NoAnswer extends Failure {
  readonly kind: 'failed';
  /** Whether the connection broke before a byte of the answer: on a reused one, the endpoint saw nothing. */
  readonly unanswered: boolean;
}

export interface Exchange {
  /** Rejects only when the request itself is one that HTTP cannot carry. */
  readonly done: Promise<Answer | NoAnswer>;
  /** Ends it now, as a timeout, and closes the socket. Does nothing once it is done. */
  stop(why: string): void;
}

/**
 * Sends one POST on a connection and reads the answer. The connection is destroyed unless the answer was
 * read to its end. Once the status is known it counts, whatever a body that is too long or cut short does;
 * only one that is no HTTP, or never ends, still fails the exchange.
 */
export function startExchange(
  connection: Connection,
  target: Target,
  request: { readonly headers: Readonly<Record<string, string>>; readonly body: string },
): Exchange {
  const { promise, resolve, reject } = Promise.withResolvers<Answer | NoAnswer>();
  const chunks: Buffer[] = [];
  let settled = false;
  let answering = false;
  let interimAnswers = 0;
  let bodyBytes = 0;
  let head: { status: number; location?: string } | undefined;

  const settle = (outcome: Answer | NoAnswer): void => {
    if (settled) return;
    settled = true;
    resolve(outcome);
  };
  const answer = ({ status, location }: { status: number; location?: string }, bodyCut: boolean): void => {
    const body = Buffer.concat(chunks).toString('utf8');
    settle({ kind: 'answered', status, body, bodyCut, ...(location === undefined ? {} : { location }) });
  };
  const fail = (failure: Failure, unanswered = false): void => {
    settle({ kind: 'failed', ...failure, unanswered });
    connection.destroy();
  };
  const breakProtocol = (what: string): void => {
    fail({ error: 'protocol_error', reason: `${target.host}: ${what}` });
  };
  const cut = (what: string): void => {
    if (head === undefined) {
      breakProtocol(what);
      return;
    }
    answer(head, true);
    connection.destroy();
  };

  const handler: Dispatcher.DispatchHandler = {
    onRequestStart() {
      connection.limitAnswer(MAX_ANSWER_BYTES, () =>
        cut(`more than ${MAX_ANSWER_BYTES} bytes came before an answer`),
      );
    },
    onResponseStarted() {
      answering = true;
    },
    onResponseStart(_controller, status, headers) {
      if (status >= 200) {
        head = { status, ...readLocation(headers.location) };
      } else if (status === SWITCHING_PROTOCOLS) {
        breakProtocol('the answer switched to another protocol');
      } else if (++interimAnswers > MAX_INTERIM_ANSWERS) {
        breakProtocol(`more than ${MAX_INTERIM_ANSWERS} interim responses came before an answer`);
      }
    },
    onResponseData(_controller, chunk) {
      if (settled) return;
      const room = MAX_BODY_BYTES - bodyBytes;
      bodyBytes += chunk.length;
      chunks.push(chunk.length > room ? chunk.subarray(0, room) : chunk);
      if (chunk.length > room) cut('the body is too long');
    },
    onResponseEnd() {
      if (head !== undefined) answer(head, false);
    },
    onResponseError(_controller, error) {
      if (settled) return;
      if (isOurMistake(error)) {
        settled = true;
        connection.destroy();
        reject(error);
        return;
      }
      const failure = describeError(error, target.host);
      if (head === undefined || isMalformed(error)) {
        fail(failure, failure.error === 'connection_error' && !answering);
      } else {
        cut(failure.reason);
      }
    },
  };

  connection.dispatch(
    { method: 'POST', path: target.path, headers: request.headers, body: request.body },
    handler,
  );

  return {
    done: promise,
    stop: (why) => {
      if (settled) return;
      const stage = connection.stage() === 'open' ? openStage(head !== undefined) : connection.stage();
      fail({ error: 'timeout', reason: `${target.host}: ${why} (${stage})` });
    },
  };
}

function openStage(isBody: boolean): string {
  return isBody ? 'reading the body of the answer' : 'waiting for the answer';
}

function readLocation(header: string | string[] | undefined): { location?: string } {
  const location = Array.isArray(header) ? header[0] : header;
  if (location === undefined) return {};
  return { location: location.replace(CONTROL_CHARACTERS, '').slice(0, MAX_LOCATION_CHARACTERS) };
}
