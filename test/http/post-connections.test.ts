import type { Socket } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { issueCertificate } from '../../fixtures/certificates.ts';
import { type Behaviour, httpAnswer, type RawServer, startRawServer } from '../../fixtures/raw-server.ts';
import { createPoster, type Poster, type PostResult } from '../../lambdas/shared/http/post.ts';
import { trackResources } from '../support/open-resources.ts';
import {
  eventually,
  fakeTimeouts,
  LONG_DEADLINE_MS,
  READ_ALL,
  receiveSentBytes,
  SHORT_DEADLINE_MS,
  until,
} from './support/posting.ts';
import { testClock } from './support/test-clock.ts';

const open = trackResources();
afterEach(open.closeAll);
afterEach(() => vi.useRealTimers());

function startPoster(options: Partial<Parameters<typeof createPoster>[0]> = {}): Poster {
  return open.add(createPoster({ allowPrivateEndpoints: true, deadlineMs: LONG_DEADLINE_MS, ...options }));
}

async function startServer(
  behave: Behaviour = (socket) => socket.write(httpAnswer(200)),
): Promise<RawServer> {
  return open.add(await startRawServer(behave));
}

function post(poster: Poster, server: RawServer, host = '127.0.0.1'): Promise<PostResult> {
  return poster.post({ url: `http://${host}:${server.port}/`, headers: {}, body: '{}', ...READ_ALL });
}

/** Answers the first request on each connection. Calls `behave` for later ones. */
function fromSecondRequest(behave: (socket: Socket) => void): Behaviour {
  return (socket, _request, count) => (count === 1 ? socket.write(httpAnswer(200)) : behave(socket));
}

describe('a connection', () => {
  it('is reused for the same origin', async () => {
    const server = await startServer();
    const poster = startPoster();

    for (let i = 0; i < 5; i++) await post(poster, server);

    expect(server.connections()).toBe(1);
  });

  it('is reused for another path of the same origin', async () => {
    const server = await startServer();
    const poster = startPoster();

    for (const path of ['/a', '/b']) {
      await poster.post({
        url: `http://127.0.0.1:${server.port}${path}`,
        headers: {},
        body: '{}',
        ...READ_ALL,
      });
    }

    expect(server.connections()).toBe(1);
    expect(server.received()).toMatch(/^POST \/a [\s\S]*POST \/b /);
  });

  it('carries one request at a time [NET-21]', async () => {
    const server = await startServer((socket) => setTimeout(() => socket.write(httpAnswer(200)), 20));
    const poster = startPoster();

    await Promise.all([post(poster, server), post(poster, server), post(poster, server)]);

    expect(server.connections()).toBe(3);
  });

  it('carries one request at a time, also when it was idle [NET-21]', async () => {
    const server = await startServer((socket) => setTimeout(() => socket.write(httpAnswer(200)), 20));
    const poster = startPoster();
    await post(poster, server);

    await Promise.all([post(poster, server), post(poster, server)]);

    expect(server.connections()).toBe(2);
  });

  it('is never shared between hosts, although they have the same address [NET-21]', async () => {
    const server = await startServer();
    const poster = startPoster();

    for (const host of ['a.localhost', 'b.localhost', '127.0.0.1']) await post(poster, server, host);

    expect(server.connections()).toBe(3);
  });

  it.each([
    ['the server closes it', httpAnswer(200, '', ['Connection: close'])],
    ['the server speaks HTTP/1.0', 'HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n'],
    ['it receives more bytes than were announced', `${httpAnswer(200)}HTTP/1.1 200 OK\r\n`],
  ])('is not reused when %s', async (_what, bytes) => {
    const server = await startServer((socket) => socket.write(bytes));
    const poster = startPoster();

    const results = [await post(poster, server), await post(poster, server)];

    const expected = { kind: 'answered', status: 200, reconnected: false };
    expect(results).toMatchObject([expected, expected]);
    expect(server.connections()).toBe(2);
  });

  it('is not reused after 4 s of wall time, as when the environment was frozen [NET-22]', async () => {
    const server = await startServer();
    const clock = testClock();
    const poster = startPoster({ clock });

    await post(poster, server);
    clock.advance(3_999);
    await post(poster, server);
    expect(server.connections()).toBe(1);
    clock.advance(4_000);
    await post(poster, server);

    expect(server.connections()).toBe(2);
    await eventually(server.openSockets).toBe(1);
  });

  it('is closed after 4 s without use', async () => {
    const server = await startServer();
    fakeTimeouts();
    await post(startPoster(), server);
    await receiveSentBytes();

    vi.advanceTimersByTime(3_999);
    await receiveSentBytes();
    expect(server.openSockets()).toBe(1);
    vi.advanceTimersByTime(1);

    await until(() => server.openSockets() === 0);
  });

  it('is not reused when it is one minute old, also when it was never idle for long [NET-22]', async () => {
    const server = await startServer();
    const clock = testClock();
    const poster = startPoster({ clock });

    for (let second = 0; second <= 60; second += 3) {
      await post(poster, server);
      clock.advance(3_000);
    }

    expect(server.connections()).toBe(2);
  });

  it('is closed when 256 other connections are idle', async () => {
    const server = await startServer((socket) => setTimeout(() => socket.write(httpAnswer(200)), 100));
    const poster = startPoster();

    await Promise.all(Array.from({ length: 300 }, () => post(poster, server)));

    expect(server.connections()).toBe(300);
    await eventually(server.openSockets).toBe(256);
  });
});

