import {
  DELIVERY_CONTROL_HEADER,
  type DeliveryControl,
  readDeliveryControl,
} from '../domain/delivery-control.ts';
import type { Connection, ConnectionFailure, ResponseListener } from './connection.ts';
import type { Failure } from './failure.ts';
import { firstValue, type ReceivedHeaders, recordedHeaders } from './response-headers.ts';

/**
 * How much of the body is read after the head of a response:
 * - `nothing`: the result is known when the head is complete;
 * - `beginning`: what is received within 1 s, at most 16 KiB;
 * - `all`: the whole body, at most 16 KiB, until the deadline.
 */
export type ReadBody = 'nothing' | 'beginning' | 'all';

/** Longer bodies are cut. */
const MAX_BODY_BYTES = 16 * 1024;

/** Time to read the beginning of a body, or to drain a body whose result is already known. */
const BODY_GRACE_MS = 1_000;

const MAX_LOCATION_CHARACTERS = 2_048;
const NO_HEADERS: Readonly<Record<string, string>> = {};

export interface Answer {
  readonly kind: 'answered';
  readonly status: number;
  readonly location: string | undefined;
  /** An allow-list. Empty when the body is not read. */
  readonly headers: Readonly<Record<string, string>>;
  /** From the start of the request to the end of the head, in milliseconds. */
  readonly firstByteMs: number;
  readonly control: DeliveryControl | undefined;
  readonly body: string;
  readonly bodyCut: boolean;
  /** When the result was known: at the head, or with `all` at the end of the body. A value of `performance.now()`. */
  readonly at: number;
}

export interface NoAnswer extends Failure {
  readonly kind: 'failed';
  /** The connection failed before any byte of a response was received. */
  readonly unanswered: boolean;
  /** A value of `performance.now()`. */
  readonly at: number;
}

interface Head {
  readonly status: number;
  readonly location: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly control: DeliveryControl | undefined;
  readonly bodyToRead: ReadBody;
  readonly at: number;
}

/**
 * One POST on a connection, and the response to it. The status is the result as soon as the head is complete. A body that
 * breaks, stalls or is too long is cut. Only with `all` can the body fail the exchange: when it is not HTTP, or has not
 * ended at `stop`. The connection can be reused only when the body ends within 16 KiB and, except with `all`, within
 * 1 s.
 */
export class Exchange implements ResponseListener {
  readonly connection: Connection;
  /** Rejects with an error of this code or of its environment, before anything was sent. */
  readonly done: Promise<Answer | NoAnswer>;
  readonly #resolve: (outcome: Answer | NoAnswer) => void;
  readonly #reject: (error: Error) => void;
  readonly #readBody: (status: number) => ReadBody;
  readonly #onFinished: (exchange: Exchange) => void;
  #phase: 'head' | 'body' | 'drain' | 'over' = 'head';
  #requestStartedAt: number | undefined;
  #head: Head | undefined;
  #chunks: Buffer[] = [];
  #bodyBytes = 0;
  #graceTimer: NodeJS.Timeout | undefined;

  constructor(
    connection: Connection,
    readBody: (status: number) => ReadBody,
    /** Called when the body has ended or the connection is destroyed, after everything else. */
    onFinished: (exchange: Exchange) => void,
  ) {
    const { promise, resolve, reject } = Promise.withResolvers<Answer | NoAnswer>();
    this.connection = connection;
    this.done = promise;
    this.#resolve = resolve;
    this.#reject = reject;
    this.#readBody = readBody;
    this.#onFinished = onFinished;
  }

