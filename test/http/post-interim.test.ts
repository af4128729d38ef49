import { once } from 'node:events';
import type { Socket } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { issueCertificate } from '../../fixtures/certificates.ts';
import { httpAnswer, startRawServer } from '../../fixtures/raw-server.ts';
import type { PostResult } from '../../lambdas/shared/http/post.ts';
import { trackResources } from '../support/open-resources.ts';
import { eventually, flood, postingFor, READ_ALL, urlOf } from './support/posting.ts';

const open = trackResources();
afterEach(open.closeAll);
const { startPoster, startServer } = postingFor(open);

const CONTINUE = 'HTTP/1.1 100 Continue\r\n\r\n';
const HINTS = 'HTTP/1.1 103 Early Hints\r\nLink: </a>; rel=preload\r\n\r\n';

/** Sends one POST to a server that answers with these bytes. */
async function postToAnswer(bytes: string): Promise<PostResult> {
  const server = await startServer((socket) => socket.write(bytes));
  return startPoster().post({ url: urlOf(server), headers: {}, body: '{}', ...READ_ALL });
}

/** Writes each part in a segment of its own. */
async function writeParts(socket: Socket, parts: readonly string[]): Promise<void> {
  socket.setNoDelay(true);
  for (const part of parts) {
    if (!socket.write(part, 'latin1')) await once(socket, 'drain');
    await nextTurn();
  }
}

describe('an interim response', () => {
  it.each([
    ['100 Continue', CONTINUE],
    ['102 Processing', 'HTTP/1.1 102 Processing\r\n\r\n'],
    ['103 Early Hints', HINTS],
    ['a status that is not registered', 'HTTP/1.1 199 Custom\r\n\r\n'],
    ['100 of HTTP/1.0', 'HTTP/1.0 100 Continue\r\n\r\n'],
    ['no reason phrase', 'HTTP/1.1 100\r\n\r\n'],
    ['line ends without CR', 'HTTP/1.1 100 Continue\nX-A: b\n\n'],
    ['a length', 'HTTP/1.1 100 Continue\r\nContent-Length: 5\r\n\r\n'],
    ['Connection: close', 'HTTP/1.1 100 Continue\r\nConnection: close\r\n\r\n'],
    ['line breaks before it', `\r\n\r\n${CONTINUE}`],
    ['several others', CONTINUE + HINTS + CONTINUE],
  ])('is skipped, also when it was not requested: %s [NET-10]', async (_what, interim) => {
    expect(await postToAnswer(interim + httpAnswer(200, 'abc'))).toMatchObject({
      kind: 'answered',
      status: 200,
      body: 'abc',
      bodyCut: false,
    });
    expect(await postToAnswer(interim + httpAnswer(503, 'down'))).toMatchObject({
      status: 503,
      body: 'down',
    });
  });

  it('is skipped over TLS', async () => {
    const certificate = issueCertificate({ name: 'localhost', hosts: ['localhost'] });
    const behave = (socket: Socket): unknown => socket.write(CONTINUE + httpAnswer(200));
    const server = open.add(await startRawServer(behave, certificate));
    const poster = startPoster({ tls: { ca: certificate.cert } });

    const url = `https://localhost:${server.port}/`;
    const result = await poster.post({ url, headers: {}, body: '{}', ...READ_ALL });

    expect(result).toMatchObject({ kind: 'answered', status: 200 });
  });

  it('does not prevent the reuse of the connection', async () => {
    const server = await startServer((socket) => socket.write(CONTINUE + httpAnswer(200)));
    const poster = startPoster();

    for (let i = 0; i < 3; i++) {
      const result = await poster.post({ url: urlOf(server), headers: {}, body: '{}', ...READ_ALL });
      expect(result).toMatchObject({ kind: 'answered', status: 200, reconnected: false });
    }

    expect(server.connections()).toBe(1);
  });

  it('is skipped however the bytes are divided into segments [NET-10]', async () => {
    const bytes = `${CONTINUE}${HINTS}HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n`;
    let parts: string[] = [];
    const server = await startServer((socket) => void writeParts(socket, parts));
    const poster = startPoster();

    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(fc.integer({ min: 1, max: bytes.length - 1 })), async (cuts) => {
        const ends = [...cuts.toSorted((a, b) => a - b), bytes.length];
        parts = ends.map((end, n) => bytes.slice(ends[n - 1] ?? 0, end));

        const result = await poster.post({ url: urlOf(server), headers: {}, body: '{}', ...READ_ALL });

        expect(result).toMatchObject({ kind: 'answered', status: 200, body: 'abc', reconnected: false });
      }),
      { numRuns: 100 },
    );
    expect(server.connections()).toBe(1);
  });

  it('is skipped at most ten times [NET-9, NET-10]', async () => {
    expect(await postToAnswer(CONTINUE.repeat(10) + httpAnswer(200))).toMatchObject({ status: 200 });
    expect(await postToAnswer(CONTINUE.repeat(11) + httpAnswer(200))).toMatchObject({
      kind: 'failed',
      error: 'protocol_error',
      reason: '127.0.0.1: more than 10 interim responses before the final one',
    });
  });

  it('is not counted for the next request', async () => {
    const server = await startServer((socket) => socket.write(HINTS.repeat(6) + httpAnswer(200)));
    const poster = startPoster();

    for (let i = 0; i < 2; i++) {
      const result = await poster.post({ url: urlOf(server), headers: {}, body: '{}', ...READ_ALL });
      expect(result).toMatchObject({ kind: 'answered' });
    }
  });

  it('is limited in size [NET-10]', async () => {
    const server = await startServer((socket) => {
      socket.write('HTTP/1.1 103 Early Hints\r\n');
      flood(socket, `X-A: ${'b'.repeat(1_000)}\r\n`);
    });

    const result = await startPoster().post({ url: urlOf(server), headers: {}, body: '{}', ...READ_ALL });

    expect(result).toMatchObject({
      error: 'protocol_error',
      reason: '127.0.0.1: the headers of the answer are too large',
    });
    await eventually(server.openSockets).toBe(0);
  });

  it('without a final response is a failure', async () => {
    const server = await startServer((socket) => socket.end(CONTINUE));

    const result = await startPoster().post({ url: urlOf(server), headers: {}, body: '{}', ...READ_ALL });

    expect(result).toMatchObject({ kind: 'failed', error: 'connection_error' });
    expect(server.connections()).toBe(1);
  });

  it('is the beginning of a response: a reused connection that breaks after it is not replaced', async () => {
    const server = await startServer((socket, _request, count) =>
      count === 1 ? socket.write(httpAnswer(200)) : socket.end(CONTINUE),
    );
    const poster = startPoster();
    await poster.post({ url: urlOf(server), headers: {}, body: '{}', ...READ_ALL });

    const result = await poster.post({ url: urlOf(server), headers: {}, body: '{}', ...READ_ALL });

    expect(result).toMatchObject({ kind: 'failed', error: 'connection_error', reconnected: false });
    expect(server.connections()).toBe(1);
  });
});
