import type { Socket } from 'node:net';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { type Behaviour, httpAnswer, type RawServer } from '../../fixtures/raw-server.ts';
import type { PostRequest, PostResult } from '../../lambdas/shared/http/post.ts';
import { trackResources } from '../support/open-resources.ts';
import {
  eventually,
  fakeTimeouts,
  flood,
  postingFor,
  READ_ALL,
  READ_BEGINNING,
  READ_NOTHING,
  receiveSentBytes,
  until,
  urlOf,
} from './support/posting.ts';

const MAX_BODY_BYTES = 16 * 1_024;
const open = trackResources();
afterEach(open.closeAll);
afterEach(() => vi.useRealTimers());
const { startPoster, startServer } = postingFor(open);

const HEAD = 'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n';

/** A server that sends nothing. A test writes to its sockets. */
async function startSilentServer(): Promise<RawServer & { readonly sockets: readonly Socket[] }> {
  const sockets: Socket[] = [];
  return { ...(await startServer((socket) => sockets.push(socket))), sockets };
}

async function postTo(behave: Behaviour, read: Pick<PostRequest, 'readBody'>): Promise<PostResult> {
  const server = await startServer(behave);
  return startPoster().post({ url: urlOf(server), headers: {}, body: '{}', ...read });
}

describe('readBody', () => {
  it('is called once, with the status of the final response', async () => {
    const readBody = vi.fn(() => 'all' as const);
    const server = await startServer((socket) =>
      socket.write(`HTTP/1.1 100 Continue\r\n\r\n${httpAnswer(404, 'abc')}`),
    );

    await startPoster().post({ url: urlOf(server), headers: {}, body: '{}', readBody });

    expect(readBody.mock.calls).toEqual([[404]]);
  });
});

