import fc from 'fast-check';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { startRawServer } from '../../fixtures/raw-server.ts';
import { ATTEMPT_ERRORS } from '../../lambdas/shared/domain/delivery.ts';
import {
  createPoster,
  type Poster,
  type PostRequest,
  type PostResult,
} from '../../lambdas/shared/http/post.ts';
import { trackResources } from '../support/open-resources.ts';
import { eventually, fakeTimeouts, receiveSentBytes, urlOf } from './support/posting.ts';

const open = trackResources();
afterAll(open.closeAll);
afterEach(() => vi.useRealTimers());

/** Pieces of HTTP: valid, nearly valid and invalid. */
const PIECE = fc.oneof(
  fc.constantFrom(
    'HTTP/1.1 200 OK\r\n',
    'HTTP/1.1 500 Oops\r\n',
    'HTTP/1.0 204 No Content\r\n',
    'HTTP/1.1 100 Continue\r\n\r\n',
    'HTTP/1.1 101 Switching Protocols\r\n',
    'HTTP/1.1 103 Early Hints\r\n\r\n',
    'Content-Length: 3\r\n',
    'Content-Length: 99999999999999999999\r\n',
    'Transfer-Encoding: chunked\r\n',
    'Connection: close\r\n',
    'Connection: upgrade\r\nUpgrade: h2c\r\n',
    'Keep-Alive: timeout=0\r\n',
    'Location: https://example.com/\r\n',
    'Trailer: X\r\n',
    '__proto__: a\r\n',
    'constructor: a\r\n',
    ' folded\r\n',
    'HTTP/1.1 200 OK\n',
    'HTTP/1.1 102 Processing\r\n\r\n',
    '\n',
    '\r\n',
    'abc',
    '3\r\nabc\r\n',
    '0\r\n\r\n',
    '0\r\nX: y\r\n\r\n',
  ),
  fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes).toString('latin1')),
);

/** On a faked clock. Many runs reach it: an endpoint may send nothing. */
const DEADLINE_MS = 25;
/** Each of 20 turns of the event loop. A result takes a few. */
const MAX_ROUNDS = 100_000;

const WRITES = fc.array(fc.array(PIECE, { maxLength: 6 }), { minLength: 1, maxLength: 4 });
const END = fc.constantFrom('end', 'reset', 'stay' as const);
const READ_BODY = fc.constantFrom('nothing', 'beginning', 'all' as const);

describe('arbitrary bytes of an endpoint', () => {
  it('lead to a result, and do not break later requests [NET-9]', async () => {
    let isServed = false;
    let script: { writes: string[][]; end: string } = { writes: [], end: 'end' };
    const server = open.add(
      await startRawServer((socket) => {
        for (const pieces of script.writes) socket.write(Buffer.from(pieces.join(''), 'latin1'));
        isServed = true;
        if (script.end === 'end') socket.end();
        if (script.end === 'reset') socket.resetAndDestroy();
      }),
    );

    const post = async (poster: Poster, request: PostRequest): Promise<PostResult> => {
      isServed = false;
      let hasResult = false;
      const result = poster.post(request).finally(() => {
        hasResult = true;
      });
      for (let round = 0; !hasResult; round++) {
        if (round === MAX_ROUNDS) throw new Error('there is no result');
        await receiveSentBytes();
        if (isServed) vi.advanceTimersByTime(DEADLINE_MS);
      }
      return result;
    };
    fakeTimeouts();
    const onDefect = vi.fn();

    await fc.assert(
      fc.asyncProperty(WRITES, END, READ_BODY, async (writes, end, read) => {
        script = { writes, end };
        const readBody = vi.fn(() => read);
        // A new poster for each run: it remembers endpoints that send bytes without a request.
        const poster = createPoster({ allowPrivateEndpoints: true, deadlineMs: DEADLINE_MS, onDefect });
        const request = { url: urlOf(server), headers: {}, body: '{}', readBody };

        const results = [await post(poster, request), await post(poster, request)];
        poster.endBatch();
        await poster.close();

        for (const result of results) {
          if (result.kind === 'answered') expect(result.status).toBeGreaterThanOrEqual(200);
          else expect(ATTEMPT_ERRORS).toContain(result.error);
        }
        expect(readBody.mock.calls.length).toBeLessThanOrEqual(2);
        expect(readBody.mock.calls.flat().every((status) => Number(status) >= 200)).toBe(true);
      }),
      { numRuns: 150 },
    );
    vi.useRealTimers();
    expect(onDefect.mock.calls).toEqual([]);
    await eventually(server.openSockets).toBe(0);
  });
});
