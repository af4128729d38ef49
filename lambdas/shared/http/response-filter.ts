import type { Socket } from 'node:net';

import { findHead, normalizeHead } from './response-head.ts';

/** Limit for the headers of a response. The same as Node's default. */
export const MAX_HEADER_BYTES = 16 * 1024;

/** Limit for responses such as 100 Continue, 102 Processing and 103 Early Hints before the final one. */
const MAX_INTERIM_RESPONSES = 10;

/** Limit for everything received for one request, framing included: one-byte chunks have six bytes of framing each. */
const MAX_RESPONSE_BYTES = 160 * 1024;

/**
 * Prepares responses for undici's parser. Removes interim responses and normalizes the head of the final response. Reads
 * from the socket until the head is complete, and returns the head to the socket's buffer with `unshift`.
 */
export class ResponseFilter {
  readonly #socket: Socket;
  readonly #fail: (violation: string) => void;
  #bytesBefore = 0;
  #hasReceived = false;
  #hasPassed = false;
  #interimResponses = 0;
  /** The bytes that were read and not returned to the socket yet. */
  #held: Buffer | undefined;

  constructor(socket: Socket, fail: (violation: string) => void) {
    this.#socket = socket;
    this.#fail = fail;
  }

  /** To be called when a request is written. */
  start(): void {
    this.#bytesBefore = this.#socket.bytesRead;
    this.#hasReceived = false;
    this.#hasPassed = false;
    this.#interimResponses = 0;
  }

  /** To be called for every `readable` event until the response has ended, before undici reads from the socket. */
  onReadable(): void {
    if (this.#socket.bytesRead - this.#bytesBefore > MAX_RESPONSE_BYTES) {
      this.#fail(`more than ${MAX_RESPONSE_BYTES} bytes were received for one request`);
      return;
    }
    if (this.#hasPassed) return;
    const chunk: Buffer | null = this.#socket.read();
    if (chunk === null) return;
    this.#hasReceived = true;
    this.#filter(this.#held === undefined ? chunk : Buffer.concat([this.#held, chunk]));
  }

  /** Whether any byte of the response, interim or final, was received. */
  hasReceived(): boolean {
    return this.#hasReceived;
  }

  #filter(bytes: Buffer): void {
    const head = findHead(bytes);
    if (head.kind === 'incomplete') this.#hold(bytes);
    else if (head.kind === 'interim') this.#skip(bytes.subarray(head.length));
    else this.#pass(bytes, head.kind === 'final' ? head.length : 0);
  }

  #hold(bytes: Buffer): void {
    this.#held = bytes;
    if (bytes.length > MAX_HEADER_BYTES) this.#fail('the headers of the answer are too large');
  }

  #skip(rest: Buffer): void {
    this.#interimResponses++;
    if (this.#interimResponses <= MAX_INTERIM_RESPONSES) this.#filter(rest);
    else this.#fail(`more than ${MAX_INTERIM_RESPONSES} interim responses before the final one`);
  }

  #pass(bytes: Buffer, headLength: number): void {
    this.#hasPassed = true;
    this.#held = undefined;
    const head = normalizeHead(bytes.toString('latin1', 0, headLength));
    const isOdd = head !== undefined;
    this.#socket.unshift(
      isOdd ? Buffer.concat([Buffer.from(head, 'latin1'), bytes.subarray(headLength)]) : bytes,
    );
  }
}
