import { stat } from 'node:fs';
import type { Socket } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { TlsOptions } from 'node:tls';
import { afterEach, describe, expect, it } from 'vitest';
import { issueCertificate } from '../../fixtures/certificates.ts';
import { httpAnswer, type RawServer, startRawServer } from '../../fixtures/raw-server.ts';
import type { Poster, PostRequest, PostResult } from '../../lambdas/shared/http/post.ts';
import { trackResources } from '../support/open-resources.ts';
import {
  eventually,
  postingFor,
  READ_ALL,
  READ_NOTHING,
  receiveSentBytes,
  urlOf,
} from './support/posting.ts';

const open = trackResources();
afterEach(open.closeAll);
const { startPoster, startServer } = postingFor(open);

/** The server never sends this as the response to a request. */
const UNREQUESTED = httpAnswer(299, 'unrequested');

/**
 * Functions that call `then` in a phase of the event loop. An immediate that is set in the poll phase runs before the
 * next poll.
 */
const PHASES = {
  timers: (then: () => void) => setTimeout(then, 0),
  poll: (then: () => void) => stat('.', then),
  check: (then: () => void) => setImmediate(then),
};

function inPhase(phase: keyof typeof PHASES): Promise<void> {
  return new Promise((resolve) => {
    PHASES[phase](resolve);
  });
}

function post(
  poster: Poster,
  url: string,
  read: Pick<PostRequest, 'readBody'> = READ_ALL,
): Promise<PostResult> {
  return poster.post({ url, headers: {}, body: '{}', ...read });
}

interface KeepingServer extends RawServer {
  /** Sends these bytes on every connection that is open. */
  write(bytes: string): void;
}

async function startKeepingServer(tls?: TlsOptions): Promise<KeepingServer> {
  const sockets = new Set<Socket>();
  const server = await startRawServer((socket) => {
    // Otherwise the second write waits for the acknowledgement of the first one, which is sent with the next request.
    socket.setNoDelay(true);
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.write(httpAnswer(200, 'requested'));
  }, tls);
  const write = (bytes: string): void => {
    for (const socket of sockets) socket.write(bytes);
  };
  return { ...open.add(server), write };
}

describe('an unrequested response', () => {
  const expected = { kind: 'answered', status: 200, body: 'requested' };

  it.each([
    ['in the same segment as the first answer', UNREQUESTED],
    ['in part', 'H'],
    ['as an interim response', 'HTTP/1.1 100 Continue\r\n\r\n'],
    ['as bytes that are not HTTP', '\0\0'],
  ])('is never taken for the response to another request: %s [NET-14]', async (_what, bytes) => {
    const server = await startServer((socket) => socket.write(httpAnswer(200, 'requested') + bytes));
    const poster = startPoster();

    const results = [await post(poster, urlOf(server)), await post(poster, urlOf(server))];

    expect(results).toMatchObject([expected, expected]);
    expect(server.connections()).toBe(2);
  });

  it.each([
    ['a whole answer', UNREQUESTED],
    ['one byte', 'H'],
    ['a line break', '\r\n'],
    ['an interim response', 'HTTP/1.1 100 Continue\r\n\r\n'],
  ])('destroys the idle connection at once: %s [NET-14]', async (_what, bytes) => {
    const server = await startKeepingServer();
    const poster = startPoster();
    await post(poster, urlOf(server));

    server.write(bytes);

    await eventually(server.openSockets).toBe(0);
    expect(await post(poster, urlOf(server))).toMatchObject({ ...expected, reconnected: false });
  });

  it.each(Object.keys(PHASES) as (keyof typeof PHASES)[])(
    'is never taken for the response to a request in the same tick, in the %s phase of the event loop [NET-14]',
    async (phase) => {
      const server = await startKeepingServer();

      for (let i = 0; i < 20; i++) {
        const poster = startPoster();
        await post(poster, urlOf(server));
        await inPhase(phase);
        server.write(UNREQUESTED);
        expect(await post(poster, urlOf(server))).toMatchObject(expected);
      }
    },
  );

  it('is never taken for the response to a request in the same tick over TLS', async () => {
    const certificate = issueCertificate({ name: 'localhost', hosts: ['localhost'] });
    const server = await startKeepingServer(certificate);
    const url = `https://localhost:${server.port}/`;

    for (let i = 0; i < 5; i++) {
      const poster = startPoster({ tls: { ca: certificate.cert } });
      await post(poster, url);
      // A TLS server of this process waits for the end of its last write before the next one.
      await receiveSentBytes();
      await inPhase('poll');
      server.write(UNREQUESTED);
      expect(await post(poster, url)).toMatchObject(expected);
    }
  });

  it('prevents the reuse of all connections to its origin [NET-14]', async () => {
    const server = await startKeepingServer();
    const poster = startPoster();
    await post(poster, urlOf(server));
    server.write(UNREQUESTED);
    await eventually(server.openSockets).toBe(0);

    for (let i = 0; i < 3; i++) expect(await post(poster, urlOf(server))).toMatchObject(expected);

    expect(server.connections()).toBe(4);
  });

  it('is never taken for the response to another request when it follows a body that was not needed', async () => {
    const sockets: Socket[] = [];
    const server = await startServer((socket) => {
      sockets.push(socket);
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n');
    });
    const poster = startPoster();
    await post(poster, urlOf(server), READ_NOTHING);

    sockets[0]?.write(`requested${UNREQUESTED}`);
    await eventually(server.openSockets).toBe(0);

    expect(await post(poster, urlOf(server), READ_NOTHING)).toMatchObject({ status: 200 });
    expect(server.connections()).toBe(2);
  });

  it('does not affect the connections of another origin', async () => {
    const server = await startKeepingServer();
    const other: RawServer = await startServer((socket) => socket.write(httpAnswer(200, 'requested')));
    const poster = startPoster();
    await post(poster, urlOf(server));
    await post(poster, urlOf(other));

    server.write(UNREQUESTED);
    await eventually(server.openSockets).toBe(0);
    await nextTurn();
    await post(poster, urlOf(other));

    expect(other.connections()).toBe(1);
  });
});
