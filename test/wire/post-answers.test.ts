import type { Socket } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it, vi } from 'vitest';

import { deliveryHeaders } from '../../lambdas/shared/wire/headers.ts';
import { createPoster, type Poster, type PostResult } from '../../lambdas/shared/wire/post.ts';
import { generateSecret, sign } from '../../lambdas/shared/wire/sign.ts';
import { startDeafServer } from '../support/deaf-server.ts';
import { testDelivery } from '../support/delivery.ts';
import { trackResources } from '../support/open-resources.ts';
import { type Behaviour, httpAnswer, type RawServer, startRawServer } from '../support/raw-server.ts';

const DEADLINE_MS = 300;
const READ_ALL = { readBody: () => 'all' as const };
const open = trackResources();
afterEach(open.closeAll);
afterEach(() => vi.useRealTimers());

function startPoster(options: { deadlineMs?: number } = {}): Poster {
  return open.add(createPoster({ allowPrivateEndpoints: true, deadlineMs: DEADLINE_MS, ...options }));
}

async function startServer(behave: Behaviour): Promise<RawServer> {
  return open.add(await startRawServer(behave));
}

/** Sends one POST to a server that behaves like this. */
async function postTo(behave: Behaviour, options: { deadlineMs?: number } = {}): Promise<PostResult> {
  const server = await startServer(behave);
  return startPoster(options).post({
    url: urlOf(server),
    headers: { 'X-Test': '1' },
    body: '{}',
    ...READ_ALL,
  });
}

/** Sends one POST to a server that answers with these bytes, then hangs up if told to. */
function postToAnswer(bytes: string | Buffer, then: 'hang up' | 'stay' = 'stay'): Promise<PostResult> {
  return postTo((socket) => (then === 'hang up' ? socket.end(bytes) : socket.write(bytes)));
}

function urlOf(server: RawServer, path = '/hook'): string {
  return `http://127.0.0.1:${server.port}${path}`;
}

/** Writes the same text again and again until the other side hangs up. */
function flood(socket: Socket, text: string): void {
  const more = (): void => {
    if (!socket.destroyed) socket.write(text, () => setImmediate(more));
  };
  more();
}

/** Writes a beginning, and then the same text every 10 ms until the other side hangs up. */
function drip(socket: Socket, first: string, text: string): void {
  socket.write(first);
  const timer = setInterval(() => socket.write(text), 10);
  socket.on('close', () => clearInterval(timer));
}

describe('an ordinary answer', () => {
  it('comes back with its status and body', async () => {
    const result = await postToAnswer(httpAnswer(200, '{"challenge":"ü"}'));

    expect(result).toEqual({
      kind: 'answered',
      status: 200,
      body: '{"challenge":"ü"}',
      bodyCut: false,
      durationMs: expect.any(Number),
      reconnected: false,
    });
  });

  it.each([201, 204, 304, 400, 404, 410, 429, 500, 503])(
    'with status %i is an answer, not a failure',
    async (status) => {
      expect(await postToAnswer(`HTTP/1.1 ${status} X\r\nContent-Length: 0\r\n\r\n`)).toMatchObject({
        kind: 'answered',
        status,
      });
    },
  );

  it('may be chunked, may end with the connection, may come after early hints', async () => {
    const chunked = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\n\r\n';
    const untilEnd = 'HTTP/1.0 200 OK\r\n\r\nabc';
    const hinted = `HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n${httpAnswer(200, 'abc')}`;

    const results = [
      await postToAnswer(chunked),
      await postToAnswer(untilEnd, 'hang up'),
      await postToAnswer(hinted),
    ];

    const expected = { kind: 'answered', status: 200, body: 'abc', bodyCut: false };
    expect(results).toMatchObject([expected, expected, expected]);
  });
});

