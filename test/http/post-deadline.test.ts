import type { Socket } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { type Behaviour, httpAnswer } from '../../fixtures/raw-server.ts';
import { createPoster } from '../../lambdas/shared/http/post.ts';
import { startNonAcceptingServer } from '../support/non-accepting-server.ts';
import { trackResources } from '../support/open-resources.ts';
import {
  eventually,
  fakeTimeouts,
  postingFor,
  READ_ALL,
  receiveSentBytes,
  SHORT_DEADLINE_MS,
  until,
  urlOf,
} from './support/posting.ts';

const open = trackResources();
afterEach(open.closeAll);
afterEach(() => vi.useRealTimers());
const { startPoster, startServer } = postingFor(open);

const BODY_HEAD = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n';

/** Writes `first`, and then the same text every 10 ms until the other side closes the connection. */
function drip(socket: Socket, first: string, text: string): void {
  socket.write(first);
  const timer = setInterval(() => socket.write(text), 10);
  socket.on('close', () => clearInterval(timer));
}

describe('the deadline', () => {
  const behaviours: [string, Behaviour][] = [
    ['never answers', () => {}],
    ['sends headers without end, slowly', (socket) => drip(socket, 'HTTP/1.1 200 OK\r\n', 'X-A: b\r\n')],
    ['sends a header byte by byte', (socket) => drip(socket, 'HTTP/1.1 200 OK\r\nX-A: ', 'b')],
    ['sends an interim response byte by byte', (socket) => drip(socket, 'HTTP/1.1 100 Continue', 'e')],
    ['sends a body without end, slowly', (socket) => drip(socket, BODY_HEAD, '1\r\na\r\n')],
    [
      'announces a longer body than it sends',
      (socket) => drip(socket, 'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc', ''),
    ],
  ];

  it.each(behaviours)(
    'ends a request to a server that %s, and closes the socket [NET-6]',
    async (_what, behave) => {
      const requested = Promise.withResolvers<void>();
      const server = await startServer((socket, ...request) => {
        behave(socket, ...request);
        requested.resolve();
      });
      const poster = startPoster({ deadlineMs: SHORT_DEADLINE_MS });
      fakeTimeouts();

      const result = poster.post({ url: urlOf(server), headers: {}, body: '{}', ...READ_ALL });
      await requested.promise;
      await receiveSentBytes();
      vi.advanceTimersByTime(SHORT_DEADLINE_MS - 1);
      const before = await Promise.race([result, nextTurn('still waiting')]);
      vi.advanceTimersByTime(1);

      expect(before).toBe('still waiting');
      expect(await result).toMatchObject({ kind: 'failed', error: 'timeout' });
      vi.useRealTimers();
      await eventually(server.openSockets).toBe(0);
    },
  );

  it('includes the time to connect: a connection that is never accepted is a timeout [NET-6, NET-18]', async () => {
    const server = open.add(await startNonAcceptingServer());
    const poster = startPoster({ deadlineMs: SHORT_DEADLINE_MS });
    fakeTimeouts();

    const url = `http://127.0.0.1:${server.port}/`;
    const result = poster.post({ url, headers: {}, body: '{}', ...READ_ALL });
    await until(() => vi.getTimerCount() > 0);
    await receiveSentBytes();
    vi.advanceTimersByTime(SHORT_DEADLINE_MS);

    expect(await result).toMatchObject({
      error: 'timeout',
      reason: '127.0.0.1: no complete answer within 0.3 s (connecting)',
    });
  });

  it('is 30 s for the whole request [NET-6]', async () => {
    const requested = Promise.withResolvers<void>();
    const server = await startServer(() => requested.resolve());
    const poster = open.add(createPoster({ allowPrivateEndpoints: true }));
    fakeTimeouts();

    const result = poster.post({ url: urlOf(server), headers: {}, body: '{}', ...READ_ALL });
    await requested.promise;
    vi.advanceTimersByTime(29_999);
    const before = await Promise.race([result, nextTurn('still waiting')]);
    vi.advanceTimersByTime(1);

    expect(before).toBe('still waiting');
    expect(await result).toMatchObject({ error: 'timeout', reason: expect.stringContaining('within 30 s') });
  });

  it('is reported with the stage of the request [NET-6]', async () => {
    const requested = vi.fn();
    const withoutResponse = await startServer(requested);
    const withoutBody = await startServer((socket) => socket.write(BODY_HEAD));
    const readBody = vi.fn(READ_ALL.readBody);
    const poster = startPoster({ deadlineMs: SHORT_DEADLINE_MS });
    fakeTimeouts();

    const results = [
      poster.post({ url: urlOf(withoutResponse), headers: {}, body: '{}', readBody }),
      poster.post({ url: urlOf(withoutBody), headers: {}, body: '{}', readBody }),
    ];
    await until(() => requested.mock.calls.length === 1 && readBody.mock.calls.length === 1);
    vi.advanceTimersByTime(SHORT_DEADLINE_MS);

    expect(await Promise.all(results)).toMatchObject([
      { reason: '127.0.0.1: no complete answer within 0.3 s (waiting for the answer)' },
      { reason: '127.0.0.1: no complete answer within 0.3 s (reading the body of the answer)' },
    ]);
  });
});

describe('a request that the caller aborts', () => {
  it('ends at once', async () => {
    const controller = new AbortController();
    const server = await startServer(() => controller.abort());
    const request = { url: urlOf(server), headers: {}, body: '{}', signal: controller.signal };

    const result = await startPoster().post({ ...request, ...READ_ALL });

    expect(result).toMatchObject({
      kind: 'failed',
      error: 'timeout',
      reason: expect.stringContaining('stopped'),
    });
    await eventually(server.openSockets).toBe(0);
  });

  it('sends nothing when the signal was already aborted', async () => {
    const server = await startServer((socket) => socket.write(httpAnswer(200)));
    const request = { url: urlOf(server), headers: {}, body: '{}', signal: AbortSignal.abort() };

    const result = await startPoster().post({ ...request, ...READ_ALL });

    expect(result).toMatchObject({ kind: 'failed', error: 'timeout' });
    expect(server.received()).toBe('');
  });
});
