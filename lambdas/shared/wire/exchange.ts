import type { Connection } from './connection.ts';
import type { Failure } from './failure.ts';

/**
 * How much of the body is read after the head of a response:
 * - `nothing`: the result is known at the head;
 * - `beginning`: what arrives within 1 s, at most 16 KiB;
 * - `all`: all of it, at most 16 KiB, until the deadline.
 */
export type ReadBody = 'nothing' | 'beginning' | 'all';

export interface ExchangeRequest {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Called once, when the head of the final response is complete. */
  readonly readBody: (status: number) => ReadBody;
}

/** As much of a body as is kept and returned. */
const MAX_BODY_BYTES = 16 * 1024;

/** For the beginning of a body, and for the end of a body that nothing waits for. */
const BODY_GRACE_MS = 1_000;

const MAX_LOCATION_CHARACTERS = 2_048;
// biome-ignore lint/suspicious/noControlCharactersInRegex: these characters are removed
const CONTROL_CHARACTERS = /[\u0000-\u001f\u007f-\u009f]/g;

export interface Answer {
  readonly kind: 'answered';
  readonly status: number;
  readonly location: string | undefined;
  readonly body: string;
  readonly bodyCut: boolean;
  /** When the result was known: at the head, or with `all` at the end of the body. By `performance.now()`. */
  readonly at: number;
}

export interface NoAnswer extends Failure {
  readonly kind: 'failed';
  /** The connection broke before any byte of an answer was received. */
  readonly unanswered: boolean;
  readonly at: number;
}

export interface Exchange {
  readonly connection: Connection;
  readonly done: Promise<Answer | NoAnswer>;
  /** Ends the exchange now: a timeout, unless the result is known or the body was only wanted in part. */
  stop(why: string): void;
  /** Destroys the connection when the result is known and the body has not ended yet. */
  stopDraining(): void;
}

interface Head {
  readonly status: number;
  readonly location: string | undefined;
  readonly wanted: ReadBody;
  readonly at: number;
}

/**
 * Sends one POST on a connection and reads the response. The status counts as soon as the head is complete: a body
 * that breaks, stalls or is too long is cut. Only with `all` can the body still fail the exchange, when it is not HTTP
 * or has not ended at `stop`. The connection survives only when the body ends within 16 KiB and, unless all of it is
 * wanted, within 1 s.
 *
 * Throws when HTTP cannot carry the request.
 */
export function startExchange(
  connection: Connection,
  path: string,
  request: ExchangeRequest,
  /** Called later than everything else, when the body has ended or the connection is destroyed. */
  onFinished: () => void,
): Exchange {
  const done = Promise.withResolvers<Answer | NoAnswer>();
  const body = collectBody();
  let phase: 'head' | 'body' | 'drain' | 'over' = 'head';
  let head: Head | undefined;
  let graceTimer: NodeJS.Timeout | undefined;

  const answer = (bodyCut: boolean): void => {
    if (head === undefined) return;
    const { status, location, wanted } = head;
    const at = wanted === 'all' ? performance.now() : head.at;
    done.resolve({ kind: 'answered', status, location, body: body.text(bodyCut), bodyCut, at });
  };
  const finish = (): void => {
    phase = 'over';
    clearTimeout(graceTimer);
    // Later: undici may still destroy the connection for what follows in the same chunk.
    queueMicrotask(onFinished);
  };
  const cutBody = (): void => {
    if (phase === 'body') answer(true);
    finish();
    connection.destroy();
  };
  const fail = ({ error, reason }: Failure, unanswered: boolean): void => {
    done.resolve({ kind: 'failed', error, reason, unanswered, at: performance.now() });
    finish();
    connection.destroy();
  };
  const startGrace = (): void => {
    if (phase !== 'over') graceTimer = setTimeout(cutBody, BODY_GRACE_MS);
  };
  const isBodyNeeded = (): boolean => phase === 'body' && head?.wanted === 'all';

  connection.send(path, request, {
    onHead: (status, location) => {
      const wanted = request.readBody(status);
      head = { status, location: cleanLocation(location), wanted, at: performance.now() };
      phase = wanted === 'nothing' ? 'drain' : 'body';
      if (phase === 'drain') answer(false);
      // Not at once: the body has often come with the head, and a timer costs more.
      if (wanted !== 'all') queueMicrotask(startGrace);
    },
    onData: (chunk) => {
      if (phase === 'over') return;
      body.add(chunk, phase === 'body');
      if (body.isTooLong()) cutBody();
    },
    onEnd: () => {
      if (phase === 'over') return;
      if (phase === 'body') answer(false);
      finish();
    },
    onFailure: ({ unanswered, malformed, ...failure }) => {
      if (phase === 'over') return;
      if (phase === 'head' || (malformed && isBodyNeeded())) fail(failure, unanswered);
      else cutBody();
    },
  });

  return {
    connection,
    done: done.promise,
    stop: (why) => {
      if (phase === 'over' || phase === 'drain') return;
      if (phase === 'body' && !isBodyNeeded()) return cutBody();
      fail({ error: 'timeout', reason: `${connection.target.host}: ${why} (${stageName()})` }, false);
    },
    stopDraining: () => {
      if (phase === 'drain') cutBody();
    },
  };

  function stageName(): string {
    if (phase === 'body') return 'reading the body of the answer';
    return connection.stage() === 'open' ? 'waiting for the answer' : connection.stage();
  }
}

interface Body {
  add(chunk: Buffer, keep: boolean): void;
  isTooLong(): boolean;
  /**
   * What was kept, decoded as UTF-8. A byte order mark at the start is removed: JSON.parse does not accept it. Of a
   * cut body, an incomplete character at the end is removed.
   */
  text(isCut: boolean): string;
}

function collectBody(): Body {
  const chunks: Buffer[] = [];
  let bytes = 0;
  return {
    add: (chunk, keep) => {
      const room = MAX_BODY_BYTES - bytes;
      bytes += chunk.length;
      if (keep && room > 0) chunks.push(chunk.subarray(0, room));
    },
    isTooLong: () => bytes > MAX_BODY_BYTES,
    text: (isCut) => {
      if (chunks.length === 0) return '';
      return new TextDecoder().decode(Buffer.concat(chunks), { stream: isCut });
    },
  };
}

function cleanLocation(location: string | undefined): string | undefined {
  return location?.replace(CONTROL_CHARACTERS, '').slice(0, MAX_LOCATION_CHARACTERS);
}
