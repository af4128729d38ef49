import type { Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { issueCertificate } from '../../fixtures/certificates.ts';
import type { Behaviour } from '../../fixtures/raw-server.ts';
import type { PostResult } from '../../lambdas/shared/http/post.ts';
import { trackResources } from '../support/open-resources.ts';
import { postingFor, READ_ALL, READ_BEGINNING, READ_NOTHING, urlOf } from './support/posting.ts';
import { startRefusingServer } from './support/refusing-server.ts';

const open = trackResources();
afterEach(open.closeAll);
const { startPoster, startServer } = postingFor(open);

const STATUS_LINE = 'HTTP/1.1 200 OK\r\n';
const ANSWER = `${STATUS_LINE}Content-Length: 3\r\n\r\nabc`;

/** Sends two POSTs, one after the other, to a server that answers with these bytes. */
async function postTwice(bytes: string | Buffer): Promise<{ results: PostResult[]; connections: number }> {
  const server = await startServer((socket) => socket.write(bytes));
  const poster = startPoster();
  const request = { url: urlOf(server), headers: {}, body: '{}', ...READ_ALL };
  const results = [await poster.post(request), await poster.post(request)];
  return { results, connections: server.connections() };
}

async function postToEnding(behave: Behaviour, read: object = READ_ALL): Promise<PostResult> {
  const server = await startServer(behave);
  return startPoster().post({ url: urlOf(server), headers: {}, body: '{}', ...READ_ALL, ...read });
}

describe('an unusual response that HTTP/1.1 allows', () => {
  const lines = (...headers: string[]): string => [...headers, 'Content-Length: 3', '', 'abc'].join('\r\n');
  const chunked = (...rest: string[]): string =>
    [`HTTP/1.1 200 OK`, 'Transfer-Encoding: chunked', ...rest].join('\r\n');

  it.each([
    ['trailers', chunked('Trailer: X-T', '', '3', 'abc', '0', 'X-T: y', '', '')],
    ['chunk extensions', chunked('', '3;a=b;c="d"', 'abc', '0;last', '', '')],
    ['chunk sizes with leading zeros', chunked('', '0003', 'abc', '000', '', '')],
    ['header names in mixed case', 'HTTP/1.1 200 OK\r\ncOnTeNt-LeNgTh: 3\r\n\r\nabc'],
    ['values in mixed case', 'HTTP/1.1 200 OK\r\nTRANSFER-ENCODING: Chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n'],
    ['white space around a length', 'HTTP/1.1 200 OK\r\nContent-Length: \t 3 \t\r\n\r\nabc'],
    ['no white space before a value', 'HTTP/1.1 200 OK\r\nContent-Length:3\r\n\r\nabc'],
    ['a folded header', lines('HTTP/1.1 200 OK', 'X-A: b', '  c', '\td')],
    ['a folded length', 'HTTP/1.1 200 OK\r\nContent-Length:\r\n 3\r\n\r\nabc'],
    ['line ends without CR', 'HTTP/1.1 200 OK\nX-A: b\nContent-Length: 3\n\nabc'],
    ['mixed line ends', 'HTTP/1.1 200 OK\r\nX-A: b\nContent-Length: 3\n\r\nabc'],
    ['the same length twice', lines('HTTP/1.1 200 OK', 'Content-Length: 3')],
    ['the same length twice in mixed case', lines('HTTP/1.1 200 OK', 'content-LENGTH:   3')],
    ['no reason phrase', lines('HTTP/1.1 200')],
    ['an empty reason phrase', lines('HTTP/1.1 200 ')],
    ['a reason phrase in UTF-8', lines('HTTP/1.1 200 Größe')],
    ['an empty value', lines('HTTP/1.1 200 OK', 'X-A:')],
    ['a value in UTF-8', lines('HTTP/1.1 200 OK', 'X-A: Größe')],
    ['a value in Latin-1', Buffer.from(lines('HTTP/1.1 200 OK', 'X-A: Größe'), 'latin1')],
    ['line breaks before it', `\r\n\r\n${ANSWER}`],
    ['200 headers', lines('HTTP/1.1 200 OK', ...Array.from({ length: 200 }, (_, n) => `X-${n}: b`))],
    ['an offer to upgrade', lines('HTTP/1.1 200 OK', 'Upgrade: h2,h2c', 'Connection: Upgrade, Keep-Alive')],
    ['keep-alive in HTTP/1.0', lines('HTTP/1.0 200 OK', 'Connection: keep-alive')],
    [
      'a coding besides chunked',
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n',
    ],
  ])('is accepted, and its connection is reused: %s [NET-11]', async (_what, bytes) => {
    const { results, connections } = await postTwice(bytes);

    const expected = { kind: 'answered', status: 200, body: 'abc', bodyCut: false, reconnected: false };
    expect(results).toMatchObject([expected, expected]);
    expect(connections).toBe(1);
  });

  it.each([
    [205, `HTTP/1.1 205 Reset Content\r\nContent-Length: 0\r\n\r\n`],
    [304, 'HTTP/1.1 304 Not Modified\r\n\r\n'],
    [204, 'HTTP/1.1 204 No Content\r\n\r\n'],
    [200, 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n'],
    [
      426,
      'HTTP/1.1 426 Upgrade Required\r\nUpgrade: TLS/1.3\r\nConnection: Upgrade\r\nContent-Length: 0\r\n\r\n',
    ],
    [600, 'HTTP/1.1 600 Custom\r\nContent-Length: 0\r\n\r\n'],
    [999, 'HTTP/1.1 999 Custom\r\nContent-Length: 0\r\n\r\n'],
  ])('is accepted without a body: %i', async (status, bytes) => {
    const { results, connections } = await postTwice(bytes);

    const expected = { kind: 'answered', status, body: '', bodyCut: false };
    expect(results).toMatchObject([expected, expected]);
    expect(connections).toBe(1);
  });

  it.each([
    ['Connection: close', `${STATUS_LINE}Connection: close\r\nContent-Length: 3\r\n\r\nabc`, 200, 'abc'],
    ['close in a list', `${STATUS_LINE}Connection: X, Close\r\nContent-Length: 3\r\n\r\nabc`, 200, 'abc'],
    ['HTTP/1.0', 'HTTP/1.0 200 OK\r\nContent-Length: 3\r\n\r\nabc', 200, 'abc'],
    [
      'a keep-alive that ends soon',
      `${STATUS_LINE}Keep-Alive: timeout=1\r\nContent-Length: 3\r\n\r\nabc`,
      200,
      'abc',
    ],
    ['204 with a body', 'HTTP/1.1 204 X\r\nContent-Length: 3\r\n\r\nabc', 204, ''],
    ['204 with chunks', 'HTTP/1.1 204 X\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n', 204, ''],
    [
      '304 with the length of a body that it does not send',
      'HTTP/1.1 304 X\r\nContent-Length: 300\r\n\r\n',
      304,
      '',
    ],
  ])('is accepted, and its connection is destroyed: %s [NET-11]', async (_what, bytes, status, body) => {
    const { results, connections } = await postTwice(bytes);

    const expected = { kind: 'answered', status, body, bodyCut: false, reconnected: false };
    expect(results).toMatchObject([expected, expected]);
    expect(connections).toBe(2);
  });

  it.each([
    ['no length', `${STATUS_LINE}\r\nabc`],
    ['the coding "identity"', `${STATUS_LINE}Transfer-Encoding: identity\r\n\r\nabc`],
    ['a coding that is not chunked', `${STATUS_LINE}Transfer-Encoding: gzip\r\n\r\nabc`],
    ['205 without a length', 'HTTP/1.1 205 X\r\n\r\nabc'],
  ])('has a body that ends with the connection: %s [NET-11]', async (_what, bytes) => {
    expect(await postToEnding((socket) => socket.end(bytes))).toMatchObject({
      kind: 'answered',
      body: 'abc',
      bodyCut: false,
    });
    // The status is known before the connection ends.
    expect(await postToEnding((socket) => socket.write(bytes), READ_NOTHING)).toMatchObject({
      kind: 'answered',
      body: '',
    });
  });

  it('may have a folded Location', async () => {
    const bytes = 'HTTP/1.1 302 Found\r\nLocation: https://example.com/\r\n  a\r\nContent-Length: 0\r\n\r\n';

    expect(await postToEnding((socket) => socket.write(bytes))).toMatchObject({
      status: 302,
      location: 'https://example.com/ a',
    });
  });
});

describe('a response that is sent before the whole request was read', () => {
  const LARGE = JSON.stringify({ data: 'x'.repeat(2_000_000) });
  /** Larger than the buffers of two sockets. */
  const HUGE = JSON.stringify({ data: 'x'.repeat(24_000_000) });
  const closing = 'HTTP/1.1 413 Content Too Large\r\nConnection: close\r\nContent-Length: 3\r\n\r\nabc';
  const keeping = 'HTTP/1.1 413 Content Too Large\r\nContent-Length: 3\r\n\r\nabc';
  const expected = { kind: 'answered', status: 413, body: 'abc' };

  const THEN = {
    resets: (socket: Socket) => socket.resetAndDestroy(),
    closes: (socket: Socket) => socket.destroy(),
    keeps: () => {},
  };

  it.each([
    ['resets', 'http', 'Connection: close', closing],
    ['closes', 'http', 'Connection: close', closing],
    ['keeps', 'http', 'Connection: close', closing],
    ['closes', 'https', 'Connection: close', closing],
    ['keeps', 'https', 'Connection: close', closing],
    ['resets', 'http', 'no Connection header', keeping],
    ['closes', 'http', 'no Connection header', keeping],
    ['closes', 'https', 'no Connection header', keeping],
  ] as const)(
    'is accepted when the endpoint then %s the %s connection, with %s [NET-13]',
    async (then, scheme, _what, bytes) => {
      const certificate = issueCertificate({ name: 'localhost', hosts: ['localhost'] });
      const tls = scheme === 'https' ? certificate : undefined;
      const server = open.add(await startRefusingServer(bytes, THEN[then], tls));
      const poster = startPoster({ tls: { ca: certificate.cert } });
      const request = { url: `${scheme}://localhost:${server.port}/`, headers: {}, body: LARGE };

      for (let i = 0; i < 5; i++)
        expect(await poster.post({ ...request, ...READ_BEGINNING })).toMatchObject(expected);
    },
  );

  it('prevents the reuse of the connection while a part of the request is not written [NET-13]', async () => {
    const server = open.add(await startRefusingServer(keeping, THEN.keeps));
    const poster = startPoster();
    const request = { url: `http://127.0.0.1:${server.port}/`, headers: {}, body: HUGE };

    for (let i = 0; i < 2; i++)
      expect(await poster.post({ ...request, ...READ_BEGINNING })).toMatchObject(expected);

    expect(server.connections()).toBe(2);
  });
});