describe('a connection that fails while it is idle', () => {
  it.each([
    ['closes', (socket: Socket) => socket.end()],
    ['resets', (socket: Socket) => socket.resetAndDestroy()],
  ])(
    'is replaced without a failed attempt when the server %s it at the next request [NET-20]',
    async (_what, end) => {
      const server = await startServer(fromSecondRequest(end));
      const poster = startPoster();

      const results = [await post(poster, server), await post(poster, server)];

      expect(results).toMatchObject([
        { kind: 'answered', reconnected: false },
        { kind: 'answered', status: 200, reconnected: true },
      ]);
      expect(server.connections()).toBe(2);
    },
  );

  it('is not used when it is already closed', async () => {
    const server = await startServer((socket) =>
      socket.write(httpAnswer(200), () => setTimeout(() => socket.end(), 20)),
    );
    const poster = startPoster();
    await post(poster, server);
    await eventually(server.openSockets).toBe(0);

    expect(await post(poster, server)).toMatchObject({ kind: 'answered', reconnected: false });
  });

  it('causes no failed attempt when it is closed while it is taken', async () => {
    const peers: Socket[] = [];
    const server = await startServer((socket) => {
      peers.push(socket);
      socket.write(httpAnswer(200));
    });
    const poster = startPoster();
    await post(poster, server);

    await nextTurn();
    peers[0]?.destroy();
    const result = await post(poster, server);

    expect(result).toMatchObject({ kind: 'answered', status: 200, reconnected: false });
    expect(server.connections()).toBe(2);
  });

  it('is not counted for the limit of idle connections', async () => {
    const closing = await startServer((socket) => {
      setTimeout(() => socket.write(httpAnswer(200), () => setTimeout(() => socket.end(), 50)), 100);
    });
    const server = await startServer();
    const poster = startPoster();
    await Promise.all(Array.from({ length: 260 }, () => post(poster, closing)));
    await eventually(closing.openSockets).toBe(0);

    for (let i = 0; i < 3; i++) await post(poster, server);

    expect(server.connections()).toBe(1);
  });

  it('is replaced only once: a new connection that fails, too, is a failure of the endpoint [NET-20]', async () => {
    const server = await startServer(fromSecondRequest((socket) => socket.end()));
    const poster = startPoster();
    await post(poster, server);
    const closing = await startServer((socket) => socket.end());

    expect(await post(poster, closing)).toMatchObject({
      kind: 'failed',
      error: 'connection_error',
      reconnected: false,
    });
    expect(closing.connections()).toBe(1);
  });

  it('is replaced only once: the failure of the replacement is the result [NET-20]', async () => {
    let requests = 0;
    const server = await startServer((socket) => {
      requests++;
      if (requests === 1) socket.write(httpAnswer(200));
      else socket.end();
    });
    const poster = startPoster();
    await post(poster, server);

    const result = await post(poster, server);

    expect(result).toMatchObject({ kind: 'failed', error: 'connection_error', reconnected: true });
    expect(server.connections()).toBe(2);
  });

  it('is not replaced when a response had begun: the endpoint has read the request [NET-20]', async () => {
    const server = await startServer(fromSecondRequest((socket) => socket.end('HTTP/1.1 2')));
    const poster = startPoster();
    await post(poster, server);

    expect(await post(poster, server)).toMatchObject({
      kind: 'failed',
      error: 'connection_error',
      reconnected: false,
    });
    expect(server.connections()).toBe(1);
  });

  it('is not replaced when the endpoint sends nothing', async () => {
    let requests = 0;
    const server = await startServer((socket) => {
      requests++;
      if (requests === 1) socket.write(httpAnswer(200));
    });
    const poster = startPoster({ deadlineMs: SHORT_DEADLINE_MS });
    fakeTimeouts();
    await post(poster, server);

    const result = post(poster, server);
    await until(() => requests === 2);
    vi.advanceTimersByTime(SHORT_DEADLINE_MS);

    expect(await result).toMatchObject({ kind: 'failed', error: 'timeout', reconnected: false });
    expect(server.connections()).toBe(1);
  });

  it('shares one deadline with its replacement', async () => {
    const sockets: Socket[] = [];
    const server = await startServer((socket) => {
      sockets.push(socket);
      if (sockets.length === 1) socket.write(httpAnswer(200));
    });
    const poster = startPoster({ deadlineMs: SHORT_DEADLINE_MS });
    fakeTimeouts();
    await post(poster, server);

    const result = post(poster, server);
    await until(() => sockets.length === 2);
    vi.advanceTimersByTime(SHORT_DEADLINE_MS - 100);
    sockets[1]?.resetAndDestroy();
    await until(() => sockets.length === 3);
    vi.advanceTimersByTime(99);
    const before = await Promise.race([result, nextTurn('still waiting')]);
    vi.advanceTimersByTime(1);

    expect(before).toBe('still waiting');
    expect(await result).toMatchObject({ kind: 'failed', error: 'timeout', reconnected: true });
  });

  it('is replaced over TLS as well', async () => {
    const certificate = issueCertificate({ name: 'localhost', hosts: ['localhost'] });
    const behave = fromSecondRequest((socket) => socket.destroy());
    const server = open.add(await startRawServer(behave, certificate));
    const poster = startPoster({ tls: { ca: certificate.cert } });
    const request = { url: `https://localhost:${server.port}/`, headers: {}, body: '{}', ...READ_ALL };

    const results = [await poster.post(request), await poster.post(request)];

    expect(results).toMatchObject([{ kind: 'answered' }, { kind: 'answered', reconnected: true }]);
  });
});

describe('close', () => {
  it('causes no replacement of the connections that it closes', async () => {
    const server = await startServer(fromSecondRequest(() => {}));
    const poster = startPoster();
    await post(poster, server);
    const busy = post(poster, server);
    await eventually(() => server.received().split('POST').length).toBe(3);

    await poster.close();

    expect(await busy).toMatchObject({ kind: 'failed', reconnected: false });
    expect(server.connections()).toBe(1);
  });

  it('ends open requests and leaves no socket open', async () => {
    const server = await startServer(() => {});
    const poster = startPoster();
    const busy = post(poster, server);
    await eventually(server.received).not.toBe('');

    await poster.close();

    expect(await busy).toMatchObject({ kind: 'failed', error: 'connection_error' });
    await eventually(server.openSockets).toBe(0);
  });
});
