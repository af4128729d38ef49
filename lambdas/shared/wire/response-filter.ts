import type { Socket } from 'node:net';

import { findHead, normalizeHead } from './response-head.ts';

/** Limit for the headers of a response; Node's own default. */
export const MAX_HEADER_BYTES = 16 * 1024;

/** Limit for 100 Continue, 102 Processing, 103 Early Hints and the like before the final response. */
const MAX_INTERIM_RESPONSES = 10;

/** Limit for everything received for one request, framing included: one-byte chunks have six bytes of framing each. */
const MAX_RESPONSE_BYTES = 160 * 1024;

export interface ResponseFilter {
  /** To be called for every `readable` event of the socket, before undici reads from it. */
  onReadable(): void;
  /** Whether any byte of a response, interim or final, was received. */
  hasReceived(): boolean;
}

/**
 * Prepares the response to one request for undici's parser, in the buffer of the socket: removes interim responses and
 * normalizes the head of the final one. The head is kept back until it is complete, then put back with `unshift`.
 */
export function createResponseFilter(socket: Socket, fail: (what: string) => void): ResponseFilter {
  const bytesBefore = socket.bytesRead;
  let received = false;
  let passed = false;
  let interimResponses = 0;
  /** Received, and not passed on yet. */
  let held: Buffer | undefined;

  const pass = (bytes: Buffer, headLength: number): void => {
    passed = true;
    held = undefined;
    const head = normalizeHead(bytes.toString('latin1', 0, headLength));
    const isOdd = head !== undefined;
    socket.unshift(isOdd ? Buffer.concat([Buffer.from(head, 'latin1'), bytes.subarray(headLength)]) : bytes);
  };
  const hold = (bytes: Buffer): void => {
    held = bytes;
    if (bytes.length > MAX_HEADER_BYTES) fail('the headers of the answer are too large');
  };
  const skip = (rest: Buffer): void => {
    interimResponses++;
    if (interimResponses <= MAX_INTERIM_RESPONSES) filter(rest);
    else fail(`more than ${MAX_INTERIM_RESPONSES} interim responses came before an answer`);
  };
  const filter = (bytes: Buffer): void => {
    const head = findHead(bytes);
    if (head.kind === 'incomplete') hold(bytes);
    else if (head.kind === 'interim') skip(bytes.subarray(head.length));
    else pass(bytes, head.kind === 'final' ? head.length : 0);
  };

  return {
    onReadable: () => {
      if (socket.bytesRead - bytesBefore > MAX_RESPONSE_BYTES) {
        fail(`more than ${MAX_RESPONSE_BYTES} bytes came for one request`);
        return;
      }
      if (passed) return;
      const chunk: Buffer | null = socket.read();
      if (chunk === null) return;
      received = true;
      filter(held === undefined ? chunk : Buffer.concat([held, chunk]));
    },
    hasReceived: () => received,
  };
}