describe('the request', () => {
  it('is exactly the given headers and body, plus host, length and connection', async () => {
    const server = await startServer((socket) => socket.write(httpAnswer(200)));
    const body = '{"title":"Über 🚀"}';

    await startPoster().post({
      url: urlOf(server, '/a/b?c=d#e'),
      headers: { 'X-Test': '1' },
      body,
      ...READ_ALL,
    });

    expect(Buffer.from(server.received(), 'latin1').toString('utf8')).toBe(
      `POST /a/b?c=d HTTP/1.1\r\nhost: 127.0.0.1:${server.port}\r\nconnection: keep-alive\r\nX-Test: 1\r\n` +
        `content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    );
  });

  it('shows neither secret of a rotation in any form', async () => {
    const server = await startServer((socket) => socket.write(httpAnswer(200)));
    const secrets = [generateSecret(), 'your_webhook_secret'];
    const body = '{"id":"evt_1"}';
    const signed = sign({ secrets, eventId: 'evt_1', timestamp: 1_640_995_200, body });

    const headers = deliveryHeaders(testDelivery(), signed, 1);
    const result = await startPoster().post({ url: urlOf(server), headers, body, ...READ_ALL });

    const seen = server.received() + JSON.stringify(result);
    const forms = secrets.flatMap((secret) => [
      ...[secret, secret.slice('whsec_'.length)],
      ...(['base64', 'base64url', 'hex'] as const).map((encoding) => Buffer.from(secret).toString(encoding)),
      Buffer.from(secret.slice('whsec_'.length), 'base64').toString('hex'),
    ]);
    expect(server.received()).toContain('X-Webhook-Signature-Previous: sha256=');
    expect(forms.filter((form) => seen.toLowerCase().includes(form.toLowerCase()))).toEqual([]);
  });

  it('ignores proxies in the environment', async () => {
    const proxy = await startServer((socket) => socket.write(httpAnswer(502)));
    const server = await startServer((socket) => socket.write(httpAnswer(200)));
    const names = [
      'HTTP_PROXY',
      'http_proxy',
      'HTTPS_PROXY',
      'https_proxy',
      'ALL_PROXY',
      'NODE_USE_ENV_PROXY',
    ];
    for (const name of names)
      process.env[name] = name === 'NODE_USE_ENV_PROXY' ? '1' : `http://127.0.0.1:${proxy.port}`;

    const result = await startPoster().post({ url: urlOf(server), headers: {}, body: '{}', ...READ_ALL });

    for (const name of names) delete process.env[name];
    expect(result).toMatchObject({ kind: 'answered', status: 200 });
    expect(proxy.connections()).toBe(0);
  });

  it("throws for a header that HTTP cannot carry: that is our mistake, not the endpoint's", async () => {
    const server = await startServer((socket) => socket.write(httpAnswer(200)));
    const request = {
      url: urlOf(server),
      headers: { 'X-Test': 'a\r\nX-Injected: b' },
      body: '{}',
      ...READ_ALL,
    };

    await expect(startPoster().post(request)).rejects.toThrow('invalid X-Test header');
    expect(server.received()).toBe('');
  });
});

describe('a redirect', () => {
  it.each([301, 302, 303, 307, 308])('%i is not followed; its Location is handed back', async (status) => {
    const elsewhere = await startServer((socket) => socket.write(httpAnswer(200)));

    const result = await postToAnswer(httpAnswer(status, '', [`Location: ${urlOf(elsewhere)}`]));

    expect(result).toMatchObject({ kind: 'answered', status, location: urlOf(elsewhere) });
    expect(elsewhere.connections()).toBe(0);
  });

  it('loses control characters and what is beyond 2,048 characters', async () => {
    const result = await postToAnswer(httpAnswer(302, '', [`Location: /\t${'a'.repeat(5_000)}`]));

    expect(result).toMatchObject({ kind: 'answered', location: `/${'a'.repeat(2_047)}` });
  });
});

describe('the deadline', () => {
  const answerHead = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n';
  const behaviours: [string, Behaviour][] = [
    ['never answers', () => {}],
    ['sends headers without end, slowly', (socket) => drip(socket, 'HTTP/1.1 200 OK\r\n', 'X-A: b\r\n')],
    ['sends a header byte by byte', (socket) => drip(socket, 'HTTP/1.1 200 OK\r\nX-A: ', 'b')],
    ['sends a body without end, slowly', (socket) => drip(socket, answerHead, '1\r\na\r\n')],
    [
      'promises more than it sends',
      (socket) => drip(socket, 'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc', ''),
    ],
  ];

  it.each(behaviours)('holds for a server that %s, and closes the socket', async (_what, behave) => {
    const server = await startServer(behave);

    const result = await startPoster().post({ url: urlOf(server), headers: {}, body: '{}', ...READ_ALL });

    expect(result).toMatchObject({ kind: 'failed', error: 'timeout' });
    expect(result.durationMs).toBeGreaterThanOrEqual(DEADLINE_MS - 5);
    expect(result.durationMs).toBeLessThan(DEADLINE_MS + 250);
    await expect.poll(server.openSockets).toBe(0);
  });

  it('covers a connection that leads nowhere', async () => {
    const server = open.add(await startDeafServer());

    const result = await startPoster().post({
      url: `http://127.0.0.1:${server.port}/`,
      headers: {},
      body: '{}',
      ...READ_ALL,
    });

    expect(result).toMatchObject({
      error: 'timeout',
      reason: '127.0.0.1: no complete answer within 0.3 s (connecting)',
    });
    expect(result.durationMs).toBeLessThan(DEADLINE_MS + 250);
  });

  it('is 30 s for all that there is', async () => {
    const asked = Promise.withResolvers<void>();
    const server = await startServer(() => asked.resolve());
    const poster = open.add(createPoster({ allowPrivateEndpoints: true }));
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });

    const result = poster.post({ url: urlOf(server), headers: {}, body: '{}', ...READ_ALL });
    await asked.promise;
    vi.advanceTimersByTime(29_999);
    const before = await Promise.race([result, nextTurn('still waiting')]);
    vi.advanceTimersByTime(1);

    expect(before).toBe('still waiting');
    expect(await result).toMatchObject({ error: 'timeout', reason: expect.stringContaining('within 30 s') });
  });

  it('says what it was waiting for', async () => {
    const silent = await postTo(() => {});
    const half = await postTo((socket) => socket.write(answerHead));

    expect([silent, half]).toMatchObject([
      { reason: '127.0.0.1: no complete answer within 0.3 s (waiting for the answer)' },
      { reason: '127.0.0.1: no complete answer within 0.3 s (reading the body of the answer)' },
    ]);
  });

  it('comes early when the caller aborts', async () => {
    const server = await startServer(() => controller.abort());
    const controller = new AbortController();
    const request = { url: urlOf(server), headers: {}, body: '{}', ...READ_ALL, signal: controller.signal };

    const result = await startPoster({ deadlineMs: 60_000 }).post(request);

    expect(result).toMatchObject({
      kind: 'failed',
      error: 'timeout',
      reason: expect.stringContaining('stopped'),
    });
    await expect.poll(server.openSockets).toBe(0);
  });

  it('is over at once for a caller that has aborted already', async () => {
    const server = await startServer((socket) => socket.write(httpAnswer(200)));
    const request = { url: urlOf(server), headers: {}, body: '{}', ...READ_ALL, signal: AbortSignal.abort() };

    const result = await startPoster().post(request);

    expect(result).toMatchObject({ kind: 'failed', error: 'timeout' });
    expect(server.received()).toBe('');
  });
});