describe('a request that needs nothing of the body', () => {
  it('has its result when the head is complete, although the body is never sent [NET-12]', async () => {
    expect(await postTo((socket) => socket.write(HEAD), READ_NOTHING)).toMatchObject({
      kind: 'answered',
      status: 200,
      body: '',
      bodyCut: false,
    });
  });

  it.each([
    ['is not HTTP', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n'],
    ['is shorter than its length', `${HEAD}abc`],
    ['is longer than its length', `${HEAD}${'a'.repeat(20)}`],
    ['ends with the connection', 'HTTP/1.1 200 OK\r\n\r\nabc'],
  ])('has the status of a response whose body %s [NET-12]', async (_what, bytes) => {
    expect(await postTo((socket) => socket.end(bytes), READ_NOTHING)).toMatchObject({
      kind: 'answered',
      status: 200,
    });
  });

  it('reuses the connection when the body has ended', async () => {
    const server = await startSilentServer();
    const poster = startPoster();
    const request = { url: urlOf(server), headers: {}, body: '{}', ...READ_NOTHING };
    const first = poster.post(request);
    await eventually(() => server.sockets.length).toBe(1);
    server.sockets[0]?.write(`${HEAD}abc`);
    await first;

    server.sockets[0]?.write('defghij');
    await receiveSentBytes();
    const second = poster.post(request);
    await eventually(() => server.sockets.length).toBe(2);
    server.sockets[1]?.write(httpAnswer(204));

    expect(await second).toMatchObject({ status: 204 });
    expect(server.connections()).toBe(1);
  });

  it('does not send another request on the connection before the body has ended', async () => {
    const server = await startServer((socket, _request, count) =>
      socket.write(server.connections() === 1 && count === 1 ? `${HEAD}abc` : httpAnswer(204)),
    );
    const poster = startPoster();
    const request = { url: urlOf(server), headers: {}, body: '{}', ...READ_NOTHING };

    expect([await poster.post(request), await poster.post(request)]).toMatchObject([
      { status: 200 },
      { status: 204 },
    ]);
    expect(server.connections()).toBe(2);
  });

  it('waits one second for the end of the body, then destroys the connection [NET-12]', async () => {
    const server = await startSilentServer();
    fakeTimeouts();
    const result = startPoster().post({ url: urlOf(server), headers: {}, body: '{}', ...READ_NOTHING });
    await until(() => server.sockets.length === 1);
    server.sockets[0]?.write(`${HEAD}abc`);
    await result;

    vi.advanceTimersByTime(999);
    await receiveSentBytes();
    expect(server.openSockets()).toBe(1);
    vi.advanceTimersByTime(1);

    await until(() => server.openSockets() === 0);
  });

  it('destroys the connection when the body is longer than 16 KiB', async () => {
    const server = await startServer((socket) => {
      socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n');
      flood(socket, `1000\r\n${'a'.repeat(4_096)}\r\n`);
    });

    const result = await startPoster().post({
      url: urlOf(server),
      headers: {},
      body: '{}',
      ...READ_NOTHING,
    });

    expect(result).toMatchObject({ kind: 'answered', status: 200, body: '' });
    await eventually(server.openSockets).toBe(0);
  });
});

describe('a request that needs the beginning of the body', () => {
  it('has its result when the body has ended', async () => {
    expect(await postTo((socket) => socket.write(httpAnswer(500, 'Sorry')), READ_BEGINNING)).toMatchObject({
      status: 500,
      body: 'Sorry',
      bodyCut: false,
    });
  });

  it('waits one second after the head, and returns what was received [NET-12]', async () => {
    const server = await startSilentServer();
    const readBody = vi.fn(READ_BEGINNING.readBody);
    fakeTimeouts();
    const result = startPoster().post({ url: urlOf(server), headers: {}, body: '{}', readBody });
    await until(() => server.sockets.length === 1);
    server.sockets[0]?.write(`${HEAD}abc`);
    await until(() => readBody.mock.calls.length === 1);

    vi.advanceTimersByTime(999);
    expect(await Promise.race([result, nextTurn('still waiting')])).toBe('still waiting');
    vi.advanceTimersByTime(1);

    expect(await result).toMatchObject({ kind: 'answered', status: 200, body: 'abc', bodyCut: true });
    await until(() => server.openSockets() === 0);
  });

  it('has the status, not a timeout, when the deadline is reached within that second', async () => {
    const server = await startServer((socket) => socket.write(`${HEAD}abc`));
    const readBody = vi.fn(READ_BEGINNING.readBody);
    fakeTimeouts();
    const poster = startPoster({ deadlineMs: 500 });
    const result = poster.post({ url: urlOf(server), headers: {}, body: '{}', readBody });
    await until(() => readBody.mock.calls.length === 1);
    await receiveSentBytes();

    vi.advanceTimersByTime(500);

    expect(await result).toMatchObject({ kind: 'answered', status: 200, body: 'abc', bodyCut: true });
  });

  it('has the status when the body is not HTTP or breaks', async () => {
    const chunked = 'HTTP/1.1 500 X\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n';

    const results = [
      await postTo((socket) => socket.write(`${chunked}zz\r\n`), READ_BEGINNING),
      await postTo((socket) => socket.end(chunked), READ_BEGINNING),
    ];

    const expected = { kind: 'answered', status: 500, body: 'abc', bodyCut: true };
    expect(results).toMatchObject([expected, expected]);
  });

  it('has a duration that ends when the head is complete', async () => {
    let isHeadRead = false;
    const server = await startSilentServer();
    const startedAt = performance.now();
    const result = startPoster().post({
      url: urlOf(server),
      headers: {},
      body: '{}',
      readBody: () => {
        isHeadRead = true;
        return 'beginning';
      },
    });
    await eventually(() => server.sockets.length).toBe(1);
    server.sockets[0]?.write(HEAD);
    await eventually(() => isHeadRead).toBe(true);
    const elapsedMs = performance.now() - startedAt;
    await sleep(50);
    server.sockets[0]?.write('abcdefghij');

    expect(await result).toMatchObject({ body: 'abcdefghij', bodyCut: false });
    expect((await result).durationMs).toBeLessThanOrEqual(Math.ceil(elapsedMs));
  });
});

describe('a request that needs all of the body', () => {
  it('waits longer than a second for it', async () => {
    const server = await startSilentServer();
    fakeTimeouts();
    const result = startPoster().post({ url: urlOf(server), headers: {}, body: '{}', ...READ_ALL });
    await until(() => server.sockets.length === 1);
    server.sockets[0]?.write(`${HEAD}abc`);
    await receiveSentBytes();
    vi.advanceTimersByTime(10_000);
    await receiveSentBytes();
    server.sockets[0]?.write('defghij');

    expect(await result).toMatchObject({ status: 200, body: 'abcdefghij', bodyCut: false });
  });

  it('fails as a timeout when the body does not end before the deadline [NET-12]', async () => {
    const server = await startServer((socket) => socket.write(`${HEAD}abc`));
    const readBody = vi.fn(READ_ALL.readBody);
    fakeTimeouts();
    const result = startPoster({ deadlineMs: 30_000 }).post({
      url: urlOf(server),
      headers: {},
      body: '{}',
      readBody,
    });
    await until(() => readBody.mock.calls.length === 1);

    vi.advanceTimersByTime(30_000);

    expect(await result).toMatchObject({
      kind: 'failed',
      error: 'timeout',
      reason: '127.0.0.1: no complete answer within 30 s (reading the body of the answer)',
    });
    await until(() => server.openSockets() === 0);
  });

  it('fails as protocol_error when the body is not HTTP', async () => {
    const bytes = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n';

    expect(await postTo((socket) => socket.write(bytes), READ_ALL)).toMatchObject({
      kind: 'failed',
      error: 'protocol_error',
    });
  });
});

describe('the body in a result', () => {
  it('does not start with a byte order mark, so that JSON.parse accepts it', async () => {
    const json = '{"challenge":"ü"}';

    const result = await postTo((socket) => socket.write(httpAnswer(200, `\uFEFF${json}`)), READ_ALL);

    expect(result).toMatchObject({ body: json, bodyCut: false });
  });

  it('may contain a byte order mark in other places', async () => {
    const result = await postTo((socket) => socket.write(httpAnswer(200, '\uFEFFa\uFEFF')), READ_ALL);

    expect(result).toMatchObject({ body: 'a\uFEFF' });
  });

  it('does not end with an incomplete character when it is cut', async () => {
    const text = `${'a'.repeat(MAX_BODY_BYTES - 1)}ü`;

    const result = await postTo((socket) => socket.write(httpAnswer(200, text)), READ_ALL);

    expect(result).toMatchObject({ body: 'a'.repeat(MAX_BODY_BYTES - 1), bodyCut: true });
  });
});

describe('the end of a batch', () => {
  it('destroys the connections whose body has not ended [NET-12]', async () => {
    const server = await startServer((socket) => socket.write(`${HEAD}abc`));
    const poster = startPoster();
    const request = { url: urlOf(server), headers: {}, body: '{}', ...READ_NOTHING };
    // Otherwise the connections would be destroyed after one second in any case.
    fakeTimeouts();
    await Promise.all([poster.post(request), poster.post(request)]);
    expect(server.openSockets()).toBe(2);

    poster.endBatch();

    await until(() => server.openSockets() === 0);
  });

  it('does not close idle connections', async () => {
    const server = await startServer((socket) => socket.write(httpAnswer(200)));
    const poster = startPoster();
    const request = { url: urlOf(server), headers: {}, body: '{}', ...READ_NOTHING };

    await poster.post(request);
    poster.endBatch();
    await poster.post(request);

    expect(server.connections()).toBe(1);
  });

  it('does not end a request without a result', async () => {
    const server = await startSilentServer();
    const poster = startPoster();
    const result = poster.post({ url: urlOf(server), headers: {}, body: '{}', ...READ_ALL });
    await eventually(() => server.sockets.length).toBe(1);

    poster.endBatch();
    server.sockets[0]?.write(httpAnswer(200, 'abc'));

    expect(await result).toMatchObject({ status: 200, body: 'abc' });
  });
});