  /** Ends the exchange now. The result is a timeout, unless it is already known or only a part of the body is missing. */
  stop(why: string): void {
    if (this.#phase === 'over' || this.#phase === 'drain') return;
    if (this.#phase === 'body' && !this.#isBodyNeeded()) {
      this.#cutBody();
      return;
    }
    const reason = `${this.connection.target.host}: ${why} (${this.#stageName()})`;
    this.#fail({ error: 'timeout', reason }, false);
  }

  /** Destroys the connection when the result is known and the body has not ended yet. */
  stopDraining(): void {
    if (this.#phase === 'drain') this.#cutBody();
  }

  onRequestStart(): void {
    this.#requestStartedAt = performance.now();
  }

  onHead(status: number, received: ReceivedHeaders): void {
    const at = performance.now();
    const bodyToRead = this.#readBody(status);
    const headers = bodyToRead === 'nothing' ? NO_HEADERS : recordedHeaders(received);
    const location = firstValue(received.location)?.slice(0, MAX_LOCATION_CHARACTERS);
    const control = readDeliveryControl(received[DELIVERY_CONTROL_HEADER]);
    this.#head = { status, location, headers, control, bodyToRead, at };
    this.#phase = bodyToRead === 'nothing' ? 'drain' : 'body';
    if (this.#phase === 'drain') this.#answer(false);
    // Deferred to a microtask: the body is often received with the head, and then no timer is needed.
    if (bodyToRead !== 'all') queueMicrotask(() => this.#startGrace());
  }

  onData(chunk: Buffer): void {
    if (this.#phase === 'over') return;
    const room = MAX_BODY_BYTES - this.#bodyBytes;
    this.#bodyBytes += chunk.length;
    if (this.#phase === 'body') this.#chunks.push(chunk.subarray(0, room));
    if (this.#bodyBytes > MAX_BODY_BYTES) this.#cutBody();
  }

  onEnd(): void {
    if (this.#phase === 'over') return;
    if (this.#phase === 'body') this.#answer(false);
    this.#finish();
  }

  onFailure({ unanswered, malformed, ...failure }: ConnectionFailure): void {
    if (this.#phase === 'over') return;
    if (this.#phase === 'head' || (malformed && this.#isBodyNeeded())) this.#fail(failure, unanswered);
    else this.#cutBody();
  }

  onOwnFault(error: Error): void {
    if (this.#phase === 'over') return;
    this.#reject(error);
    this.#finish();
    this.connection.destroy();
  }

  #stageName(): string {
    if (this.#phase === 'body') return 'reading the body of the answer';
    const stage = this.connection.stage();
    return stage === 'open' ? 'waiting for the answer' : stage;
  }

  #isBodyNeeded(): boolean {
    return this.#phase === 'body' && this.#head?.bodyToRead === 'all';
  }

  #startGrace(): void {
    if (this.#phase !== 'over') this.#graceTimer = setTimeout(() => this.#cutBody(), BODY_GRACE_MS);
  }

  #answer(bodyCut: boolean): void {
    if (this.#head === undefined) return;
    const { status, location, headers, control, bodyToRead, at: headAt } = this.#head;
    const at = bodyToRead === 'all' ? performance.now() : headAt;
    const firstByteMs = Math.round(headAt - (this.#requestStartedAt ?? headAt));
    const body = decode(this.#chunks, bodyCut);
    this.#resolve({ kind: 'answered', status, location, headers, control, firstByteMs, body, bodyCut, at });
  }

  #cutBody(): void {
    if (this.#phase === 'body') this.#answer(true);
    this.#finish();
    this.connection.destroy();
  }

  #fail({ error, reason }: Failure, unanswered: boolean): void {
    this.#resolve({ kind: 'failed', error, reason, unanswered, at: performance.now() });
    this.#finish();
    this.connection.destroy();
  }

  #finish(): void {
    this.#phase = 'over';
    clearTimeout(this.#graceTimer);
    // Deferred to a microtask: undici may still destroy the connection because of other bytes in the same chunk.
    queueMicrotask(() => this.#onFinished(this));
  }
}

/**
 * Decodes UTF-8. A byte order mark at the start is removed: JSON.parse does not accept it. An incomplete character at the
 * end of a cut body is removed.
 */
function decode(chunks: readonly Buffer[], isCut: boolean): string {
  if (chunks.length === 0) return '';
  return new TextDecoder().decode(Buffer.concat(chunks), { stream: isCut });
}