describe('too much of an answer', () => {
  const CAP = 16 * 1_024;

  it('is cut after 16 KiB of body, and the status counts', async () => {
    const server = await startServer((socket) => {
      socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n');
      flood(socket, `1000\r\n${'a'.repeat(4_096)}\r\n`);
    });

    const result = await startPoster().post({ url: urlOf(server), headers: {}, body: '{}', ...READ_ALL });

    expect(result).toMatchObject({ kind: 'answered', status: 200, body: 'a'.repeat(CAP), bodyCut: true });
    await expect.poll(server.openSockets).toBe(0);
  });

  it('is cut although it is only a little over 16 KiB', async () => {
    const result = await postToAnswer(httpAnswer(200, 'a'.repeat(CAP + 1)));

    expect(result).toMatchObject({ kind: 'answered', status: 200, body: 'a'.repeat(CAP), bodyCut: true });
  });

  it('begins with the eleventh interim answer', async () => {
    const hints = (count: number): string =>
      'HTTP/1.1 103 Early Hints\r\n\r\n'.repeat(count) + httpAnswer(200);

    expect(await postToAnswer(hints(10))).toMatchObject({ kind: 'answered', status: 200 });
    expect(await postToAnswer(hints(11))).toMatchObject({ kind: 'failed', error: 'protocol_error' });
  });

  it('begins with 16 KiB of headers', async () => {
    const withHeaders = (bytes: number): string => httpAnswer(200, '', [`X-A: ${'b'.repeat(bytes)}`]);

    expect(await postToAnswer(withHeaders(15_000))).toMatchObject({ kind: 'answered', status: 200 });
    expect(await postToAnswer(withHeaders(CAP))).toMatchObject({
      error: 'protocol_error',
      reason: '127.0.0.1: the headers of the answer are too large',
    });
  });

  it('is not cut at exactly 16 KiB', async () => {
    const result = await postToAnswer(httpAnswer(200, 'a'.repeat(CAP)));

    expect(result).toMatchObject({ kind: 'answered', body: 'a'.repeat(CAP), bodyCut: false });
  });

  it('is cut when a Content-Length promises gigabytes', async () => {
    const result = await postTo((socket) => {
      socket.write('HTTP/1.1 500 X\r\nContent-Length: 99999999999\r\n\r\n');
      flood(socket, 'b'.repeat(65_536));
    });

    expect(result).toMatchObject({ kind: 'answered', status: 500, body: 'b'.repeat(CAP), bodyCut: true });
  });

  it('may not hide in the framing of tiny chunks', async () => {
    const result = await postTo((socket) => {
      socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n');
      flood(socket, `1;${'x'.repeat(10_000)}\r\na\r\n`);
    });

    expect(result).toMatchObject({ kind: 'answered', status: 200, bodyCut: true });
    expect(result.durationMs).toBeLessThan(DEADLINE_MS);
  });

  it('stays compressed: a bomb is as small as it arrives', async () => {
    const bomb = gzipSync(Buffer.alloc(10_000_000));

    const result = await postToAnswer(
      Buffer.concat([
        Buffer.from(`HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: ${bomb.length}\r\n\r\n`),
        bomb,
      ]),
    );

    expect(bomb.length).toBeLessThan(CAP);
    expect(result).toMatchObject({
      kind: 'answered',
      status: 200,
      body: bomb.toString('utf8'),
      bodyCut: false,
    });
  });

  it.each([
    ['headers', 'HTTP/1.1 200 OK\r\n', `X-A: ${'b'.repeat(1_000)}\r\n`],
    ['one endless header', 'HTTP/1.1 200 OK\r\nX-A: ', 'b'.repeat(1_000)],
    ['a status line', 'HTTP/1.1 200 ', 'b'.repeat(1_000)],
    ['interim answers', '', 'HTTP/1.1 102 Processing\r\n\r\n'],
    ['early hints', '', `HTTP/1.1 103 Early Hints\r\nLink: ${'b'.repeat(1_000)}\r\n\r\n`],
  ])('in %s fails the attempt as protocol_error, long before the deadline', async (_what, first, again) => {
    const server = await startServer((socket) => {
      socket.write(first);
      flood(socket, again);
    });

    const result = await startPoster({ deadlineMs: 10_000 }).post({
      url: urlOf(server),
      headers: {},
      body: '{}',
      ...READ_ALL,
    });

    expect(result).toMatchObject({ kind: 'failed', error: 'protocol_error' });
    expect(result.durationMs).toBeLessThan(2_000);
    await expect.poll(server.openSockets).toBe(0);
  });
});

describe('what is no HTTP/1.1', () => {
  it.each([
    ['HTTP/0.9', 'hello\n'],
    ['another protocol', 'SSH-2.0-OpenSSH_9.6\r\n'],
    ['an HTTP/2 preface', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
    ['an unknown version', 'HTTP/9.9 200 OK\r\n\r\n'],
    ['a status that is none', 'HTTP/1.1 abc OK\r\n\r\n'],
    ['100 Continue without end', 'HTTP/1.1 100 Continue\r\n\r\n'.repeat(20)],
    [
      'switching protocols',
      'HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n',
    ],
    ['switching without saying to what', 'HTTP/1.1 101 Switching Protocols\r\n\r\n'],
    ['two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab'],
    [
      'a length and chunks',
      'HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    ],
    ['a length that is no number', 'HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n'],
    ['a chunk size that is no number', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n'],
    ['a NUL in a header', 'HTTP/1.1 200 OK\r\nX-A: a\0b\r\nContent-Length: 0\r\n\r\n'],
    ['binary noise', `\u0000\u0001\u0002${'\u00ff'.repeat(100)}`],
  ])('fails the attempt as protocol_error: %s', async (_what, bytes) => {
    expect(await postToAnswer(Buffer.from(bytes, 'latin1'))).toMatchObject({
      kind: 'failed',
      error: 'protocol_error',
    });
  });
});

describe('a connection that breaks', () => {
  it('before an answer is a connection_error', async () => {
    const closed = await postTo((socket) => socket.end());
    const reset = await postTo((socket) => socket.resetAndDestroy());
    const half = await postToAnswer('HTTP/1.1 200 OK\r\nContent-', 'hang up');

    const expected = { kind: 'failed', error: 'connection_error' };
    expect([closed, reset, half]).toMatchObject([expected, expected, expected]);
    expect(reset).toMatchObject({ reason: '127.0.0.1 reset the connection' });
  });

  it('in the middle of the body leaves the status that came before it', async () => {
    const short = await postToAnswer('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc', 'hang up');
    const chunked = await postToAnswer(
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n',
      'hang up',
    );
    const chunkedClosing = await postToAnswer(
      'HTTP/1.1 200 OK\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n',
      'hang up',
    );
    const closing = await postToAnswer(
      'HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 10\r\n\r\nabc',
      'hang up',
    );

    const expected = { kind: 'answered', status: 200, body: 'abc', bodyCut: true };
    expect([short, chunked, chunkedClosing, closing]).toMatchObject([expected, expected, expected, expected]);
  });

  it('cannot be made at all: refused', async () => {
    const server = await startServer(() => {});
    await server.close();

    const result = await startPoster().post({ url: urlOf(server), headers: {}, body: '{}', ...READ_ALL });

    expect(result).toMatchObject({
      kind: 'failed',
      error: 'connection_error',
      reason: '127.0.0.1 refused the connection',
    });
  });
});
